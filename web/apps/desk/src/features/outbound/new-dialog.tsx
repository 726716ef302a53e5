import { useQuery } from "@tanstack/react-query";
import { ExternalLink, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { isProblem, type Problem } from "@rapport/core/api/problem";
import { addressText, type OngoingRef, type Sender } from "@rapport/core/api/outbound";
import type { Effects, Form, Macro, MacroFilling } from "@rapport/core/api/texts";
import type { Contact, Priority } from "@rapport/core/api/types";
import { priorityNames, stateNames } from "@rapport/core/format";
import { clientId } from "@rapport/core/id";
import { blanksOf, type NewDraft, prefill } from "@rapport/core/texts";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Field, Input, Select } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { moveCarried } from "@/lib/carried";
import { useCommands } from "@/lib/commands";
import { closeDialog, desk } from "@/lib/desk-state";
import { drafts } from "@/lib/drafts";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { LengthLine } from "@/lib/length-line";
import { Loaded } from "@/lib/page";
import { Picker } from "@/lib/picker";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";
import { type Chosen, TemplatePanel, whyShut } from "@/lib/template-panel";
import { FilesField, useFiles } from "./new-files";
import { MessageField } from "./message-field";
import { FormPart, useForms } from "./new-form";
import { type AppliedMacro, MacroButton, MacroNotice } from "./new-macro";
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

/** What a macro had not filled in yet, and where the conversation was to be sent from. */
interface Before {
  draft: NewDraft;
  from: string | undefined;
}

function NewForm({ senders, chosen }: { senders: readonly Sender[]; chosen: string | undefined }) {
  const backend = useBackend();
  const { api, uploads } = backend;
  const { context } = useCommands();
  const [from, setFrom] = useState(() => {
    const first = senders.find((one) => one.inbox.id === chosen);
    return first ? keyOf(first) : undefined;
  });
  const [recipient, setRecipient] = useState<Recipient>();
  const [name, setName] = useState("");
  const [draft, setDraft] = useState<NewDraft>(() => ({ body: drafts.read(DRAFT, "message"), state: "open", priority: "normal" }));
  const [applied, setApplied] = useState<AppliedMacro & { before: Before }>();
  const [template, setTemplate] = useState<Chosen>();
  const [refusal, setRefusal] = useState<Problem>();
  // The same id for the same text: a repeat after a lost answer begins nothing twice.
  const id = useRef(clientId());
  const sender = senders.find((one) => keyOf(one) === from);
  const body = draft.body ?? "";
  const { forms, form: shownForm } = useForms(draft.form_id, sender?.queue.id);
  const files = useFiles(sender?.inbox, body.trim());
  const writing = useQuery({ ...queries.writingWindow(api, sender?.inbox.id ?? "", recipient?.contact?.id ?? ""), enabled: sender !== undefined && recipient !== undefined }).data?.window;
  const shut = recipient !== undefined && writing !== undefined && !writing.open;
  const templates = useQuery({ ...queries.messageTemplates(api, sender?.inbox.id ?? "", true), enabled: shut }).data ?? [];
  const use = shut && template && templates.some((one) => one.id === template.template.id) ? template : undefined;

  useEffect(() => {
    drafts.write(DRAFT, "message", body);
  }, [body]);

  function changed(): void {
    id.current = clientId();
    setRefusal(undefined);
  }

  function set(change: NewDraft): void {
    setDraft({ ...draft, ...change });
    changed();
  }

  function fill(macro: Macro, { effects, set: shown }: MacroFilling): void {
    const start = applied ? { ...draft, ...applied.before.draft } : draft;
    const was = applied ? applied.before.from : from;
    const { draft: next, before } = prefill<NewDraft>(start, fitting(effects));
    const wanted = senderOf(senders, effects, senders.find((one) => keyOf(one) === was));
    setDraft(next);
    if (wanted) setFrom(keyOf(wanted));
    const hints = effects.inbox_id && wanted?.inbox.id !== effects.inbox_id ? [t("It would send from another inbox, which you cannot write from.")] : [];
    setApplied({ macro, set: shown, hints, before: { draft: before, from: was } });
    changed();
  }

  function takeOff(): void {
    if (!applied) return;
    setDraft({ ...draft, ...applied.before.draft });
    setFrom(applied.before.from);
    setApplied(undefined);
    changed();
  }

  /** What was written goes on in a conversation, with all that it carries. */
  function goOnIn(conversation: string): void {
    const held = drafts.read(conversation, "message");
    drafts.write(conversation, "message", [held, body.trim()].filter(Boolean).join("\n"));
    drafts.write(DRAFT, "message", "");
    moveCarried(uploads, files.scope, conversation);
  }

  const inForm = shownForm?.fields.map((field) => `fields.${field.name}`) ?? [];
  const form = useSubmission(["inbox_id", "address", "point", "body", "name", "contact_id", "form_id", ...inForm], async () => {
    if (!sender || !recipient) return;
    const carried = use ? [] : uploads.take(files.scope);
    try {
      const { conversation } = await api.outbound.begin({
        inbox_id: sender.inbox.id,
        queue_id: sender.queue.id,
        ...(recipient.contact ? { contact_id: recipient.contact.id } : {}),
        ...(recipient.point ? { to: { kind: recipient.point.kind, address: recipient.point.address } } : recipient.typed ? { to: { address: recipient.typed } } : {}),
        ...(name.trim() && !recipient.contact ? { name: name.trim() } : {}),
        body: use ? "" : body.trim(),
        ...(use ? { template: { id: use.template.id, values: use.values } } : {}),
        ...noted(draft, shownForm),
        ...handing(draft, sender),
        ...(applied ? { macro_id: applied.macro.id } : {}),
        ...(carried.length > 0 ? { files: carried.map((file) => file.id) } : {}),
        client_id: id.current,
      });
      // The template comes first; what was written waits for the answer (S3-51).
      if (use) goOnIn(conversation.id);
      else drafts.write(DRAFT, "message", "");
      backend.put(conversation);
      closeDialog();
      toast(t("Sent to {{contact_name}}", { contact_name: conversation.contact_name }));
      context.go.open(conversation.id);
    } catch (error) {
      uploads.putBack(files.scope, carried);
      const held = isProblem(error) && ["ongoing", "ongoing_with_other", "ongoing_out_of_sight"].includes(error.code);
      if (!held) throw error;
      setRefusal(error);
    }
  });

  const blanks = shut ? [] : blanksOf(body);
  let hold: string | undefined;
  if (shut && !use) hold = t("Only an approved template can be sent now.");
  else if (use?.template.variables.some((one) => !use.values[one.name]?.trim())) hold = t("Fill in every variable of the template first.");
  else if (blanks.length > 0) hold = t("Fill in the open fields first: {{names}}", { names: [...new Set(blanks.map((one) => one.name))].join(", ") });
  else if (!shut) hold = files.hold;

  return (
    <FormDialog
      form={form}
      title={t("New conversation")}
      description={t("You write first; the conversation is yours.")}
      submit={t("Send")}
      blocked={!sender || !recipient || (!use && body.trim() === "" && files.files.length === 0) || hold !== undefined || refusal !== undefined}
      size="lg"
      onClose={closeDialog}
      lost={t("The message is kept for the next time, the rest is not.")}
      className="gap-3.5"
    >
      {applied ? <MacroNotice applied={shut && draft.body ? { ...applied, hints: [...applied.hints, t("At the moment its text cannot be sent. It will be in the reply box once the conversation has begun.")] } : applied} onOff={takeOff} /> : null}
      <MacroButton queue={sender?.queue.id} inbox={sender?.inbox.id} contact={recipient?.contact?.id} onFilled={fill} />
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
      {shut ? (
        <TemplatePanel
          templates={templates}
          chosen={use}
          onChosen={(next) => {
            setTemplate(next);
            changed();
          }}
          why={whyShut(writing, recipient.label)}
          onClose={undefined}
        />
      ) : (
        <>
          <MessageField
            key={`${recipient?.contact?.id} ${from}`} // texts are filled in for them
            value={body}
            onChange={(text) => {
              set({ body: text });
            }}
            error={form.of("body")}
            contact={recipient?.contact?.id}
            queue={sender?.queue.id}
            inbox={sender?.inbox.id}
          />
          {files.textLength ? <LengthLine length={files.textLength} /> : null}
          <FilesField {...files} />
        </>
      )}
      <div className="grid gap-3.5 sm:grid-cols-2">
        <Field label={t("Status")}>
          <Select
            value={draft.state ?? "open"}
            onChange={(event) => {
              set({ state: event.target.value as (typeof states)[number] });
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
            value={draft.priority ?? "normal"}
            onChange={(event) => {
              set({ priority: event.target.value as Priority });
            }}
          >
            {priorities.map((one) => (
              <option key={one} value={one}>
                {priorityNames[one]}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("Topic")}>
          <Input
            value={draft.topic ?? ""}
            maxLength={200}
            onChange={(event) => {
              set({ topic: event.target.value });
            }}
          />
        </Field>
      </div>
      <FormPart
        forms={forms}
        form={shownForm}
        chosen={draft.form_id}
        values={draft.fields ?? {}}
        errorOf={form.of}
        onForm={(form_id) => {
          set({ form_id });
        }}
        onValues={(fields) => {
          set({ fields });
        }}
      />
      {hold && recipient ? (
        <p role="status" className="text-xs text-ink-muted">
          {hold}
        </p>
      ) : null}
      {refusal ? <Ongoing refusal={refusal} onGoOn={goOnIn} /> : null}
    </FormDialog>
  );
}

/** Effects as a new conversation takes them: where it is sent from is chosen apart. */
function fitting(effects: Effects): Effects {
  const { inbox_id: _inbox, ...rest } = effects;
  return rest;
}

/** What to send from, if a macro says where from, or in which queue. */
function senderOf(senders: readonly Sender[], effects: Effects, now: Sender | undefined): Sender | undefined {
  if (!effects.inbox_id && !effects.queue_id) return now;
  const inbox = effects.inbox_id ?? now?.inbox.id;
  const queue = effects.queue_id ?? now?.queue.id;
  return (
    senders.find((one) => one.inbox.id === inbox && one.queue.id === queue) ??
    (effects.inbox_id ? senders.find((one) => one.inbox.id === inbox) : senders.find((one) => one.queue.id === queue && one.inbox.id === inbox)) ??
    now
  );
}

/** What is noted of the conversation, without what is empty: but a default that was taken out is not to be filled in. */
function noted(draft: NewDraft, form: Form | undefined) {
  const { topic, summary, form_id, fields, add_tags, disposition_id, note, state, priority } = draft;
  const filled = Object.entries(fields ?? {}).filter(([name, value]) => value !== "" || form?.fields.some((field) => field.name === name && field.default));
  return {
    ...(state && state !== "closed" ? { state } : {}),
    ...(priority ? { priority } : {}),
    ...(topic?.trim() ? { topic: topic.trim() } : {}),
    ...(summary ? { summary } : {}),
    ...(form_id ? { form_id } : {}),
    ...(filled.length > 0 ? { fields: Object.fromEntries(filled) } : {}),
    ...(add_tags?.length ? { tags: add_tags } : {}),
    ...(disposition_id ? { disposition_id } : {}),
    ...(note ? { note } : {}),
  };
}

/** Where it goes after the message, if that is somewhere else. */
function handing({ queue_id, assignee_id }: NewDraft, sender: Sender) {
  const queue = queue_id && queue_id !== sender.queue.id ? { queue_id } : {};
  const then = { ...queue, ...(assignee_id ? { assignee_id } : {}) };
  return Object.keys(then).length > 0 ? { then } : {};
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

/** What there is already, and what can be done (S3-26): open one's own or a free one, where what was written goes on; wait for a colleague's. */
function Ongoing({ refusal, onGoOn }: { refusal: Problem; onGoOn: (conversation: string) => void }) {
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
              if (mine) onGoOn(conversation.id);
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
