import { useQuery } from "@tanstack/react-query";
import { ExternalLink, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { isProblem, type Problem } from "@rapport/core/api/problem";
import { addressText, type OngoingRef, type Sender } from "@rapport/core/api/outbound";
import type { Contact, Priority } from "@rapport/core/api/types";
import { priorityNames, stateNames } from "@rapport/core/format";
import { clientId } from "@rapport/core/id";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Field, Input, Select, Textarea } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { useCommands } from "@/lib/commands";
import { closeDialog, desk } from "@/lib/desk-state";
import { drafts } from "@/lib/drafts";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { Loaded } from "@/lib/page";
import { Picker } from "@/lib/picker";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";
import { type Recipient, RecipientField } from "./recipient-field";

/** Opens on the command "New conversation" (S3-20). */
export function NewConversation() {
  const open = useStore(desk, (state) => state.dialog === "new-conversation");
  return open ? <NewDialog /> : null;
}

/** What is written survives closing the dialog, as drafts do. */
const DRAFT = "new";
const states = ["open", "pending", "solved"] as const;
const priorities: Priority[] = ["low", "normal", "high", "urgent"];

const keyOf = (sender: Sender) => `${sender.queue.id} ${sender.inbox.id}`;

function NewDialog() {
  const { api } = useBackend();
  const senders = useQuery(queries.senders(api));
  if (senders.data) return <NewForm senders={senders.data.items} chosen={senders.data.chosen} />;
  return (
    <Dialog open onOpenChange={closeDialog} title={t("New conversation")} size="lg">
      <Loaded query={senders} what={t("the inboxes")}>
        {() => null}
      </Loaded>
    </Dialog>
  );
}

function NewForm({ senders, chosen }: { senders: readonly Sender[]; chosen: string | undefined }) {
  const backend = useBackend();
  const { context } = useCommands();
  const [from, setFrom] = useState(() => {
    const first = senders.find((one) => one.inbox.id === chosen);
    return first ? keyOf(first) : undefined;
  });
  const [recipient, setRecipient] = useState<Recipient>();
  const [name, setName] = useState("");
  const [body, setBody] = useState(() => drafts.read(DRAFT, "message"));
  const [state, setState] = useState<(typeof states)[number]>("open");
  const [priority, setPriority] = useState<Priority>("normal");
  const [refusal, setRefusal] = useState<Problem>();
  // The same id for the same text: a repeat after a lost answer begins nothing twice.
  const id = useRef(clientId());
  const sender = senders.find((one) => keyOf(one) === from);

  useEffect(() => {
    drafts.write(DRAFT, "message", body);
  }, [body]);

  function changed(): void {
    id.current = clientId();
    setRefusal(undefined);
  }

  const form = useSubmission(["inbox_id", "address", "point", "body", "name", "contact_id"], async () => {
    if (!sender || !recipient) return;
    try {
      const { conversation } = await backend.api.outbound.begin({
        inbox_id: sender.inbox.id,
        queue_id: sender.queue.id,
        ...(recipient.contact ? { contact_id: recipient.contact.id } : {}),
        ...(recipient.point ? { to: { kind: recipient.point.kind, address: recipient.point.address } } : recipient.typed ? { to: { address: recipient.typed } } : {}),
        ...(name.trim() && !recipient.contact ? { name: name.trim() } : {}),
        body: body.trim(),
        state,
        priority,
        client_id: id.current,
      });
      drafts.write(DRAFT, "message", "");
      backend.put(conversation);
      closeDialog();
      toast(t("Sent to {{contact_name}}", { contact_name: conversation.contact_name }));
      context.go.open(conversation.id);
    } catch (error) {
      const held = isProblem(error) && ["ongoing", "ongoing_with_other", "ongoing_out_of_sight"].includes(error.code);
      if (!held) throw error;
      setRefusal(error);
    }
  });

  return (
    <FormDialog
      form={form}
      title={t("New conversation")}
      description={t("You write first; the conversation is yours.")}
      submit={t("Send")}
      blocked={!sender || !recipient || body.trim() === "" || refusal !== undefined}
      size="lg"
      onClose={closeDialog}
      className="gap-3.5"
    >
      <Field label={t("From")} error={form.of("inbox_id")} help={sender ? t("The conversation will be in {{queue}}.", { queue: sender.queue.name }) : undefined}>
        <Picker
          label={t("From")}
          triggerClassName="h-8 w-full border border-control/60 bg-surface px-2.5 text-sm hover:border-control"
          trigger={sender ? sender.inbox.name : <span className="text-ink-muted">{t("Choose an inbox")}</span>}
          options={senders.map((one) => ({
            value: keyOf(one),
            label: one.inbox.name,
            detail: one.default_in?.length ? t("Default in {{queues}}", { queues: one.default_in.map((queue) => queue.name).join(", ") }) : undefined,
            group: one.queue.name,
          }))}
          value={from}
          empty={t("There is no inbox that you could write from. An admin can add one, or make you a member of a queue.")}
          onChange={(next) => {
            setFrom(next);
            if (recipient?.point) setRecipient(undefined);
            changed();
          }}
        />
      </Field>
      <RecipientField
        inbox={sender?.inbox.id}
        visitors={sender?.begins === "visitor"}
        value={recipient}
        error={form.of("address") ?? form.of("point") ?? form.of("contact_id")}
        onChange={(next) => {
          setRecipient(next);
          changed();
        }}
      />
      {recipient && !recipient.contact ? (
        <Field label={t("Name")} help={t("If you know it. The address is new here.")} error={form.of("name")}>
          <Input
            value={name}
            maxLength={120}
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
        </Field>
      ) : null}
      {recipient?.contact && recipient.contact.points.length > 1 ? (
        <Addresses
          contact={recipient.contact}
          value={recipient.point?.address}
          onChange={(address) => {
            const point = recipient.contact?.points.find((one) => one.address === address);
            if (point) setRecipient({ ...recipient, point });
            changed();
          }}
        />
      ) : null}
      <Field label={t("Message")} error={form.of("body")}>
        <Textarea
          rows={5}
          required
          value={body}
          onChange={(event) => {
            setBody(event.target.value);
            changed();
          }}
        />
      </Field>
      <div className="grid gap-3.5 sm:grid-cols-2">
        <Field label={t("Status")}>
          <Select
            value={state}
            onChange={(event) => {
              setState(event.target.value as (typeof states)[number]);
            }}
          >
            {states.map((one) => (
              <option key={one} value={one}>
                {stateNames[one]}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("Priority")}>
          <Select
            value={priority}
            onChange={(event) => {
              setPriority(event.target.value as Priority);
            }}
          >
            {priorities.map((one) => (
              <option key={one} value={one}>
                {priorityNames[one]}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {refusal ? <Ongoing refusal={refusal} body={body} /> : null}
    </FormDialog>
  );
}

function Addresses({ contact, value, onChange }: { contact: Contact; value: string | undefined; onChange: (address: string) => void }) {
  return (
    <Field label={t("Address")}>
      <Select
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        {contact.points.map((one) => (
          <option key={one.address} value={one.address}>
            {addressText(one) || t("Their browser")}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** What there is already, and what can be done (S3-26): open one's own or a free one with the text kept; wait for a colleague's. */
function Ongoing({ refusal, body }: { refusal: Problem; body: string }) {
  const { context } = useCommands();
  const conversation = refusal.document["conversation"] as OngoingRef | undefined;
  const mine = refusal.code === "ongoing";
  const hints: ReactNode[] = mine
    ? []
    : [
        t("Ask to have it transferred to you."),
        t("Ask the colleague to send your message; your text is kept here."),
        t("Wait until the conversation is closed."),
      ];
  return (
    <section role="alert" aria-label={t("There is a conversation already")} className="grid gap-2 rounded-md bg-warning-soft px-3 py-2.5 text-sm">
      <p className="flex items-start gap-2">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
        <span>{refusal.message}</span>
      </p>
      {conversation?.last_text ? <p className="truncate ps-6 text-xs text-ink-muted">{conversation.last_text}</p> : null}
      {hints.length > 0 && refusal.code === "ongoing_with_other" ? (
        <ul className="list-disc ps-10 text-xs">
          {hints.map((hint, n) => (
            <li key={n}>{hint}</li>
          ))}
        </ul>
      ) : null}
      {conversation ? (
        <div className="ps-6">
          <Button
            size="sm"
            onClick={() => {
              if (mine) {
                const held = drafts.read(conversation.id, "message");
                drafts.write(conversation.id, "message", held ? `${held}\n${body.trim()}` : body.trim());
                drafts.write(DRAFT, "message", "");
              }
              closeDialog();
              context.go.open(conversation.id);
            }}
          >
            <ExternalLink aria-hidden />
            {mine ? t("Open it and go on there") : t("Open it")}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
