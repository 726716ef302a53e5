import { useSyncExternalStore } from "react";
import type { Draft } from "@rapport/core/api/together";
import type { WritingExtra } from "@rapport/core/outbox";

// Drafts are kept on the server, and in the browser per agent and conversation,
// so that neither a reload nor another machine loses what was being written,
// and nobody reads what another agent wrote at the same machine.

type Kind = "message" | "note";

/** What a draft carries besides its text: finished uploads, a place, whom it names, the way that was chosen. */
export type Carried = Pick<WritingExtra, "files" | "location" | "mentions" | "mention_queues" | "inbox_id" | "point">;

/** The calls that keep drafts on the server. */
export interface DraftCalls {
  drafts: () => Promise<{ items: Draft[] }>;
  draft: (id: string, kind: Kind) => Promise<Draft>;
  saveDraft: (id: string, kind: Kind, body: string, version: number, carried: Carried) => Promise<Draft & { other?: Draft }>;
}

/** What the server was last known to hold. */
interface Known {
  version: number;
  body: string;
  /** What it carries, as JSON. */
  with?: string;
}

/** Without a key press for this long, a draft is saved. */
const REST = 1_200;
/** As many drafts the server lists. */
const MOST = 200;

const listeners = new Set<() => void>();
const saving = new Map<string, ReturnType<typeof setTimeout>>();
const others = new Map<string, { body: string; with: string }>();
/** How often something came from elsewhere that the composer has to show. */
const arrived = new Map<string, number>();
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

/** What is carried as JSON, always in the same order; nothing is "". */
function packed({ files, location, mentions, mention_queues, inbox_id, point }: Carried): string {
  const all = {
    ...(files?.length ? { files } : {}),
    ...(location ? { location } : {}),
    ...(mentions?.length ? { mentions } : {}),
    ...(mention_queues?.length ? { mention_queues } : {}),
    ...(inbox_id ? { inbox_id } : {}),
    ...(inbox_id && point ? { point } : {}),
  };
  return Object.keys(all).length > 0 ? JSON.stringify(all) : "";
}

function unpacked(text: string): Carried {
  try {
    return JSON.parse(text) as Carried;
  } catch {
    return {};
  }
}

const packedOf = ({ content, inbox_id }: Draft) => packed({ ...content, ...(inbox_id ? { inbox_id } : {}) } as Carried);
const withOf = (key: string) => localStorage.getItem(`${key}.with`) ?? "";
/** Whom it would name and which way it would go are nothing by themselves. */
const loaded = (text: string) => text.includes('"files"') || text.includes('"location"');

async function save(key: string): Promise<void> {
  clearTimeout(saving.get(key));
  saving.delete(key);
  const { kind, id } = placeOf(key);
  const body = localStorage.getItem(key) ?? "";
  const with_ = body || loaded(withOf(key)) ? withOf(key) : "";
  const held = knownOf(key);
  if (!calls || (body === held.body && with_ === (held.with ?? ""))) return;
  try {
    const saved = await calls.saveDraft(id, kind, body, held.version, unpacked(with_));
    know(key, { version: saved.version, body, with: with_ });
    if (saved.conversation_id !== id) {
      // It was merged into another conversation meanwhile: what is written is there.
      if (localStorage.getItem(key) === body) forget(key);
      await drafts.load(saved.conversation_id);
      return;
    }
    if (saved.other) {
      others.set(key, { body: saved.other.body, with: packedOf(saved.other) });
      tellAll();
    }
  } catch {
    // It is in the browser, and saved with the next key press.
  }
}

function later(key: string): void {
  if (!calls) return;
  clearTimeout(saving.get(key));
  saving.set(key, setTimeout(() => void save(key), REST));
}

/** Gives the composer what a draft from elsewhere carries. */
function arrive(key: string, with_: string): void {
  if (withOf(key) === with_) return;
  put(`${key}.with`, with_);
  arrived.set(key, (arrived.get(key) ?? 0) + 1);
}

/** Nothing is written here any more. */
function forget(key: string): void {
  clearTimeout(saving.get(key));
  saving.delete(key);
  others.delete(key);
  put(key, "");
  put(`${key}.with`, "");
  know(key, { version: 0, body: "" });
}

/** What the server was known to hold, by the keys of the drafts. */
function allKnown(): Map<string, string> {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(`rapport.draft.${owner}.`) && name.endsWith(".known"));
  return new Map(names.map((name) => [name.slice(0, -".known".length), localStorage.getItem(name) ?? ""]));
}

/**
 * Forgets what the server held, by what was known before it was asked, and holds no more: it was sent from another
 * desk, or went along with a merge. What was written here since stays.
 */
function forgetGone(before: Map<string, string>, held: Draft[]): void {
  if (held.length >= MOST) return; // it does not list them all
  const there = new Set(held.map((draft) => keyOf(draft.conversation_id, draft.kind)));
  for (const [key, was] of before) {
    if (there.has(key) || saving.has(key) || localStorage.getItem(`${key}.known`) !== was) continue;
    const known = knownOf(key);
    if ((localStorage.getItem(key) ?? "") === known.body && withOf(key) === (known.with ?? "")) forget(key);
  }
}

/** Brings what another desk saved here; what was written here since stays, and the other is offered. */
function take(draft: Draft): void {
  const key = keyOf(draft.conversation_id, draft.kind);
  const held = knownOf(key);
  if (draft.version <= held.version || saving.has(key)) return;
  const local = localStorage.getItem(key) ?? "";
  const theirs = packedOf(draft);
  know(key, { version: draft.version, body: draft.body, with: theirs });
  if ((local === held.body && withOf(key) === (held.with ?? "")) || (local === draft.body && withOf(key) === theirs)) {
    put(key, draft.body);
    arrive(key, theirs);
  } else if (local === "" && !loaded(withOf(key))) {
    put(key, draft.body);
    arrive(key, theirs);
  } else others.set(key, { body: draft.body, with: theirs });
}

export const drafts = {
  read: (id: string, kind: Kind): string => localStorage.getItem(keyOf(id, kind)) ?? "",
  write: (id: string, kind: Kind, text: string): void => {
    const key = keyOf(id, kind);
    put(key, text);
    later(key);
    tellAll();
  },
  /** What it carries besides its text. */
  carried: (id: string, kind: Kind): Carried => unpacked(withOf(keyOf(id, kind))),
  carry: (id: string, kind: Kind, carried: Carried): void => {
    const key = keyOf(id, kind);
    const next = packed(carried);
    if (next === withOf(key)) return;
    put(`${key}.with`, next);
    later(key);
    tellAll();
  },
  /** It is on its way: the server forgets it with the sending. */
  sent: (id: string, kind: Kind): void => {
    forget(keyOf(id, kind));
    tellAll();
  },
  /** Saves at once what was not saved yet, e.g. on leaving the conversation. */
  flush: (id: string): void => {
    for (const kind of ["message", "note"] as const) if (saving.has(keyOf(id, kind))) void save(keyOf(id, kind));
  },
  /** Asks the server for what other desks have saved, of one conversation or of all. Answers which of the two was written last. */
  load: async (id?: string): Promise<Kind | undefined> => {
    if (!calls) return undefined;
    const before = allKnown();
    try {
      const found = id ? await Promise.all([calls.draft(id, "message"), calls.draft(id, "note")]) : (await calls.drafts()).items;
      if (!id) forgetGone(before, found);
      for (const draft of found) take(draft);
      tellAll();
      return found.filter((one) => one.version > 0).sort((a, b) => ((a.saved_at ?? "") < (b.saved_at ?? "") ? 1 : -1))[0]?.kind;
    } catch {
      return undefined; // What the browser holds is shown.
    }
  },
  /** Takes, or puts away, what the other desk had. */
  settle: (id: string, kind: Kind, use: boolean): void => {
    const key = keyOf(id, kind);
    const other = others.get(key);
    others.delete(key);
    if (use && other !== undefined) {
      arrive(key, other.with);
      drafts.write(id, kind, other.body);
    } else tellAll();
  },
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDraft(id: string, kind: Kind): string {
  return useSyncExternalStore(subscribe, () => drafts.read(id, kind));
}

/** Grows when something came from elsewhere that the composer has to show. */
export function useArrived(id: string, kind: Kind): number {
  return useSyncExternalStore(subscribe, () => arrived.get(keyOf(id, kind)) ?? 0);
}

/** What another desk of one's own had written, if that is not what is here: its text, or the names of its files. */
export function useOtherDraft(id: string, kind: Kind): string | undefined {
  return useSyncExternalStore(subscribe, () => {
    const other = others.get(keyOf(id, kind));
    return other && (other.body || (unpacked(other.with).files ?? []).map((file) => file.name).join(", "));
  });
}

/** Whether something is written for a conversation that was not sent. */
export function useHasDraft(id: string): boolean {
  return useSyncExternalStore(subscribe, () => (["message", "note"] as const).some((kind) => drafts.read(id, kind) !== "" || loaded(withOf(keyOf(id, kind)))));
}
