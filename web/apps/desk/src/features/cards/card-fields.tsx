import { ArrowUp, Plus, Trash2 } from "lucide-react";
import type { CardField } from "@rapport/core/api/cards";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Checkbox, Field, Input, Select, Textarea, Toggle } from "@rapport/ui/field";
import { moved } from "@/lib/order";

const types = (): Record<CardField["type"], string> => ({
  text: t("Text"),
  number: t("Number"),
  date: t("Date"),
  url: t("Link"),
  yesno: t("Yes or no"),
  choice: t("Choice"),
});

/** An example of a path; the same in every language. */
const PATH = "$.customer.name";

/** A name for programs, from a label. */
function nameFrom(label: string, taken: string[]): string {
  const name =
    label
      .normalize("NFD")
      .toLowerCase()
      .replace(/[̀-ͯ]/g, "")
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^[^a-z]+|_+$/g, "")
      .slice(0, 36) || "field";
  if (!taken.includes(name)) return name;
  let n = 2;
  while (taken.includes(`${name}_${n}`)) n++;
  return `${name}_${n}`;
}

export function newField(others: CardField[]): CardField {
  return { name: nameFrom("field", others.map((one) => one.name)), label: "", type: "text", path: "" };
}

/** Where a value that was read at a path is most likely written to. */
function targetFrom(path: string): string {
  const target = path.replace(/^\$\.?/, "");
  return /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*){0,4}$/.test(target) ? target : "";
}

/** The values of a card: what they are called, where they stand in the answer, and which may be changed. */
export function CardFields({
  fields,
  used,
  errorOf,
  onChange,
}: {
  fields: CardField[];
  /** The address for changes, which may name fields. */
  used: string;
  errorOf: (field: string) => string | undefined;
  onChange: (fields: CardField[]) => void;
}) {
  const names = types();
  const set = (at: number, change: Partial<CardField>) => {
    onChange(fields.map((one, n) => (n === at ? { ...one, ...change } : one)));
  };
  return (
    <fieldset className="grid gap-3 border-t border-line pt-4">
      <legend className="float-start w-full text-sm font-semibold">{t("What it shows")}</legend>
      {errorOf("fields") ? (
        <p role="alert" className="text-xs text-danger">
          {errorOf("fields")}
        </p>
      ) : null}
      {fields.map((field, n) => (
        <div key={n} role="group" aria-label={t("Field {{n}}", { n: n + 1 })} className="grid gap-3 rounded-md border border-line p-3">
          <div className="grid gap-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_minmax(0,1.4fr)]">
            <Field label={t("Label")} error={errorOf(`fields.${n}.label`) ?? errorOf(`fields.${n}.name`)}>
              <Input
                required
                maxLength={60}
                value={field.label}
                onChange={(event) => {
                  const label = event.target.value;
                  const others = fields.filter((_, other) => other !== n).map((one) => one.name);
                  // The name follows the label until an address uses it; agents never see it.
                  set(n, { label, ...(new RegExp(`\\{\\{\\s*card\\.${field.name}\\W`).test(used) ? {} : { name: nameFrom(label, others) }) });
                }}
              />
            </Field>
            <Field label={t("Path in the answer")} error={errorOf(`fields.${n}.path`)}>
              <Input
                required
                spellCheck={false}
                maxLength={300}
                className="font-mono text-xs"
                placeholder={PATH}
                value={field.path}
                onChange={(event) => {
                  const path = event.target.value;
                  set(n, { path, ...(field.editable && field.target === targetFrom(field.path) ? { target: targetFrom(path) } : {}) });
                }}
              />
            </Field>
            <Field label={t("Type")} error={errorOf(`fields.${n}.type`)}>
              <Select
                value={field.type}
                onChange={(event) => {
                  set(n, { type: event.target.value as CardField["type"] });
                }}
              >
                {Object.entries(names).map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </Select>
            </Field>
          </div>
          {field.type === "choice" ? (
            <Field label={t("Choices")} help={t("One per line.")} error={errorOf(`fields.${n}.choices`)}>
              <Textarea
                rows={3}
                value={(field.choices ?? []).join("\n")}
                onChange={(event) => {
                  set(n, { choices: event.target.value.split("\n") });
                }}
              />
            </Field>
          ) : null}
          <div className="flex flex-wrap items-start gap-3">
            <Toggle label={t("Agents may change it")} className="flex-1">
              <Checkbox
                checked={field.editable ?? false}
                onCheckedChange={(on) => {
                  set(n, { editable: on === true, target: on === true ? field.target || targetFrom(field.path) : "" });
                }}
              />
            </Toggle>
            <Button
              variant="ghost"
              size="icon-sm"
              disabled={n === 0}
              aria-label={t("Move {{label}} up", { label: field.label || n + 1 })}
              onClick={() => {
                onChange(moved(fields, n, -1));
              }}
            >
              <ArrowUp />
            </Button>
            <Button
              variant="ghost"
              size="icon-sm"
              disabled={fields.length === 1}
              aria-label={t("Remove {{label}}", { label: field.label || n + 1 })}
              onClick={() => {
                onChange(fields.filter((_, other) => other !== n));
              }}
            >
              <Trash2 />
            </Button>
          </div>
          {field.editable ? (
            <Field label={t("Place in the body that is sent")} help={t("Names with dots between them, such as address.city.")} error={errorOf(`fields.${n}.target`)}>
              <Input
                required
                spellCheck={false}
                maxLength={300}
                className="font-mono text-xs"
                value={field.target ?? ""}
                onChange={(event) => {
                  set(n, { target: event.target.value });
                }}
              />
            </Field>
          ) : null}
          <p className="text-2xs text-ink-muted">
            {t("Name for addresses:")} <code>{["card", field.name].join(".")}</code>
          </p>
        </div>
      ))}
      <Button
        size="sm"
        className="w-fit"
        disabled={fields.length >= 40}
        onClick={() => {
          onChange([...fields, newField(fields)]);
        }}
      >
        <Plus aria-hidden />
        {t("Add field")}
      </Button>
    </fieldset>
  );
}
