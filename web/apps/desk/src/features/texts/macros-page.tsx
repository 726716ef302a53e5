import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EffectKind, Effects, Macro } from "@rapport/core/api/texts";
import type { Priority, State } from "@rapport/core/api/types";
import { priorityNames, stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Switch, Textarea, Toggle } from "@rapport/ui/field";
import { Badge } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { effectNames } from "@/lib/effects";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { FormFieldInput } from "@/lib/form-field";
import { queries } from "@/lib/queries";
import { QueuesField, useQueueNames } from "@/lib/queues-field";
import { Shelf } from "./shelf";

const kindOf: Partial<Record<keyof Effects, EffectKind>> = {
  topic: "topic", summary: "summary", body: "body", inbox_id: "sender", form_id: "form", fields: "fields", queue_id: "queue", assignee_id: "assignee",
  state: "state", priority: "priority", add_tags: "tags", remove_tags: "tags", disposition_id: "disposition", note: "note",
};

/** Sets of actions that agents apply at once (S3-46, S3-47). */
export function MacrosPage() {
  const { api } = useBackend();
  const macros = useQuery(queries.macros(api, "", true));
  const namesOf = useQueueNames();
  return (
    <Shelf<Macro>
      title={t("Macros")}
      lead={t("What agents do again and again, in one go: they press m in a conversation, see what a macro would change, and apply it. A text goes to the composer; what ends or moves the conversation waits until the agent sends it.")}
      what={t("the macros")}
      query={macros}
      nameOf={(one) => one.name}
      idOf={(one) => one.id}
      add={t("New macro")}
      empty={t("There are no macros yet")}
      remove={(one) => api.macros.remove(one.id)}
      columns={[
        { title: t("Name"), cell: (one) => <span className="flex items-center gap-2">{one.name} {one.enabled ? null : <Badge>{t("Off")}</Badge>}</span> },
        { title: t("Fills in"), cell: (one) => [...new Set(Object.keys(one.effects).map((key) => kindOf[key as keyof Effects]))].map((kind) => (kind ? effectNames[kind] : "")).join(", ") },
        { title: t("Tags"), cell: (one) => (one.tags ?? []).join(", ") },
        { title: t("For"), cell: (one) => namesOf(one.queues) },
        { title: t("Used"), cell: (one) => one.used },
      ]}
      dialog={(one, done, close) => <MacroEditor macro={one} onSaved={done} onClose={close} />}
    />
  );
}

const listOf = (text: string) => text.split(",").map((one) => one.trim()).filter(Boolean);

function MacroEditor({ macro, onSaved, onClose }: { macro: Macro | undefined; onSaved: (text: string) => void; onClose: () => void }) {
  const { api } = useBackend();
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  const agents = useQuery(queries.agents(api)).data?.items ?? [];
  const inboxes = useQuery(queries.inboxes(api)).data?.items ?? [];
  const forms = useQuery(queries.forms(api)).data ?? [];
  const dispositions = useQuery(queries.dispositions(api)).data ?? [];
  const [draft, setDraft] = useState({ name: macro?.name ?? "", help: macro?.help ?? "", tags: (macro?.tags ?? []).join(", "), queues: macro?.queues ?? [], enabled: macro?.enabled ?? true });
  const [effects, setEffects] = useState<Effects>(macro?.effects ?? {});
  const [tags, setTags] = useState({ add: (macro?.effects.add_tags ?? []).join(", "), remove: (macro?.effects.remove_tags ?? []).join(", ") });
  const set = (change: Partial<typeof draft>) => { setDraft({ ...draft, ...change }); };
  const put = (change: Partial<Record<keyof Effects, unknown>>) => { setEffects({ ...effects, ...change } as Effects); };
  const chosen = forms.find((form) => form.id === effects.form_id);
  const form = useSubmission(["name", "help", "effects.state", "effects.body", "effects.topic", "effects.assignee_id", ...(chosen?.fields ?? []).map((one) => `effects.fields.${one.name}`)], async () => {
    const kept = Object.fromEntries(Object.entries({ ...effects, add_tags: listOf(tags.add), remove_tags: listOf(tags.remove), fields: Object.fromEntries(Object.entries(effects.fields ?? {}).filter(([, value]) => value !== "")) })
      .filter(([, value]) => (typeof value === "string" ? value !== "" : Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0))) as Effects;
    const body = { ...draft, tags: listOf(draft.tags), effects: kept };
    const saved = macro ? await api.macros.change(macro.id, body) : await api.macros.create(body);
    onSaved(t("{{name}} saved", { name: saved.name }));
  });
  const choice = (label: string, key: keyof Effects, options: { id: string; name: string }[]) => (
    <Field label={label} error={form.of(`effects.${key}`)}>
      <Select value={(effects[key] as string | undefined) ?? ""} onChange={(event) => { put({ [key]: event.target.value, ...(key === "form_id" ? { fields: {} } : {}) }); }}>
        <option value="">{t("Stays as it is")}</option>
        {options.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
      </Select>
    </Field>
  );
  return (
    <FormDialog form={form} size="lg" title={macro ? t("Edit {{name}}", { name: macro.name }) : t("New macro")} submit={t("Save")} onClose={onClose}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Name")} error={form.of("name")}>
          <Input required autoFocus maxLength={80} value={draft.name} onChange={(event) => { set({ name: event.target.value }); }} />
        </Field>
        <Field label={t("Tags")} help={t("To find it by; separated by commas.")}>
          <Input value={draft.tags} onChange={(event) => { set({ tags: event.target.value }); }} />
        </Field>
      </div>
      <Field label={t("When to use it")} error={form.of("help")}>
        <Input maxLength={300} value={draft.help} onChange={(event) => { set({ help: event.target.value }); }} />
      </Field>
      <Field label={t("Text for the reply")} help={t("The agent edits and sends it.")} error={form.of("effects.body")}>
        <Textarea value={effects.body ?? ""} onChange={(event) => { put({ body: event.target.value }); }} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Topic")} error={form.of("effects.topic")}>
          <Input maxLength={200} value={effects.topic ?? ""} onChange={(event) => { put({ topic: event.target.value }); }} />
        </Field>
        {choice(t("Sent from"), "inbox_id", inboxes)}
        {choice(t("Status"), "state", (["open", "pending", "solved", "closed"] as State[]).map((id) => ({ id, name: stateNames[id] })))}
        {choice(t("Priority"), "priority", (["low", "normal", "high", "urgent"] as Priority[]).map((id) => ({ id, name: priorityNames[id] })))}
        {choice(t("Queue"), "queue_id", queues)}
        {choice(t("Agent"), "assignee_id", [{ id: "me", name: t("Whoever applies it") }, ...agents])}
        {choice(t("Form"), "form_id", forms)}
        {choice(t("Disposition"), "disposition_id", dispositions.map((one) => ({ id: one.id, name: one.label })))}
        <Field label={t("Add tags")} help={t("Separated by commas.")}>
          <Input value={tags.add} onChange={(event) => { setTags({ ...tags, add: event.target.value }); }} />
        </Field>
        <Field label={t("Remove tags")} help={t("Separated by commas.")}>
          <Input value={tags.remove} onChange={(event) => { setTags({ ...tags, remove: event.target.value }); }} />
        </Field>
      </div>
      {chosen ? (
        <div className="grid gap-4 sm:grid-cols-2">
          {chosen.fields.map((field) => (
            <FormFieldInput key={field.name} field={field} value={effects.fields?.[field.name] ?? ""} error={form.of(`effects.fields.${field.name}`)} onChange={(value) => { put({ fields: { ...effects.fields, [field.name]: value } }); }} />
          ))}
        </div>
      ) : null}
      <Field label={t("Internal note")}>
        <Textarea value={effects.note ?? ""} onChange={(event) => { put({ note: event.target.value }); }} />
      </Field>
      <QueuesField legend={t("Visible to")} help={t("Members of the chosen queues; without a choice everybody.")} value={draft.queues} onChange={(next) => { set({ queues: next }); }} />
      <Toggle label={t("Switched on")}>
        <Switch checked={draft.enabled} onCheckedChange={(enabled) => { set({ enabled }); }} />
      </Toggle>
    </FormDialog>
  );
}
