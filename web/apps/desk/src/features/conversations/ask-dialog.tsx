import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ConversationView } from "@rapport/core/api/types";
import { clientId } from "@rapport/core/id";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Textarea } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { closeDialog } from "@/lib/desk-state";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { queries } from "@/lib/queries";

/** Begins a conversation among colleagues; from a conversation, about it. */
export function AskDialog({ about }: { about: ConversationView | undefined }) {
  const { api } = useBackend();
  const navigate = useNavigate();
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  const agents = useQuery(queries.agents(api)).data?.items ?? [];
  const [topic, setTopic] = useState("");
  const [queue, setQueue] = useState("");
  const [agent, setAgent] = useState("");
  const [body, setBody] = useState("");
  const [client_id] = useState(clientId);
  const queue_id = queue || queues[0]?.id || "";
  const form = useSubmission(["topic", "queue_id", "agent_id", "body"], async () => {
    const asked = await api.together.ask({
      topic,
      queue_id,
      body,
      client_id,
      ...(agent ? { agent_id: agent } : {}),
      ...(about ? { conversation_id: about.id } : {}),
    });
    closeDialog();
    const open = () => {
      void navigate({ to: "/$view/$conversationId", params: { view: "all", conversationId: asked.id }, search: {} });
    };
    if (about) toast(t("Colleagues were asked"), { action: { label: t("Open it"), perform: open } });
    else open();
  });
  return (
    <FormDialog
      form={form}
      title={t("Ask colleagues")}
      description={about ? t("Linked to the conversation with {{name}}. The customer never sees it.", { name: about.contact_name }) : t("A conversation among colleagues; no customer ever sees it.")}
      submit={t("Ask")}
      onClose={closeDialog}
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
            {agents.filter((one) => one.enabled).map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label={t("Message")} error={form.of("body")}>
        <Textarea value={body} onChange={(event) => { setBody(event.target.value); }} />
      </Field>
    </FormDialog>
  );
}
