import { useSyncExternalStore } from "react";
import type { Draft } from "@rapport/core/api/together";

// Drafts are kept on the server, and in the browser per agent and conversation,
// so that neither a reload nor another machine loses what was being written,
// and nobody reads what another agent wrote at the same machine.

type Kind = "message" | "note";

/** The calls that keep drafts on the server. */
export interface DraftCalls {
  drafts: () => Promise<{ items: Draft[] }>;
  draft: (id: string, kind: Kind) => Promise<Draft>;
  saveDraft: (id: string, kind: Kind, body: string, version: number) => Promise<Draft & { other?: Draft }>;
}

/** What the server was last known to hold. */
interface Known {
  version: number;
  body: string;
}

/** Without a key press for this long, a draft is saved. */
const REST = 1_200;

const listeners = new Set<() => void>();
const saving = new Map<string, ReturnType<typeof setTimeout>>();
const others = new Map<string, string>();
let owner = "";
let calls: DraftCalls | undefined;
const keyOf = (id: string, kind: Kind) => `rapport.draft.${owner}.${kind}.${id}`;

export function draftsOf(agentId: string): void {
  owner = agentId;
}

/** From now on drafts are kept on the server, too. */
export function keepDrafts(with_: DraftCalls): void {
  if (calls === undefined) {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") for (const key of [...saving.keys()]) void save(key);
    });
  }
  calls = with_;
}

function put(key: string, text: string): void {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    // A full or forbidden storage costs the draft's survival, not the writing.
  }
}

function tellAll(): void {
  for (const listener of listeners) listener();
}

function knownOf(key: string): Known {
  try {
    return JSON.parse(localStorage.getItem(`${key}.known`) ?? "") as Known;
  } catch {
    return { version: 0, body: "" };
  }
}

function know(key: string, held: Known): void {
  put(`${key}.known`, held.version > 0 ? JSON.stringify(held) : "");
}

const placeOf = (key: string) => {
  const [kind, id] = key.split(".").slice(-2) as [Kind, string];
  return { kind, id };
};

async function save(key: string): Promise<void> {
  clearTimeout(saving.get(key));
  saving.delete(key);
  const { kind, id } = placeOf(key);
  const body = localStorage.getItem(key) ?? "";
  const held = knownOf(key);
  if (!calls || body === held.body) return;
  try {
    const saved = await calls.saveDraft(id, kind, body, held.version);
    know(key, { version: saved.version, body });
    if (saved.other) {
      others.set(key, saved.other.body);
      tellAll();
    }
  } catch {
    // It is in the browser, and saved with the next key press.
  }
}

/** Brings what another desk saved here; what was written here since stays, and the other is offered. */
function take(draft: Draft): void {
  const key = keyOf(draft.conversation_id, draft.kind);
  const held = knownOf(key);
  if (draft.version <= held.version || saving.has(key)) return;
  const local = localStorage.getItem(key) ?? "";
  know(key, { version: draft.version, body: draft.body });
  if (local === held.body || local === draft.body) put(key, draft.body);
  else others.set(key, draft.body);
}

export const drafts = {
  read: (id: string, kind: Kind): string => localStorage.getItem(keyOf(id, kind)) ?? "",
  write: (id: string, kind: Kind, text: string): void => {
    const key = keyOf(id, kind);
    put(key, text);
    if (calls) {
      clearTimeout(saving.get(key));
      saving.set(key, setTimeout(() => void save(key), REST));
    }
    tellAll();
  },
  /** It is on its way: the server forgets it with the sending. */
  sent: (id: string, kind: Kind): void => {
    const key = keyOf(id, kind);
    clearTimeout(saving.get(key));
    saving.delete(key);
    others.delete(key);
    put(key, "");
    know(key, { version: 0, body: "" });
    tellAll();
  },
  /** Saves at once what was not saved yet, e.g. on leaving the conversation. */
  flush: (id: string): void => {
    for (const kind of ["message", "note"] as const) if (saving.has(keyOf(id, kind))) void save(keyOf(id, kind));
  },
  /** Asks the server for what other desks have saved, of one conversation or of all. */
  load: async (id?: string): Promise<void> => {
    if (!calls) return;
    try {
      const found = id ? await Promise.all([calls.draft(id, "message"), calls.draft(id, "note")]) : (await calls.drafts()).items;
      for (const draft of found) take(draft);
      tellAll();
    } catch {
      // What the browser holds is shown.
    }
  },
  /** Takes, or puts away, what the other desk had. */
  settle: (id: string, kind: Kind, use: boolean): void => {
    const key = keyOf(id, kind);
    const other = others.get(key);
    others.delete(key);
    if (use && other !== undefined) drafts.write(id, kind, other);
    else tellAll();
  },
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDraft(id: string, kind: Kind): string {
  return useSyncExternalStore(subscribe, () => drafts.read(id, kind));
}

/** What another desk of one's own had written, if that is not what is here. */
export function useOtherDraft(id: string, kind: Kind): string | undefined {
  return useSyncExternalStore(subscribe, () => others.get(keyOf(id, kind)));
}

export function hasDraft(id: string): boolean {
  return drafts.read(id, "message") !== "" || drafts.read(id, "note") !== "";
}
