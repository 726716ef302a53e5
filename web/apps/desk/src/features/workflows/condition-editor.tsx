import { Code, Plus, SquarePlus, X } from "lucide-react";
import type { Condition, Fact, Operator, Value } from "@rapport/core/workflow/types";
import { factOf, operatorsOf } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Choice } from "@rapport/ui/choice";
import { cn } from "@rapport/ui/cn";
import { Input, Select, Textarea } from "@rapport/ui/field";
import { asGroup, fromGroup, isGroup, type Mode } from "./conditions";
import { useBuilder } from "./context";
import { factGroups } from "./facts";
import { Choices as ChoicesControl, DurationInput, ListInput } from "./fields";

const modes: { value: Mode; label: string }[] = [
  { value: "all", label: t("All") },
  { value: "any", label: t("Any") },
  { value: "none", label: t("None") },
];

/** Comparisons in groups that hold if all, any or none of theirs do. */
export function ConditionEditor({ value, onChange, depth = 0 }: { value: Condition; onChange: (value: Condition) => void; depth?: number }) {
  const { vocabulary } = useBuilder();
  const { mode, items } = asGroup(value);
  const set = (next: Condition[]) => {
    onChange(fromGroup(mode, next));
  };
  const fresh = (): Condition => {
    const fact = vocabulary.facts[0];
    const operator = operatorsOf(vocabulary, fact)[0];
    return { fact: fact?.name ?? "", op: operator?.name ?? "", ...(fact?.choices?.[0] ? { value: fact.choices[0].value } : {}) };
  };
  return (
    <div role="group" aria-label={depth === 0 ? t("Condition") : t("Group of conditions")} className={cn("grid gap-2", depth > 0 && "rounded-md border-s-2 border-accent/50 bg-canvas py-2 pe-1 ps-2.5")}>
      <div className="flex items-center gap-2 text-xs text-ink-muted">
        <Choice
          label={t("How the conditions count together")}
          value={mode}
          onChange={(next) => {
            onChange(fromGroup(next, items));
          }}
          options={modes}
        />
        {mode === "none" ? t("of these hold") : mode === "any" ? t("of these holds") : t("of these hold")}
      </div>
      {items.length === 0 ? <p className="text-xs text-ink-muted">{depth === 0 ? t("No condition yet: it always holds.") : t("This group is empty.")}</p> : null}
      {items.map((item, n) => (
        <div key={n} className="grid gap-2">
          {n > 0 ? <span className="text-2xs font-medium text-ink-faint uppercase">{mode === "all" ? t("and") : t("or")}</span> : null}
          <div className="flex items-start gap-1">
            <div className="min-w-0 flex-1">
              <Item
                value={item}
                depth={depth}
                onChange={(next) => {
                  set(items.map((one, at) => (at === n ? next : one)));
                }}
              />
            </div>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t("Remove condition {{number}}", { number: n + 1 })}
              onClick={() => {
                set(items.filter((_one, at) => at !== n));
              }}
            >
              <X />
            </Button>
          </div>
        </div>
      ))}
      <div className="flex flex-wrap gap-1">
        <Button
          size="sm"
          onClick={() => {
            set([...items, fresh()]);
          }}
        >
          <Plus aria-hidden />
          {t("Condition")}
        </Button>
        {depth < 3 ? (
          <Button
            size="sm"
            variant="ghost"
            onClick={() => {
              set([...items, { [mode === "all" ? "any" : "all"]: [fresh()] }]);
            }}
          >
            <SquarePlus aria-hidden />
            {t("Group")}
          </Button>
        ) : null}
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            set([...items, { expr: "" }]);
          }}
        >
          <Code aria-hidden />
          {t("Expression")}
        </Button>
      </div>
    </div>
  );
}

function Item({ value, onChange, depth }: { value: Condition; onChange: (value: Condition) => void; depth: number }) {
  if (isGroup(value)) return <ConditionEditor value={value} onChange={onChange} depth={depth + 1} />;
  if (value.expr !== undefined) {
    return (
      <Textarea
        aria-label={t("Expression")}
        placeholder={t("conversation.state == \"open\" && queue.available > 0")}
        className="min-h-14 font-mono text-xs"
        value={value.expr}
        onChange={(event) => {
          onChange({ expr: event.target.value });
        }}
      />
    );
  }
  return <Comparison value={value} onChange={onChange} />;
}

function Comparison({ value, onChange }: { value: Condition; onChange: (value: Condition) => void }) {
  const { vocabulary } = useBuilder();
  const fact = factOf(vocabulary, value.fact ?? "");
  const operators = operatorsOf(vocabulary, fact);
  const operator = vocabulary.operators.find((one) => one.name === value.op);
  const family = fact?.name.endsWith(".*") ? fact.name.slice(0, -1) : undefined;

  function choose(name: string): void {
    const next = factOf(vocabulary, name);
    const own = operatorsOf(vocabulary, next);
    const op = own.some((one) => one.name === value.op) ? value.op : own[0]?.name;
    const first = next?.choices?.[0]?.value ?? (next?.type === "bool" ? true : undefined);
    const { value: _old, ...rest } = value;
    onChange({ ...rest, fact: name, ...(op ? { op } : {}), ...(first !== undefined && own.find((one) => one.name === op)?.value === "one" ? { value: first } : {}) });
  }

  function compare(op: string): void {
    const next = vocabulary.operators.find((one) => one.name === op);
    const { value: old, ...rest } = value;
    if (next?.value === "none" || old === undefined) onChange({ ...rest, op });
    else if (next?.value === "many") onChange({ ...rest, op, value: Array.isArray(old) ? old : [old] });
    else onChange({ ...rest, op, value: Array.isArray(old) ? (old[0] ?? "") : old });
  }

  return (
    <div className="grid grid-cols-2 gap-1.5">
      <Select
        aria-label={t("Fact")}
        className="col-span-2"
        value={family ? `${family}*` : (value.fact ?? "")}
        onChange={(event) => {
          choose(event.target.value);
        }}
      >
        {fact ? null : <option value={value.fact ?? ""}>{value.fact ? t("Unknown: {{fact}}", { fact: value.fact }) : t("Choose")}</option>}
        {factGroups(vocabulary.facts).map(([group, facts]) => (
          <optgroup key={group} label={group}>
            {facts.map((one) => (
              <option key={one.name} value={one.name}>
                {one.label}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
      {family ? (
        <Input
          aria-label={t("Name of the field")}
          placeholder={t("name of the field")}
          className="col-span-2 font-mono text-xs"
          value={(value.fact ?? "").slice(family.length).replace(/^\*$/, "")}
          onChange={(event) => {
            onChange({ ...value, fact: family + (event.target.value || "*") });
          }}
        />
      ) : null}
      <Select
        aria-label={t("Comparison")}
        className={operator?.value === "none" ? "col-span-2" : ""}
        value={value.op ?? ""}
        onChange={(event) => {
          compare(event.target.value);
        }}
      >
        {operators.some((one) => one.name === value.op) ? null : <option value={value.op ?? ""}>{value.op || t("Choose")}</option>}
        {operators.map((one) => (
          <option key={one.name} value={one.name}>
            {one.label}
          </option>
        ))}
      </Select>
      <Against
        fact={fact}
        operator={operator}
        value={value.value}
        onChange={(next) => {
          const { value: _old, ...rest } = value;
          onChange(next === undefined ? rest : { ...rest, value: next });
        }}
      />
      {fact?.help ? <p className="col-span-2 text-2xs text-ink-muted">{fact.help}</p> : null}
    </div>
  );
}

type Choices = { value: string; label: string }[];

/** What a fact is compared with. */
export function Against({ fact, operator, value, onChange }: { fact: Fact | undefined; operator: Operator | undefined; value: Value | undefined; onChange: (value: Value | undefined) => void }) {
  const { people } = useBuilder();
  if (!fact || operator?.value === "none") return null;
  const named = (list: { id: string; name: string }[]) => list.map((one) => ({ value: one.id, label: one.name }));
  const known: Partial<Record<Fact["type"], Choices>> = { agent: named(people.agents), queue: named(people.queues), bot: people.bots, inbox: people.inboxes };
  const whole = operator?.name === "is" || operator?.name === "is_not" || operator?.value === "many";
  const choices = fact.choices ?? (fact.name === "conversation.disposition" && whole ? people.dispositions : known[fact.type]);
  if (operator?.value === "many") {
    const list = Array.isArray(value) ? value.map(String) : [];
    if (!choices) {
      const numbers = fact.type === "number";
      return (
        <ListInput
          aria-label={t("Values")}
          separator=","
          value={list}
          onChange={(next) => {
            onChange(numbers ? next.map(Number).filter((n) => !Number.isNaN(n)) : next);
          }}
        />
      );
    }
    return (
      <div role="group" aria-label={t("Values")} className="flex flex-wrap gap-1">
        {choices.map((one) => (
          <label key={one.value} className="flex items-center gap-1 rounded-sm border border-line px-1.5 py-0.5 text-xs has-checked:border-accent has-checked:bg-accent-soft">
            <input
              type="checkbox"
              className="accent-accent"
              checked={list.includes(one.value)}
              onChange={(event) => {
                onChange(event.target.checked ? [...list, one.value] : list.filter((held) => held !== one.value));
              }}
            />
            {one.label}
          </label>
        ))}
      </div>
    );
  }
  if (choices) return <ChoicesControl aria-label={t("Value")} choices={choices} empty={t("Choose one")} required value={value} onChange={onChange} />;
  if (fact.type === "bool") {
    return (
      <Select
        aria-label={t("Value")}
        value={value === false ? "no" : "yes"}
        onChange={(event) => {
          onChange(event.target.value === "yes");
        }}
      >
        <option value="yes">{t("yes")}</option>
        <option value="no">{t("no")}</option>
      </Select>
    );
  }
  if (fact.type === "duration") return <DurationInput aria-label={t("Value")} value={typeof value === "number" ? value : undefined} onChange={onChange} />;
  const number = fact.type === "number";
  return (
    <Input
      aria-label={t("Value")}
      type={number ? "number" : "text"}
      value={typeof value === "string" || typeof value === "number" ? value : ""}
      onChange={(event) => {
        if (event.target.value === "") onChange(undefined);
        else onChange(number ? event.target.valueAsNumber : event.target.value);
      }}
    />
  );
}
