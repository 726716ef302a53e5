import { t } from "@rapport/i18n";
import { linksOf, ON_ERROR, outputsOf, stepOf, TRIGGER } from "./edit";
import type { Definition, Step, Value, Vocabulary } from "./types";
import { isEmpty, kindOf, type Names, stepSentence, titleOf, triggerText, valueText } from "./words";

export interface Difference {
  kind: "added" | "removed" | "changed";
  /** Id of the step; "trigger" or "" for the workflow as a whole. */
  step: string;
  title: string;
  details: string[];
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** Objects with their members in one order; what is empty is the same as what is missing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]) => [name, sorted(one)] as const)
      .filter(([, one]) => !isEmpty(one as Value))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Two definitions do the same; where their steps stand does not count. */
export function sameDeeds(a: Definition, b: Definition): boolean {
  return same(deeds(a), deeds(b));
}

function deeds({ name: _name, ...definition }: Definition): unknown {
  const steps = definition.steps.map(({ position: _position, ...step }) => step);
  const { position: _position, ...trigger } = definition.trigger;
  return { ...definition, trigger, steps: steps.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** Two definitions are the same in all, also in where steps stand. */
export function sameDrawing(a: Definition, b: Definition): boolean {
  const places = ({ trigger, steps }: Definition) => [trigger.position ?? null, ...steps.map((step) => [step.id, step.position ?? null])];
  return sameDeeds(a, b) && same(places(a), places(b));
}

/** What is different after a change, in words. Where steps stand does not count. */
export function differences(before: Definition | null, after: Definition, vocabulary: Vocabulary, names: Names): Difference[] {
  const found: Difference[] = [];
  const nameIn = (definition: Definition): Names => ({
    ...names,
    step: (id) => {
      const step = stepOf(definition, id);
      return step ? `“${titleOf(vocabulary, step)}”` : undefined;
    },
  });
  const old = before ? nameIn(before) : names;
  const now = nameIn(after);
  if (!before) {
    found.push({ kind: "added", step: TRIGGER, title: t("Starts on: {{trigger}}", { trigger: triggerText(vocabulary, after.trigger, now) }), details: [] });
  } else if (!same({ ...before.trigger, position: null }, { ...after.trigger, position: null })) {
    const details = [t("was: {{value}}", { value: triggerText(vocabulary, before.trigger, old) }), t("is now: {{value}}", { value: triggerText(vocabulary, after.trigger, now) })];
    found.push({ kind: "changed", step: TRIGGER, title: t("Trigger"), details });
  }
  for (const step of after.steps) {
    const earlier = before ? stepOf(before, step.id) : undefined;
    if (!earlier || earlier.kind !== step.kind) {
      found.push({ kind: "added", step: step.id, title: stepSentence(vocabulary, step, now), details: [] });
      continue;
    }
    const details = before ? stepDetails(before, after, earlier, step, vocabulary, old, now) : [];
    if (details.length > 0) found.push({ kind: "changed", step: step.id, title: titleOf(vocabulary, step), details });
  }
  for (const step of before?.steps ?? []) {
    const later = stepOf(after, step.id);
    if (!later || later.kind !== step.kind) found.push({ kind: "removed", step: step.id, title: stepSentence(vocabulary, step, old), details: [] });
  }
  if (before && before.start !== after.start) {
    found.push({ kind: "changed", step: TRIGGER, title: t("First step"), details: [t("is now: {{value}}", { value: now.step(after.start) ?? t("none") })] });
  }
  if (before && !same(before.limits ?? {}, after.limits ?? {})) {
    found.push({ kind: "changed", step: "", title: t("Limits"), details: [] });
  }
  return found;
}

function stepDetails(before: Definition, after: Definition, a: Step, b: Step, vocabulary: Vocabulary, old: Names, now: Names): string[] {
  const details: string[] = [];
  if ((a.title ?? "") !== (b.title ?? "")) details.push(`${t("Name")}: ${a.title || t("none")} → ${b.title || t("none")}`);
  const kind = kindOf(vocabulary, b);
  const names = new Set([...Object.keys(a.with ?? {}), ...Object.keys(b.with ?? {})]);
  for (const name of names) {
    const was: Value | undefined = a.with?.[name];
    const is: Value | undefined = b.with?.[name];
    if (same(was ?? null, is ?? null) || (was ?? false) === (is ?? false)) continue;
    const field = kind?.fields.find((one) => one.name === name) ?? { name, label: name, type: "string" as const };
    details.push(`${field.label}: ${valueText(field, was, vocabulary, old) || t("empty")} → ${valueText(field, is, vocabulary, now) || t("empty")}`);
  }
  const ways = new Set([...linksOf(before), ...linksOf(after)].filter((link) => link.from === a.id).map((link) => link.output));
  for (const output of ways) {
    const at = (definition: Definition) => linksOf(definition).find((link) => link.from === a.id && link.output === output)?.to ?? "";
    if (at(before) === at(after)) continue;
    const outputs = outputsOf(vocabulary, b);
    const label = output === ON_ERROR ? t("On failure") : outputs.length > 1 ? (outputs.find((one) => one.name === output)?.label ?? output) : t("Next");
    details.push(`${label}: ${old.step(at(before)) ?? t("the end")} → ${now.step(at(after)) ?? t("the end")}`);
  }
  return details;
}
