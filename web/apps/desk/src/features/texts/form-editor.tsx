import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Form, FormField, FormFieldType } from "@rapport/core/api/texts";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Checkbox, Field, Input, Select, Textarea, Toggle } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { type Submission, useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { FormFieldInput } from "@/lib/form-field";
import { nameFrom } from "@/lib/name-from";
import { moved, OrderButtons, type Step } from "@/lib/order";
import { QueuesField } from "@/lib/queues-field";

const types: Record<FormFieldType, string> = {
  text: t("Text"),
  number: t("Number"),
  date: t("Date"),
  choice: t("Choice"),
  multi: t("Several choices"),
  yesno: t("Yes or no"),
  url: t("Web address"),
};

/** A field while it is edited: its name follows the label until it is typed or saved. */
interface Edited extends Omit<FormField, "name" | "choices"> {
  key: number;
  name: string | undefined;
  choices: string;
}

let keys = 0;
const fresh = (): Edited => ({ key: keys++, name: undefined, label: "", type: "text", choices: "" });
const nameOf = (field: Edited) => field.name ?? nameFrom(field.label);
const choicesOf = (field: Edited) => field.choices.split("\n").map((one) => one.trim()).filter(Boolean);
const chooses = (type: FormFieldType) => type === "choice" || type === "multi";

function savedOf({ key: _key, ...field }: Edited): FormField {
  return { ...field, name: nameOf({ key: 0, ...field }), choices: chooses(field.type) ? choicesOf({ key: 0, ...field }) : [] };
}

/** Makes or changes a form: its fields in their order, beside how agents see them. */
export function FormEditor({ form: held, last, onSaved, onClose }: { form: Form | undefined; last: number; onSaved: (text: string) => void; onClose: () => void }) {
  const { api } = useBackend();
  const [name, setName] = useState(held?.name ?? "");
  const [help, setHelp] = useState(held?.help ?? "");
  const [queues, setQueues] = useState(held?.default_for ?? []);
  const [fields, setFields] = useState<Edited[]>(() => held?.fields.map((field) => ({ ...field, key: keys++, choices: (field.choices ?? []).join("\n") })) ?? [fresh()]);
  const [removed, setRemoved] = useState<{ name: string; before: Edited[] }>();
  const inFields = fields.flatMap((_, n) => ["name", "label", "help", "type", "choices", "default"].map((part) => `fields.${String(n)}.${part}`));
  const form = useSubmission(["name", "help", "fields", "default_for", ...inFields], async () => {
    const body = { name, help, default_for: queues, fields: fields.map(savedOf) };
    const saved = held ? await api.forms.change(held.id, body) : await api.forms.create({ ...body, position: last + 1 });
    onSaved(t("{{name}} saved", { name: saved.name }));
  });

  const change = (n: number, with_: Partial<Edited>) => {
    setRemoved(undefined);
    setFields(fields.map((one, at) => (at === n ? { ...one, ...with_ } : one)));
  };
  const move = (n: number, step: Step) => {
    setRemoved(undefined);
    setFields(moved(fields, n, step));
  };
  const remove = (n: number) => {
    setRemoved({ name: fields[n]?.label || t("Field {{n}}", { n: n + 1 }), before: fields });
    setFields(fields.filter((_, at) => at !== n));
  };

  return (
    <FormDialog form={form} size="xl" title={held ? t("Edit {{name}}", { name: held.name }) : t("New form")} submit={t("Save")} onClose={onClose}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Name")} error={form.of("name")}>
          <Input
            required
            autoFocus
            maxLength={80}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
        </Field>
        <Field label={t("Help for agents")} error={form.of("help")}>
          <Input
            maxLength={300}
            value={help}
            onChange={(event) => {
              setHelp(event.target.value);
            }}
          />
        </Field>
      </div>
      <div className="grid items-start gap-5 md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <section aria-label={t("Fields")} className="grid gap-3">
          <h3 className="text-sm font-medium">{t("Fields")}</h3>
          {form.of("fields") ? (
            <p role="alert" className="text-xs text-danger">
              {form.of("fields")}
            </p>
          ) : null}
          <ol className="grid gap-3">
            {fields.map((field, n) => (
              <FieldCard key={field.key} field={field} n={n} form={form} count={fields.length} onChange={change} onMove={move} onRemove={remove} />
            ))}
          </ol>
          {removed ? (
            <p role="status" className="flex flex-wrap items-center gap-2 text-sm text-ink-muted">
              {t("{{name}} taken out", { name: removed.name })}
              <Button
                size="sm"
                onClick={() => {
                  setFields(removed.before);
                  setRemoved(undefined);
                }}
              >
                {t("Undo")}
              </Button>
            </p>
          ) : null}
          <Button
            className="justify-self-start"
            disabled={fields.length >= 40}
            onClick={() => {
              setRemoved(undefined);
              setFields([...fields, fresh()]);
            }}
          >
            <Plus aria-hidden />
            {t("Add a field")}
          </Button>
        </section>
        <Preview name={name} help={help} fields={fields} />
      </div>
      <QueuesField legend={t("Form of")} help={t("Conversations of these queues have this form unless an agent chooses another one. A queue has one form of its own.")} value={queues} onChange={setQueues} />
    </FormDialog>
  );
}

function FieldCard({
  field,
  n,
  form,
  count,
  onChange,
  onMove,
  onRemove,
}: {
  field: Edited;
  n: number;
  form: Submission;
  count: number;
  onChange: (n: number, change: Partial<Edited>) => void;
  onMove: (n: number, step: Step) => void;
  onRemove: (n: number) => void;
}) {
  const of = (part: string) => form.of(`fields.${String(n)}.${part}`);
  const shown = field.label || t("Field {{n}}", { n: n + 1 });
  return (
    <li aria-label={shown} className="grid gap-3 rounded-lg border border-line p-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t("Label")} error={of("label")}>
          <Input
            required
            maxLength={80}
            value={field.label}
            onChange={(event) => {
              onChange(n, { label: event.target.value });
            }}
          />
        </Field>
        <Field label={t("Type")} error={of("type")}>
          <Select
            value={field.type}
            onChange={(event) => {
              onChange(n, { type: event.target.value as FormFieldType, default: "" });
            }}
          >
            {Object.entries(types).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("Name for programs")} help={t("A field of the same name elsewhere shares its value.")} error={of("name")}>
          <Input
            maxLength={40}
            value={nameOf(field)}
            onChange={(event) => {
              onChange(n, { name: event.target.value });
            }}
          />
        </Field>
        <Field label={t("Offered while empty")} error={of("default")}>
          <Input
            maxLength={2000}
            value={field.default ?? ""}
            onChange={(event) => {
              onChange(n, { default: event.target.value });
            }}
          />
        </Field>
      </div>
      {chooses(field.type) ? (
        <Field label={t("Choices")} help={t("One per line.")} error={of("choices")}>
          <Textarea
            rows={3}
            value={field.choices}
            onChange={(event) => {
              onChange(n, { choices: event.target.value });
            }}
          />
        </Field>
      ) : null}
      <Field label={t("Help for agents")} error={of("help")}>
        <Input
          maxLength={300}
          value={field.help ?? ""}
          onChange={(event) => {
            onChange(n, { help: event.target.value });
          }}
        />
      </Field>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <Toggle label={t("Needed before solving")}>
          <Checkbox
            checked={field.required_on_solve ?? false}
            onCheckedChange={(on) => {
              onChange(n, { required_on_solve: on === true });
            }}
          />
        </Toggle>
        <Toggle label={t("Cannot be emptied again")}>
          <Checkbox
            checked={field.required ?? false}
            onCheckedChange={(on) => {
              onChange(n, { required: on === true });
            }}
          />
        </Toggle>
        <span className="ms-auto flex">
          <OrderButtons name={shown} at={n} count={count} onMove={(step) => { onMove(n, step); }} />
          <Button variant="ghost" size="icon-sm" aria-label={t("Take out {{name}}", { name: shown })} onClick={() => { onRemove(n); }}>
            <Trash2 />
          </Button>
        </span>
      </div>
    </li>
  );
}

/** The form as agents see it; it can be tried, and nothing is stored. */
function Preview({ name, help, fields }: { name: string; help: string; fields: Edited[] }) {
  const [values, setValues] = useState<Record<string, string>>({});
  return (
    <section aria-label={t("Preview")} className="grid gap-3 rounded-lg border border-line bg-canvas p-3 md:sticky md:top-0">
      <h3 className="text-xs text-ink-muted">{t("Agents see")}</h3>
      <p className="font-medium">{name.trim() || t("New form")}</p>
      {help.trim() ? <p className="text-xs text-ink-muted">{help}</p> : null}
      {fields.map((field) => (
        <FormFieldInput
          key={field.key}
          field={{ ...savedOf(field), label: field.label || "–" }}
          value={values[field.key] ?? field.default ?? ""}
          onChange={(value) => {
            setValues({ ...values, [field.key]: value });
          }}
        />
      ))}
    </section>
  );
}
