import type { AssistTask, Tone } from "@rapport/core/api/bots";
import { sentenceOf } from "@rapport/core/api/problem";
import { toneNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { toast } from "@rapport/ui/toast";
import type { Backend } from "@/lib/backend";
import { drafts } from "@/lib/drafts";
import { createStore } from "@/lib/store";

// Help of a language model with the reply that is being written. It only ever
// changes the draft, and never one that was written on meanwhile.

export const tones = Object.keys(toneNames) as Tone[];

export type Wish = { task: "reply" } | { task: "tone"; tone: Tone };

export type Assistance =
  | { is: "busy"; wish: Wish }
  | { is: "done"; wish: Wish; before: string; after: string }
  | { is: "failed"; wish: Wish; why: string };

/** What the help is doing, by conversation. */
export const assist = createStore<{ of: Record<string, Assistance | undefined> }>({ of: {} });

const calls = new Map<string, AbortController>();

function set(id: string, value: Assistance | undefined): void {
  assist.set({ of: { ...assist.get().of, [id]: value } });
}

/** Asks for a reply or another tone, and puts it into the draft. */
export async function ask({ api }: Backend, id: string, wish: Wish): Promise<void> {
  const before = drafts.read(id, "message");
  if (wish.task === "tone" && before.trim() === "") {
    toast(t("Write something first; then its tone can be changed."), { tone: "danger" });
    return;
  }
  cancel(id);
  const call = new AbortController();
  calls.set(id, call);
  set(id, { is: "busy", wish });
  const own = before.trim() === "" ? {} : { text: before };
  const task: AssistTask = wish.task === "tone" ? { ...wish, text: before } : { ...wish, ...own };
  try {
    const { text } = await api.conversations.assist(id, task, call.signal);
    if (call.signal.aborted) return;
    if (drafts.read(id, "message") === before) {
      drafts.write(id, "message", text);
      set(id, { is: "done", wish, before, after: text });
    } else {
      set(id, { is: "failed", wish, why: t("You went on writing, so your text was left as it is.") });
    }
  } catch (error) {
    if (!call.signal.aborted) set(id, { is: "failed", wish, why: sentenceOf(error) });
  } finally {
    if (calls.get(id) === call) calls.delete(id);
  }
}

export function cancel(id: string): void {
  calls.get(id)?.abort();
  calls.delete(id);
  dismiss(id);
}

/** Forgets what was done; the draft stays. */
export function dismiss(id: string): void {
  if (assist.get().of[id]) set(id, undefined);
}

/** Puts the draft back as it was before. */
export function undo(id: string): void {
  const state = assist.get().of[id];
  if (state?.is !== "done") return;
  drafts.write(id, "message", state.before);
  dismiss(id);
}

export function doing(wish: Wish): string {
  return wish.task === "reply" ? t("Writing a suggestion") : t("Rewriting: {{tone}}", { tone: toneNames[wish.tone].toLowerCase() });
}
