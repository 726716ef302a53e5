import { Braces, Plus, X } from "lucide-react";
import { type ReactElement, useId, useRef, useState } from "react";
import type { Choice as FlowChoice, Condition, FlowField, Value } from "@rapport/core/workflow/types";
import { durationText, parseDuration, titleOf } from "@rapport/core/workflow/words";
import { strategyNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Field, Input, Select, Switch, Textarea, Toggle } from "@rapport/ui/field";
import { useInsert } from "@rapport/ui/insert";
import { Menu, MenuItem, MenuLabel } from "@rapport/ui/menu";
import { ConditionEditor } from "./condition-editor";
import { useBuilder, useDefinition } from "./context";
import { factGroups } from "./facts";

interface ControlProps {
  id?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

/** One field of a step or trigger, as the vocabulary describes it. */
export function FlowFieldControl({
  field,
  value,
  error,
  onChange,
}: {
  field: FlowField;
  value: Value | undefined;
  error: string | undefined;
  onChange: (value: Value | undefined) => void;
}) {
  const shown = value ?? field.default;
  if (field.type === "bool") {
    return (
      <Toggle label={field.label} help={error ?? field.help}>
        <Switch checked={shown === true} onCheckedChange={onChange} />
      </Toggle>
    );
  }
  if (field.type === "condition") {
    return (
      <fieldset className="grid gap-1.5">
        <legend className="mb-1.5 text-sm font-medium">{field.label}</legend>
        {error ? <Wrong>{error}</Wrong> : null}
        <ConditionEditor value={(shown ?? {}) as Condition} onChange={(next) => { onChange(next as Value); }} />
        {field.help ? <p className="text-xs text-ink-muted">{field.help}</p> : null}
      </fieldset>
    );
  }
  if (field.type === "fields") {
    return <FieldsControl field={field} value={shown} error={error} onChange={onChange} />;
  }
  if (field.template) {
    return <TemplateControl field={field} value={String(shown ?? "")} error={error} onChange={onChange} />;
  }
  return (
    <Field label={<Label field={field} />} help={field.help} error={error}>
      <Plain field={field} value={shown} onChange={onChange} />
    </Field>
  );
}

function Label({ field }: { field: FlowField }) {
  return (
    <>
      {field.label}
      {field.required ? null : <span className="font-normal text-ink-faint"> {t("(optional)")}</span>}
    </>
  );
}

export function Wrong({ children }: { children: string }) {
  return (
    <p role="alert" className="text-xs text-danger">
      {children}
    </p>
  );
}

/** Fields with one control. */
function Plain({
  field,
  value,
  onChange,
  ...control
}: ControlProps & { field: FlowField; value: Value | undefined; onChange: (value: Value | undefined) => void }): ReactElement {
  const { people, vocabulary } = useBuilder();
  const definition = useDefinition();
  const choose = (choices: FlowChoice[], empty: string) => (
    <Choices {...control} choices={choices} empty={empty} required={field.required ?? false} value={value} onChange={onChange} />
  );
  const named = (list: { id: string; name: string }[]) => list.map((one) => ({ value: one.id, label: one.name }));
  const none = field.required ? t("Choose one") : t("None");
  if (field.choices && field.type !== "choices" && field.type !== "tags") return choose(field.choices, field.required ? t("Choose one") : t("Any"));
  switch (field.type) {
    case "agent":
      return choose(named(people.agents.filter((agent) => agent.enabled || agent.id === value)), none);
    case "queue":
      return choose(named(people.queues), field.required ? t("Choose one") : t("Not set"));
    case "bot":
      return choose(people.bots, none);
    case "inbox":
      return choose(people.inboxes, t("Any"));
    case "workflow":
      return choose(people.workflows, none);
    case "disposition":
      return (
        <Choices
          {...control}
          choices={people.dispositions}
          empty={none}
          required={field.required ?? false}
          value={people.dispositions.find((one) => one.value.toLowerCase() === String(value ?? "").toLowerCase())?.value ?? value}
          onChange={onChange}
        />
      );
    case "strategy":
      return choose(Object.entries(strategyNames).map(([one, label]) => ({ value: one, label })), t("As the queue says"));
    case "step":
      return choose(definition.steps.map((step) => ({ value: step.id, label: titleOf(vocabulary, step) })), none);
    case "duration":
      return <DurationInput {...control} value={typeof value === "number" ? value : undefined} onChange={onChange} />;
    case "int":
      return (
        <Input
          {...control}
          type="number"
          {...(field.min === undefined ? {} : { min: field.min })}
          {...(field.max ? { max: field.max } : {})}
          value={typeof value === "number" ? value : ""}
          onChange={(event) => {
            onChange(event.target.value === "" ? undefined : Math.round(event.target.valueAsNumber));
          }}
        />
      );
    case "tags":
    case "choices":
      return (
        <ListInput
          {...control}
          separator={field.type === "tags" ? "," : "\n"}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={(list) => {
            onChange(list.length > 0 ? list : undefined);
          }}
        />
      );
    case "text":
    case "expression":
      return (
        <Textarea
          {...control}
          className={field.type === "expression" ? "font-mono text-xs" : ""}
          value={String(value ?? "")}
          onChange={(event) => {
            onChange(event.target.value || undefined);
          }}
        />
      );
    default:
      return (
        <Input
          {...control}
          type={field.type === "url" ? "url" : "text"}
          {...(field.type === "url" ? { placeholder: "https://" } : {})}
          value={String(value ?? "")}
          onChange={(event) => {
            onChange(event.target.value || undefined);
          }}
        />
      );
  }
}

/** One of several values; one that is not among them is kept and said to be gone. */
export function Choices({
  choices,
  empty,
  required = false,
  value,
  onChange,
  ...control
}: ControlProps & {
  choices: FlowChoice[];
  empty: string;
  required?: boolean;
  value: Value | undefined;
  onChange: (value: string | undefined) => void;
  "aria-label"?: string;
}) {
  const chosen = typeof value === "string" ? value : "";
  const gone = chosen !== "" && !choices.some((one) => one.value === chosen);
  return (
    <Select
      {...control}
      value={chosen}
      onChange={(event) => {
        onChange(event.target.value || undefined);
      }}
    >
      {required && chosen !== "" ? null : <option value="">{empty}</option>}
      {gone ? <option value={chosen}>{t("No longer there ({{chosen}})", { chosen })}</option> : null}
      {choices.map((one) => (
        <option key={one.value} value={one.value}>
          {one.label}
        </option>
      ))}
    </Select>
  );
}

/** A time as people write it: 15 minutes, 1 hour 30 minutes, 2d. */
export function DurationInput({
  value,
  onChange,
  ...control
}: ControlProps & { value: number | undefined; onChange: (value: number | undefined) => void; "aria-label"?: string }) {
  const [typed, setTyped] = useState<string>();
  const parsed = typed === undefined ? value : parseDuration(typed);
  const wrong = typed !== undefined && typed.trim() !== "" && parsed === undefined;
  return (
    <span className="grid gap-0.5">
      <Input
        {...control}
        {...(wrong ? { "aria-invalid": true } : {})}
        placeholder={t("15 minutes")}
        value={typed ?? (value === undefined ? "" : durationText(value))}
        onChange={(event) => {
          setTyped(event.target.value);
          const seconds = parseDuration(event.target.value);
          if (seconds !== undefined || event.target.value.trim() === "") onChange(seconds);
        }}
        onBlur={() => {
          setTyped(undefined);
        }}
      />
      {wrong ? <span className="text-xs text-danger">{t("Write it like 15 minutes, 2 hours or 1d 12h.")}</span> : null}
    </span>
  );
}

/** Several short texts, one per line or between commas. */
export function ListInput({
  separator,
  value,
  onChange,
  ...control
}: ControlProps & { separator: "," | "\n"; value: string[]; onChange: (value: string[]) => void; "aria-label"?: string }) {
  const [typed, setTyped] = useState<string>();
  const shared = {
    ...control,
    value: typed ?? value.join(separator === "," ? ", " : "\n"),
    onChange: (event: { target: { value: string } }) => {
      setTyped(event.target.value);
      onChange(event.target.value.split(separator).map((one) => one.trim()).filter(Boolean));
    },
    onBlur: () => {
      setTyped(undefined);
    },
  };
  return separator === "," ? <Input placeholder={t("One, another")} {...shared} /> : <Textarea placeholder={t("One per line")} {...shared} />;
}

/** A text into which facts can be put by name. */
function TemplateControl({ field, value, error, onChange }: { field: FlowField; value: string; error: string | undefined; onChange: (value: string | undefined) => void }) {
  const { vocabulary } = useBuilder();
  const box = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const id = useId();
  const described = [error ? `${id}-error` : "", field.help ? `${id}-help` : ""].filter(Boolean).join(" ") || undefined;
  const shared = {
    id,
    ref: box,
    value,
    "aria-describedby": described,
    "aria-invalid": error ? (true as const) : undefined,
    onChange: (event: { target: { value: string } }) => {
      onChange(event.target.value || undefined);
    },
  };
  const insert = useInsert(box, value, onChange);
  return (
    <div className="grid gap-1">
      <div className="flex items-end gap-2">
        <label htmlFor={id} className="flex-1 text-sm font-medium">
          <Label field={field} />
        </label>
        <Menu
          className="max-h-80 w-72"
          trigger={
            <Button variant="ghost" size="sm" className="-my-1 h-6">
              <Braces aria-hidden />
              {t("Insert")}
            </Button>
          }
        >
          {factGroups(vocabulary.facts.filter((fact) => !fact.name.endsWith(".*"))).map(([group, facts]) => (
            <div key={group}>
              <MenuLabel>{group}</MenuLabel>
              {facts.map((fact) => (
                <MenuItem
                  key={fact.name}
                  onSelect={() => {
                    insert(`{{${fact.name}}}`);
                  }}
                >
                  <span className="min-w-0 flex-1 truncate">{fact.label}</span>
                  <code className="text-2xs text-ink-faint">{fact.name}</code>
                </MenuItem>
              ))}
            </div>
          ))}
        </Menu>
      </div>
      {field.type === "text" ? <Textarea {...shared} rows={4} /> : <Input {...shared} />}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
      {field.help ? (
        <p id={`${id}-help`} className="text-xs text-ink-muted">
          {field.help}
        </p>
      ) : null}
    </div>
  );
}

type Row = [string, string];

/** Names with values. */
function FieldsControl({ field, value, error, onChange }: { field: FlowField; value: Value | undefined; error: string | undefined; onChange: (value: Value | undefined) => void }) {
  const held: Row[] = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value).map(([name, one]) => [name, String(one ?? "")]) : [];
  // While a name is being typed two rows may be called the same; the rows stay, the value follows.
  const [typed, setTyped] = useState<Row[]>();
  const rows = typed ?? held;
  const set = (next: Row[]) => {
    setTyped(next);
    const named = next.filter(([name]) => name.trim() !== "");
    onChange(named.length > 0 ? Object.fromEntries(named.map(([name, one]) => [name.trim(), one])) : undefined);
  };
  return (
    <fieldset
      className="grid gap-1.5"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setTyped((list) => list?.some(([name]) => name.trim() === "") ? list : undefined);
      }}
    >
      <legend className="mb-1.5 text-sm font-medium">
        <Label field={field} />
      </legend>
      {rows.map(([name, one], n) => (
        <div key={n} className="flex items-center gap-1.5">
          <Input
            aria-label={t("Name of field {{number}}", { number: n + 1 })}
            placeholder={t("name")}
            className="font-mono text-xs"
            value={name}
            onChange={(event) => {
              set(rows.map((row, at) => (at === n ? [event.target.value, row[1]] : row)));
            }}
          />
          <Input
            aria-label={t("Value of field {{number}}", { number: n + 1 })}
            placeholder={t("empty removes it")}
            value={one}
            onChange={(event) => {
              set(rows.map((row, at) => (at === n ? [row[0], event.target.value] : row)));
            }}
          />
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={t("Remove field {{number}}", { number: n + 1 })}
            onClick={() => {
              set(rows.filter((_row, at) => at !== n));
            }}
          >
            <X />
          </Button>
        </div>
      ))}
      <Button
        size="sm"
        className={cn("justify-self-start")}
        onClick={() => {
          setTyped([...rows, ["", ""]]);
        }}
      >
        <Plus aria-hidden />
        {t("Add field")}
      </Button>
      {error ? <Wrong>{error}</Wrong> : null}
      {field.help ? <p className="text-xs text-ink-muted">{field.help}</p> : null}
    </fieldset>
  );
}
