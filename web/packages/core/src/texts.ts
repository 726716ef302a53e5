import type { Effects, Form, FormField } from "./api/texts";
import type { Summary } from "./api/types";

/** A place in a text that is still to be filled in. */
export interface Blank {
  name: string;
  from: number;
  to: number;
}

const BLANK = /\{\{\s*([^{}\n]{1,80}?)\s*\}\}/g;

/** The places of a text that are still to be filled in, in their order. */
export function blanksOf(text: string): Blank[] {
  return [...text.matchAll(BLANK)].map((found) => ({ name: found[1] ?? "", from: found.index, to: found.index + found[0].length }));
}

/** The blank that comes next after a place in a text, or before it; it goes round. */
export function nextBlank(text: string, at: { from: number; to: number }, step: 1 | -1): Blank | undefined {
  const all = blanksOf(text);
  if (step === 1) return all.find((blank) => blank.from >= at.to && !(blank.from === at.from && blank.to === at.to)) ?? all[0];
  return all.findLast((blank) => blank.to <= at.from) ?? all.at(-1);
}

/** The form of a conversation: the one that was chosen, else that of its queue. */
export function formOf(forms: Form[], c: Pick<Summary, "form_id" | "queue_id">): Form | undefined {
  return forms.find((form) => form.id === c.form_id) ?? forms.find((form) => form.default_for?.includes(c.queue_id));
}

/** The fields without which a conversation cannot be solved, as far as they are empty. */
export function lacking(form: Form | undefined, values: Record<string, string>): FormField[] {
  return form?.fields.filter((field) => field.required_on_solve && !values[field.name]) ?? [];
}

/** A draft of a new conversation, as far as a macro can fill it in (S3-23, S3-50). */
export type NewDraft = Pick<Effects, "topic" | "body" | "inbox_id" | "form_id" | "fields" | "queue_id" | "assignee_id" | "state" | "priority" | "add_tags" | "disposition_id" | "note" | "summary">;

/** Fills a draft in; `before` is what to go back to when the macro is removed again. */
export function prefill<T extends NewDraft>(draft: T, effects: Effects): { draft: T; before: NewDraft; filled: (keyof NewDraft)[] } {
  const before: NewDraft = {};
  const filled: (keyof NewDraft)[] = [];
  const next: NewDraft = { ...draft };
  for (const [name, value] of Object.entries(effects) as [keyof NewDraft, never][]) {
    if ((name as string) === "remove_tags") continue;
    before[name] = draft[name] as never;
    next[name] = value;
    filled.push(name);
  }
  return { draft: next as T, before, filled };
}
