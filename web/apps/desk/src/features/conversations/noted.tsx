import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DetailsChange } from "@rapport/core/api/texts";
import type { ConversationView } from "@rapport/core/api/types";
import { formOf } from "@rapport/core/texts";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Select, Textarea, Input } from "@rapport/ui/field";
import { isProblem } from "@rapport/core/api/problem";
import { useBackend } from "@/lib/backend";
import { FormFieldInput } from "@/lib/form-field";
import { PanelSection } from "@/lib/panel-section";
import { queries } from "@/lib/queries";
import { tell, tellUndoable } from "@/lib/tell";
import { DispositionField } from "./disposition-field";
import { SummaryButton } from "./summary-button";

/** What agents note about a conversation: topic, form, disposition, summary (S3-85). */
export function Noted({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const { api } = backend;
  const forms = useQuery(queries.forms(api)).data ?? [];
  const dispositions = useQuery(queries.dispositions(api)).data ?? [];
  const fit = dispositions.filter((one) => one.id === c.disposition_id || (one.enabled && (!one.queues?.length || one.queues.includes(c.queue_id))));
  const form = formOf(forms, c);
  const [wrong, setWrong] = useState<Record<string, string>>({});

  async function save(change: DetailsChange, before?: DetailsChange, said?: string): Promise<void> {
    const field = change.fields ? Object.keys(change.fields)[0] : undefined;
    try {
      backend.put(await api.conversations.describe(c.id, change));
      if (field) setWrong({ ...wrong, [field]: "" });
      if (before && said) tellUndoable(said, () => save(before));
    } catch (error) {
      const why = field && isProblem(error) ? error.fieldError(`fields.${field}`) : undefined;
      if (field && why) setWrong({ ...wrong, [field]: why });
      else tell(error);
    }
  }

  return (
    <PanelSection id="noted" title={t("Details")}>
      <div className="grid gap-3">
      <Line
        key={`topic ${c.topic ?? ""}`}
        label={t("Topic")}
        placeholder={t("What it is about")}
        value={c.topic ?? ""}
        onSave={(topic) => void save({ topic }, { topic: c.topic ?? "" }, t("Topic changed"))}
      />
      {forms.length > 0 ? (
        <Field label={t("Form")}>
          <Select
            value={c.form_id ?? ""}
            onChange={(event) => void save({ form_id: event.target.value })}
          >
            <option value="">{form && !c.form_id ? t("{{form}} (of the queue)", { form: form.name }) : t("None of its own")}</option>
            {forms.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </Select>
        </Field>
      ) : null}
      {form?.fields.map((field) => (
        <FormValue
          key={`${form.id} ${field.name} ${c.fields?.[field.name] ?? ""}`}
          field={field}
          held={c.fields?.[field.name] ?? ""}
          error={wrong[field.name]}
          onSave={(value) => void save({ fields: { [field.name]: value } })}
        />
      ))}
      {fit.length > 0 ? (
        <DispositionField value={c.disposition_id ?? ""} choices={fit} onChange={(disposition_id) => void save({ disposition_id })} />
      ) : null}
      <Line
        key={`summary ${c.summary ?? ""}`}
        long
        label={t("Summary")}
        placeholder={t("What happened, and how it ended")}
        value={c.summary ?? ""}
        onSave={(summary) => void save({ summary }, { summary: c.summary ?? "" }, t("Summary saved"))}
      />
      <SummaryButton id={c.id} onText={(summary) => void save({ summary }, { summary: c.summary ?? "" }, t("Summary saved"))} />
      </div>
    </PanelSection>
  );
}

/** A text that is kept when the person is done with it; Escape leaves it as it was. */
function Line({ label, value, placeholder, long, onSave }: { label: string; value: string; placeholder: string; long?: boolean; onSave: (value: string) => void }) {
  const [text, setText] = useState(value);
  const Control = long ? Textarea : Input;
  const keep = () => {
    if (text.trim() !== value) onSave(text.trim());
  };
  return (
    <Field label={label}>
      <Control
        value={text}
        placeholder={placeholder}
        maxLength={long ? 4000 : 200}
        onChange={(event: { target: { value: string } }) => {
          setText(event.target.value);
        }}
        onBlur={keep}
        onKeyDown={(event: { key: string; preventDefault: () => void; stopPropagation: () => void }) => {
          if (event.key === "Enter" && !long) {
            event.preventDefault();
            keep();
          }
          if (event.key === "Escape") {
            event.stopPropagation();
            setText(value);
          }
        }}
      />
    </Field>
  );
}

function FormValue({ field, held, error, onSave }: { field: Parameters<typeof FormFieldInput>[0]["field"]; held: string; error: string | undefined; onSave: (value: string) => void }) {
  const [value, setValue] = useState(held);
  const offered = field.default;
  return (
    <div className="grid gap-1">
      <FormFieldInput
        field={field}
        value={value}
        onChange={setValue}
        error={error ?? undefined}
        onCommit={(next) => {
          if (next.trim() !== held) onSave(next.trim());
        }}
      />
      {offered && held === "" && value === "" ? (
        <Button
          size="sm"
          variant="ghost"
          className="justify-self-start"
          onClick={() => {
            onSave(offered);
          }}
        >
          {t("Take over: {{value}}", { value: field.type === "yesno" ? { yes: t("Yes"), no: t("No") }[offered] ?? offered : offered.split("\n").join(", ") })}
        </Button>
      ) : null}
    </div>
  );
}
