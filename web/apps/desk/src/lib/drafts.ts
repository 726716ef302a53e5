import { useSyncExternalStore } from "react";

// Drafts are kept in the browser per agent and conversation, so that neither a
// reload nor a new sign-in loses what was being written, and nobody reads what
// another agent wrote at the same machine.

type Kind = "message" | "note";
const listeners = new Set<() => void>();
let owner = "";
const keyOf = (id: string, kind: Kind) => `rapport.draft.${owner}.${kind}.${id}`;

export function draftsOf(agentId: string): void {
  owner = agentId;
}

export const drafts = {
  read: (id: string, kind: Kind): string => localStorage.getItem(keyOf(id, kind)) ?? "",
  write: (id: string, kind: Kind, text: string): void => {
    try {
      if (text) localStorage.setItem(keyOf(id, kind), text);
      else localStorage.removeItem(keyOf(id, kind));
    } catch {
      // A full or forbidden storage costs the draft's survival, not the writing.
    }
    for (const listener of listeners) listener();
  },
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDraft(id: string, kind: Kind): string {
  return useSyncExternalStore(subscribe, () => drafts.read(id, kind));
}

export function hasDraft(id: string): boolean {
  return drafts.read(id, "message") !== "" || drafts.read(id, "note") !== "";
}
