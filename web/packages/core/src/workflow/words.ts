import { t } from "@rapport/i18n";
import type { Condition, Definition, Fact, FlowField, Operator, Step, StepKind, Trigger, Value, Values, Vocabulary } from "./types";

// Workflows in plain words, for nodes, lists, differences and screen readers.

const units: [string, number, (count: number) => string][] = [
  ["day", 86_400, (count) => t("{{count}} days", { count })],
  ["hour", 3_600, (count) => t("{{count}} hours", { count })],
  ["minute", 60, (count) => t("{{count}} minutes", { count })],
  ["second", 1, (count) => t("{{count}} seconds", { count })],
];

/** Seconds as people say them: "15 minutes", "1 hour 30 minutes". */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds <= 0) return t("{{count}} seconds", { count: 0 });
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const [, size, words] of units) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) parts.push(words(n));
  }
  return parts.join(" ");
}

/** The seconds of a unit, in English or in the language of the desk. */
function sizeOf(word: string): number | undefined {
  const english = /^(?:days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)$/.test(word);
  return units.find(([name, , words]) =>
    english ? name.startsWith(word[0] ?? "") : [1, 2].some((n) => words(n).toLowerCase() === `${n} ${word}`),
  )?.[1];
}

/** What people type as seconds: "15 minutes", "1h 30m", "90" (of the unit given). Undefined if it is no time. */
export function parseDuration(text: string, plain = 60): number | undefined {
  const trimmed = text.trim().toLowerCase().replace(/\band\b|,/g, " ");
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * plain);
  let total = 0;
  let found = false;
  const rest = trimmed.replace(/(\d+(?:\.\d+)?)\s*(\p{L}+)/gu, (all, n: string, word: string) => {
    const size = sizeOf(word);
    if (size === undefined) return all;
    found = true;
    total += Number(n) * size;
    return "";
  });
  return found && rest.trim() === "" ? Math.round(total) : undefined;
}

/** Names of things that values only hold the id of. */
export interface Names {
  agent: (id: string) => string | undefined;
  queue: (id: string) => string | undefined;
  bot: (id: string) => string | undefined;
  inbox: (id: string) => string | undefined;
  workflow: (id: string) => string | undefined;
  /** By its code. */
  disposition: (code: string) => string | undefined;
  step: (id: string) => string | undefined;
}

export const noNames: Names = {
  agent: () => undefined,
  queue: () => undefined,
  bot: () => undefined,
  inbox: () => undefined,
  workflow: () => undefined,
  disposition: () => undefined,
  step: () => undefined,
};

export function kindOf(vocabulary: Vocabulary, step: Step): StepKind | undefined {
  return vocabulary.steps.find((kind) => kind.kind === step.kind);
}

export function titleOf(vocabulary: Vocabulary, step: Step): string {
  return step.title?.trim() || kindOf(vocabulary, step)?.label || step.kind;
}

export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

const list = (value: Value): string[] => (Array.isArray(value) ? value.map((one) => text(one)) : [text(value)]);

function text(value: Value | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** One value in words. */
export function valueText(field: Pick<FlowField, "type" | "choices">, value: Value | undefined, vocabulary: Vocabulary, names: Names): string {
  if (isEmpty(value) || value === undefined) return "";
  switch (field.type) {
    case "duration":
      return typeof value === "number" ? durationText(value) : text(value);
    case "bool":
      return value === true ? t("yes") : t("no");
    case "agent":
      return list(value).map((id) => chosen(field, id) ?? names.agent(id) ?? t("an agent who is gone")).join(", ");
    case "queue":
      return list(value).map((id) => chosen(field, id) ?? names.queue(id) ?? t("a queue that is gone")).join(", ");
    case "bot":
      return list(value).map((id) => chosen(field, id) ?? names.bot(id) ?? t("a bot that is gone")).join(", ");
    case "inbox":
      return list(value).map((id) => chosen(field, id) ?? names.inbox(id) ?? t("an inbox that is gone")).join(", ");
    case "disposition":
      return names.disposition(text(value)) ?? text(value);
    case "workflow":
      return names.workflow(text(value)) ?? t("another workflow");
    case "step":
      return names.step(text(value)) ?? t("a step that is gone");
    case "condition":
      return conditionText(value as Condition, vocabulary, names);
    case "fields":
      return typeof value === "object" && !Array.isArray(value)
        ? Object.entries(value as object).map(([name, one]) => (one === "" ? t("clear {{name}}", { name }) : `${name} = ${text(one as Value)}`)).join(", ")
        : text(value);
    default:
      return list(value).map((one) => chosen(field, one) ?? one).join(", ");
  }
}

function chosen(field: Pick<FlowField, "choices">, value: string): string | undefined {
  return field.choices?.find((one) => one.value === value)?.label;
}

const oneLine = (words: string) => words.replace(/\s+/g, " ").trim();

/** What holds for a field: what is set, else what it is by itself. */
export function valueOf(field: FlowField, values: Values | undefined): Value | undefined {
  return values?.[field.name] ?? field.default;
}

/** A field that only makes sense with another choice of "event" or "tell" is not asked for. */
export function applies(field: FlowField, values: Values | undefined, among: FlowField[] = []): boolean {
  if (field.event) return values?.["event"] === field.event;
  const tell = among.find((one) => one.name === "tell");
  return field.name !== "agent" || !tell || valueOf(tell, values) === "agent";
}

/** What a step does with its values, in one line; empty if nothing is set. */
export function summaryOf(vocabulary: Vocabulary, step: Step, names: Names): string {
  const kind = kindOf(vocabulary, step);
  if (!kind) return t("This kind of step is unknown here.");
  const values = step.with ?? {};
  const fieldNamed = (name: string) => kind.fields.find((one) => one.name === name && applies(one, values, kind.fields));
  const said = (name: string) => {
    const field = fieldNamed(name);
    return field ? valueText(field, valueOf(field, values), vocabulary, names) : "";
  };
  const on = (name: string) => {
    const field = fieldNamed(name);
    return field !== undefined && valueOf(field, values) === true;
  };
  const joined = (...words: (string | false)[]) => words.filter(Boolean).join(", ");
  switch (step.kind) {
    case "assign_agent":
      return joined(said("agent") && t("To {{name}}", { name: said("agent") }), on("only_online") && t("only if online"));
    case "assign_queue":
      return joined(
        said("queue") ? t("To {{name}}", { name: said("queue") }) : t("Within its queue"),
        on("exclude_current") && t("to somebody else"),
        on("only_online") && t("only online"),
        on("prefer_last_agent") && t("own agent first"),
        said("strategy") && lower(said("strategy")),
      );
    case "assign_sticky":
      return joined(t("Else to the queue"), on("exclude_current") && t("to somebody else"));
    case "wait":
      return said("seconds");
    case "wait_for": {
      const more = said("to") || said("tag");
      return joined(t("Until {{event}}", { event: lower(said("event")) + (more && ` (${more})`) }), said("timeout") && t("at most {{time}}", { time: said("timeout") }));
    }
    case "branch":
      return capital(said("if"));
    case "comment":
    case "notify":
      return joined(quote(said("text")));
    case "send":
    case "ask":
      return quote(said("text"));
    case "tag":
      return joined(said("add") && t("Add {{tags}}", { tags: said("add") }), said("remove") && t("remove {{tags}}", { tags: said("remove") }));
    case "jump":
      return joined(said("to") && t("To {{name}}", { name: said("to") }), said("max") && t("at most {{count}} times", { count: Number(said("max")) }));
    case "webhook":
      return said("url");
    case "close":
      return t("Ends the conversation");
    default:
      return kind.fields
        .filter((field) => applies(field, values, kind.fields) && !isEmpty(values[field.name]) && values[field.name] !== false)
        .slice(0, 3)
        .map((field) => (field.type === "bool" ? lower(field.label) : oneLine(valueText(field, values[field.name], vocabulary, names))))
        .join(", ");
  }
}

export const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
const lower = (words: string) => (words ? words.charAt(0).toLowerCase() + words.slice(1) : words);
const quote = (words: string) => (words ? `“${oneLine(words)}”` : "");

/** A step read aloud: title, what it does. */
export function stepSentence(vocabulary: Vocabulary, step: Step, names: Names): string {
  const title = titleOf(vocabulary, step);
  const does = summaryOf(vocabulary, step, names);
  const same = title.toLowerCase() === does.toLowerCase();
  if (step.kind === "wait" && does && (same || !step.title)) return `${kindOf(vocabulary, step)?.label ?? t("Wait")} ${does}`;
  if (same) return title;
  return does ? `${title}${/[?!.:]$/.test(title) ? "" : ":"} ${does}` : title;
}

/** A trigger in words: "Conversation opened, source: customer". */
export function triggerText(vocabulary: Vocabulary, trigger: Trigger, names: Names): string {
  const kind = vocabulary.triggers.find((one) => one.kind === trigger.kind);
  if (!kind) return trigger.kind ? t("Unknown trigger {{kind}}", { kind: trigger.kind }) : t("No trigger yet");
  const details = kind.fields
    .filter((field) => !isEmpty(trigger.with?.[field.name]) && trigger.with?.[field.name] !== false)
    .map((field) =>
      field.type === "bool" ? lower(field.label) : `${lower(field.label)} ${lower(valueText(field, trigger.with?.[field.name], vocabulary, names))}`,
    );
  const when = trigger.when ? conditionText(trigger.when, vocabulary, names) : "";
  return [kind.label, ...details, when && t("only if {{when}}", { when })].filter(Boolean).join(", ");
}

/** The fact of a name, also of one of the families such as contact.fields.*. */
export function factOf(vocabulary: Vocabulary, name: string): Fact | undefined {
  return (
    vocabulary.facts.find((one) => one.name === name) ??
    vocabulary.facts.find((one) => one.name.endsWith(".*") && name.startsWith(one.name.slice(0, -1)))
  );
}

export function operatorsOf(vocabulary: Vocabulary, fact: Fact | undefined): Operator[] {
  return vocabulary.operators.filter((one) => fact && one.types.includes(fact.type));
}

function named(type: string | undefined, id: string, names: Names): string | undefined {
  return type === "agent" || type === "queue" || type === "bot" || type === "inbox" ? names[type](id) : undefined;
}

function factValue(fact: Fact | undefined, value: Value | undefined, names: Names): string {
  if (value === undefined || value === null || value === "") return "…";
  if (fact?.type === "duration" && typeof value === "number") return durationText(value);
  if (fact?.type === "bool") return value === true ? t("yes") : t("no");
  const one = (v: Value) =>
    fact?.choices?.find((choice) => choice.value === text(v))?.label ??
    named(fact?.type, text(v), names) ??
    text(v);
  return Array.isArray(value) ? value.map(one).join(` ${t("or")} `) : one(value);
}

/** A condition in words, groups in brackets where they are needed. */
export function conditionText(condition: Condition, vocabulary: Vocabulary, names: Names, nested = false): string {
  const group = (parts: Condition[], word: string) => {
    const words = parts.map((part) => conditionText(part, vocabulary, names, parts.length > 1)).filter(Boolean);
    if (words.length === 0) return "";
    const joined = words.join(` ${word} `);
    return nested && words.length > 1 ? `(${joined})` : joined;
  };
  if (condition.all) return group(condition.all, t("and"));
  if (condition.any) return group(condition.any, t("or"));
  if (condition.not) return t("not ({{condition}})", { condition: conditionText(condition.not, vocabulary, names) });
  if (condition.expr !== undefined) return condition.expr.trim() ? oneLine(condition.expr) : "";
  if (!condition.fact) return "";
  const fact = factOf(vocabulary, condition.fact);
  const operator = vocabulary.operators.find((one) => one.name === condition.op);
  const name = fact?.name.endsWith(".*") ? `${fact.label} ${condition.fact.slice(fact.name.length - 1)}` : (fact?.label ?? condition.fact);
  const words = [lower(name), operator?.label ?? condition.op ?? "…"];
  if (operator?.value !== "none") words.push(factValue(fact, condition.value, names));
  return words.join(" ");
}

export function namesOfSteps(vocabulary: Vocabulary, definition: Definition): (id: string) => string | undefined {
  return (id) => {
    const step = definition.steps.find((one) => one.id === id);
    return step ? `“${titleOf(vocabulary, step)}”` : undefined;
  };
}

const outcomes: Record<string, string> = {
  waits: t("waits"),
  retry: t("tries again"),
  error: t("failed"),
  done: t("done"),
  event: t("it happened"),
  timeout: t("time is up"),
  yes: t("yes"),
  no: t("no"),
};

/** What a line of a log calls the way on, in words. */
export function outcomeText(kind: StepKind | undefined, outcome: string): string {
  const label = kind?.outputs.find((one) => one.name === outcome)?.label;
  return label ? lower(label) : (outcomes[outcome] ?? outcome);
}
