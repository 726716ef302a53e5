import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ConversationView } from "@rapport/core/api/types";
import { clientId } from "@rapport/core/id";
import { accepted } from "@rapport/core/limits";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Textarea } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { AttachButton } from "@/lib/attach-button";
import { useBackend } from "@/lib/backend";
import { closeDialog } from "@/lib/desk-state";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { useMe } from "@/lib/me";
import { queries } from "@/lib/queries";
import { type About, AboutField } from "./about-field";
import { CarriedTray } from "./carried-tray";
import { type Carried, useCarried } from "./use-carried";

/** Whose files are those of a question that is not asked yet. */
const ASKED = { id: "ask", channel: "internal" };

/** Begins a conversation among colleagues; from a conversation about it, unless the person chooses otherwise. */
export function AskDialog({ about: open }: { about: ConversationView | undefined }) {
  const { api, uploads } = useBackend();
  const navigate = useNavigate();
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  const own = useMe().agent.id;
  const colleagues = useQuery(queries.agents(api)).data?.items.filter((one) => one.enabled && one.id !== own) ?? [];
  const [topic, setTopic] = useState("");
  const [queue, setQueue] = useState("");
  const [agent, setAgent] = useState("");
  const [body, setBody] = useState("");
  const [about, setAbout] = useState<About | undefined>(open);
  const carried = useCarried(ASKED, "note", body);
  const [client_id] = useState(clientId);
  const queue_id = queue || queues[0]?.id || "";
  const form = useSubmission(["topic", "queue_id", "agent_id", "body", "conversation_id"], async () => {
    const files = uploads.take(carried.scope);
    const question = { topic, queue_id, body, client_id, files: files.map((file) => file.id), ...(agent ? { agent_id: agent } : {}), ...(about ? { conversation_id: about.id } : {}) };
    const asked = await api.together.ask(question).catch((error: unknown) => {
      uploads.putBack(carried.scope, files);
      throw error;
    });
    closeDialog();
    const show = () => {
      void navigate({ to: "/$view/$conversationId", params: { view: "all", conversationId: asked.id }, search: {} });
    };
    if (open) toast(t("Colleagues were asked"), { action: { label: t("Open it"), perform: show } });
    else show();
  });
  const close = () => {
    for (const one of carried.files) uploads.remove(one.key);
    closeDialog();
  };
  return (
    <FormDialog
      form={form}
      title={t("Ask colleagues")}
      description={about ? t("Linked to the conversation with {{name}}. The customer never sees it.", { name: about.contact_name }) : t("A conversation among colleagues; no customer ever sees it.")}
      submit={t("Ask")}
      blocked={carried.hold !== undefined}
      onClose={close}
    >
      <Field label={t("Topic")} error={form.of("topic")}>
        <Input autoFocus value={topic} maxLength={200} onChange={(event) => { setTopic(event.target.value); }} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Queue")} error={form.of("queue_id")}>
          <Select value={queue_id} onChange={(event) => { setQueue(event.target.value); }}>
            {queues.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("Colleague")} error={form.of("agent_id")}>
          <Select value={agent} onChange={(event) => { setAgent(event.target.value); }}>
            <option value="">{t("Whoever is free")}</option>
            {colleagues.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <AboutField value={about} onChange={setAbout} error={form.of("conversation_id")} />
      <Field label={t("Message")} error={form.of("body")}>
        <Textarea value={body} onChange={(event) => { setBody(event.target.value); }} />
      </Field>
      <Files carried={carried} />
    </FormDialog>
  );
}

/** The files that go along, and the button to attach some. */
function Files({ carried }: { carried: Carried }) {
  if (carried.most === 0) return null;
  return (
    <div className="grid justify-items-start gap-2">
      <CarriedTray carried={carried} />
      {carried.hold ? (
        <p role="status" className="text-xs text-ink-muted">
          {carried.hold}
        </p>
      ) : null}
      <AttachButton testId="attach-question" accept={accepted(carried.limits, carried.purpose)} onFiles={carried.add} />
    </div>
  );
}
