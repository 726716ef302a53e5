import { isProblem } from "@rapport/core/api/problem";
import type { State, Summary } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { toast } from "@rapport/ui/toast";
import type { Backend } from "@/lib/backend";
import { desk } from "@/lib/desk-state";
import { tell, tellUndoable } from "@/lib/tell";

// What a person does to a conversation, and what they are told about it.

/**
 * Takes a conversation. Who comes second is told who has it, and sees it at
 * once; whose capacity is used up may take it all the same.
 */
export async function claim(backend: Backend, c: Summary, override = false): Promise<void> {
  try {
    backend.put(await backend.api.conversations.claim(c.id, override));
  } catch (error) {
    if (isProblem(error, "at_capacity")) {
      const anyway = () => {
        claim(backend, c, true).catch(tell);
      };
      toast(error.message, { tone: "danger", action: { label: t("Claim anyway"), perform: anyway } });
      return;
    }
    if (!isProblem(error, "already_assigned")) throw error;
    toast(error.message, { tone: "danger" });
    backend.put(await backend.api.conversations.read(c.id));
  }
}

const done: Record<State, string> = { open: t("Reopened"), pending: t("Set to pending"), solved: t("Solved"), closed: t("Closed") };

/** Changes the state; where it can be taken back, the toast offers it. */
export async function setState(backend: Backend, c: Summary, state: State): Promise<void> {
  const before = c.state;
  try {
    backend.put(await backend.api.conversations.setState(c.id, state));
  } catch (error) {
    if (!isProblem(error, "details_missing")) throw error;
    desk.set({ dialog: "lacking", ending: state });
    return;
  }
  if (state === "open" || state === "closed") {
    toast(done[state]);
    return;
  }
  tellUndoable(done[state], async () => {
    // What is solved is open before it can be pending again.
    if (state === "solved" && before === "pending") backend.put(await backend.api.conversations.setState(c.id, "open"));
    if (c.snoozed_until && Date.parse(c.snoozed_until) > Date.now()) {
      backend.put(await backend.api.together.snooze(c.id, c.snoozed_until));
      toast(t("Snoozed until {{time}}", { time: dateTime(c.snoozed_until) }));
      return;
    }
    await setState(backend, { ...c, state }, before);
  });
}

export async function release(backend: Backend, c: Summary, reason: string): Promise<void> {
  backend.put(await backend.api.conversations.release(c.id, reason));
  toast(t("Back in {{queue_name}}", { queue_name: c.queue_name }));
}

export async function cancelTransfer(backend: Backend, c: Summary): Promise<void> {
  backend.put(await backend.api.conversations.cancelTransfer(c.id));
  toast(t("Transfer cancelled"));
}

/** Merges, and offers to undo it. */
export async function mergeInto(backend: Backend, id: string, from: string): Promise<void> {
  const merged = await backend.api.outbound.merge(id, from);
  backend.put(merged);
  backend.cache.stale(keys.thread(id));
  const perform = () => {
    undoMerge(backend, id, from).catch(tell);
  };
  toast(t("The conversations are one now"), { action: { label: t("Undo"), perform } });
}

export async function undoMerge(backend: Backend, id: string, from: string): Promise<void> {
  backend.put(await backend.api.outbound.unmerge(id, from));
  backend.cache.stale(keys.thread(id));
  backend.cache.stale(keys.conversation(from));
  toast(t("The merge was undone"));
}
