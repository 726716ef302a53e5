import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Template, TemplateStatus } from "@rapport/core/api/texts";
import { blanksOf } from "@rapport/core/texts";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Textarea } from "@rapport/ui/field";
import { Badge, type Tone } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { queries } from "@/lib/queries";
import { templateText } from "@/lib/template-text";
import { Shelf } from "./shelf";

const statusNames: Record<TemplateStatus, string> = {
  approved: t("Approved"),
  pending: t("Waiting for approval"),
  paused: t("Paused"),
  rejected: t("Rejected"),
};
const tones: Record<TemplateStatus, Tone> = { approved: "positive", pending: "warning", paused: "warning", rejected: "danger" };

/** Templates that a provider such as WhatsApp has approved: fixed text with variables (S3-45). */
export function TemplatesPage() {
  const { api } = useBackend();
  const templates = useQuery(queries.messageTemplates(api));
  const inboxes = useQuery(queries.inboxes(api)).data?.items ?? [];
  return (
    <Shelf<Template>
      title={t("Approved templates")}
      lead={t("Texts that a provider such as WhatsApp has approved. Agents fill in their variables and change nothing else; long after the customer's last message nothing else can be sent. Free texts of your own are under Canned responses.")}
      what={t("the templates")}
      query={templates}
      nameOf={(one) => one.name}
      idOf={(one) => one.id}
      add={t("New template")}
      empty={t("There are no approved templates yet")}
      why={t("Enter those that your provider has approved, word for word.")}
      goes={t("Messages that were sent with it stay. At the provider nothing changes.")}
      remove={(one) => api.templates.remove(one.id)}
      columns={[
        { title: t("Name"), cell: (one) => one.name },
        { title: t("Language"), cell: (one) => one.language },
        { title: t("Inbox"), cell: (one) => inboxes.find(({ id }) => id === one.inbox_id)?.name ?? "?" },
        {
          title: t("Status"),
          cell: (one) => (
            <span className="flex flex-wrap items-center gap-2">
              <Badge tone={tones[one.status]}>{statusNames[one.status]}</Badge>
              {one.synced ? <Badge>{t("From the channel")}</Badge> : null}
              {one.reason}
            </span>
          ),
        },
        { title: t("Text"), cell: (one) => <span className="line-clamp-2 max-w-80">{one.body}</span> },
      ]}
      dialog={(one, done, close) => <TemplateDialog template={one} onSaved={done} onClose={close} />}
    />
  );
}

function TemplateDialog({ template, onSaved, onClose }: { template: Template | undefined; onSaved: (text: string) => void; onClose: () => void }) {
  const { api } = useBackend();
  const inboxes = useQuery(queries.inboxes(api)).data?.items ?? [];
  const channels = useQuery(queries.channels(api)).data?.items ?? [];
  const takes = inboxes.filter((inbox) => inbox.window_hours > 0 || channels.find(({ kind }) => kind === inbox.channel)?.caps.templates);
  const [draft, setDraft] = useState({
    inbox_id: template?.inbox_id ?? "",
    name: template?.name ?? "",
    language: template?.language ?? "en",
    category: template?.category ?? "",
    header: template?.header ?? "",
    body: template?.body ?? "",
    footer: template?.footer ?? "",
    status: template?.status ?? ("approved" as TemplateStatus),
    reason: template?.reason ?? "",
  });
  const [notes, setNotes] = useState<Record<string, { label: string; example: string }>>(() =>
    Object.fromEntries((template?.variables ?? []).map((one) => [one.name, { label: one.label ?? "", example: one.example ?? "" }])),
  );
  const set = (change: Partial<typeof draft>) => {
    setDraft({ ...draft, ...change });
  };
  const names = [...new Set(blanksOf(`${draft.header}\n${draft.body}`).map((one) => one.name))];
  const variables = names.map((name) => ({ name, ...(notes[name] ?? { label: "", example: "" }) }));
  const fixed = template?.synced ?? false;
  const form = useSubmission(["inbox_id", "name", "language", "category", "header", "body", "footer", "status", "reason", ...names.flatMap((name) => [`variables.${name}.label`, `variables.${name}.example`])], async () => {
    const { inbox_id, ...text } = draft;
    const saved = template
      ? await api.templates.change(template.id, fixed ? { variables } : { ...text, variables })
      : await api.templates.create({ inbox_id, ...text, variables });
    onSaved(t("{{name}} saved", { name: saved.name }));
  });
  const examples = Object.fromEntries(variables.map((one) => [one.name, one.example]));
  return (
    <FormDialog
      form={form}
      size="lg"
      title={template ? t("Edit {{name}}", { name: template.name }) : t("New template")}
      description={fixed ? t("The channel brought this template: its text is changed at the provider. Here you say what its variables mean.") : t("As the provider has it, word for word: it compares.")}
      submit={t("Save")}
      blocked={!template && draft.inbox_id === ""}
      onClose={onClose}
    >
      {template ? null : (
        <Field label={t("Inbox")} error={form.of("inbox_id")} help={takes.length === 0 ? t("No inbox needs any: its channel knows templates, or it has a time after which only templates may be sent.") : undefined}>
          <Select
            required
            autoFocus
            value={draft.inbox_id}
            onChange={(event) => {
              set({ inbox_id: event.target.value });
            }}
          >
            <option value="">{t("Choose an inbox")}</option>
            {takes.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <fieldset disabled={fixed} className="grid gap-4">
        <legend className="sr-only">{t("At the provider")}</legend>
        <div className="grid gap-4 sm:grid-cols-3">
          <Field label={t("Name")} error={form.of("name")}>
            <Input required maxLength={120} value={draft.name} onChange={(event) => { set({ name: event.target.value }); }} />
          </Field>
          <Field label={t("Language")} help={t("Such as en or pt_BR.")} error={form.of("language")}>
            <Input required maxLength={12} value={draft.language} onChange={(event) => { set({ language: event.target.value }); }} />
          </Field>
          <Field label={t("Category")} help={t("Such as utility or marketing.")} error={form.of("category")}>
            <Input maxLength={40} value={draft.category} onChange={(event) => { set({ category: event.target.value }); }} />
          </Field>
          <Field label={t("Status")} help={t("Only approved ones can be sent.")} error={form.of("status")}>
            <Select value={draft.status} onChange={(event) => { set({ status: event.target.value as TemplateStatus }); }}>
              {Object.entries(statusNames).map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </Select>
          </Field>
          {draft.status === "paused" || draft.status === "rejected" ? (
            <Field label={t("Reason")} error={form.of("reason")} className="sm:col-span-2">
              <Input maxLength={300} value={draft.reason} onChange={(event) => { set({ reason: event.target.value }); }} />
            </Field>
          ) : null}
        </div>
        <Field label={t("Header")} error={form.of("header")}>
          <Input maxLength={200} value={draft.header} onChange={(event) => { set({ header: event.target.value }); }} />
        </Field>
        <Field label={t("Text")} help={t("Variables in double braces: {{one}}, {{two}} or names.", { one: "{{1}}", two: "{{2}}" })} error={form.of("body")}>
          <Textarea required rows={4} value={draft.body} onChange={(event) => { set({ body: event.target.value }); }} />
        </Field>
        <Field label={t("Footer")} error={form.of("footer")}>
          <Input maxLength={200} value={draft.footer} onChange={(event) => { set({ footer: event.target.value }); }} />
        </Field>
      </fieldset>
      {variables.length > 0 ? (
        <section aria-label={t("Variables")} className="grid gap-3">
          <h3 className="text-sm font-medium">{t("Variables")}</h3>
          {variables.map((one) => (
            <div key={one.name} className="grid gap-3 sm:grid-cols-2">
              <Field label={t("What {{name}} is", { name: `{{${one.name}}}` })} error={form.of(`variables.${one.name}.label`)}>
                <Input maxLength={80} value={one.label} onChange={(event) => { setNotes({ ...notes, [one.name]: { label: event.target.value, example: one.example } }); }} />
              </Field>
              <Field label={t("Example")} error={form.of(`variables.${one.name}.example`)}>
                <Input maxLength={200} value={one.example} onChange={(event) => { setNotes({ ...notes, [one.name]: { label: one.label, example: event.target.value } }); }} />
              </Field>
            </div>
          ))}
        </section>
      ) : null}
      <figure className="rounded-md border border-line bg-canvas p-3">
        <figcaption className="mb-1.5 text-2xs text-ink-faint">{t("The customer reads")}</figcaption>
        <p className="text-sm whitespace-pre-line">{templateText(draft, examples)}</p>
      </figure>
    </FormDialog>
  );
}
