import type { Item } from "./api/types";

/** The loaded stretch of a thread: ascending, without gaps, up to the newest item known. */
export interface Thread {
  items: Item[];
  /** There are older items on the server. */
  more: boolean;
}

/** An item's number in the order of its thread; pages go by it. In a merged thread it is not its seq. */
export function placeOf(item: Item): number {
  return item.place ?? item.seq;
}

// What was given up may have arrived all the same; what has arrived does not fail any more.
const reach = { queued: 1, sent: 2, failed: 3, delivered: 4, seen: 5 };

/** Merges new or changed items. Applying the same items twice changes nothing. */
export function merge(thread: Thread, items: Item[]): Thread {
  let changed = false;
  const bySeq = new Map(thread.items.map((item) => [item.seq, item]));
  const oldest = thread.items[0] ? placeOf(thread.items[0]) : 0;
  for (const item of items) {
    const held = bySeq.get(item.seq);
    if (held && !progresses(held, item)) continue;
    if (!held && placeOf(item) < oldest && thread.more) continue;
    bySeq.set(item.seq, item);
    changed = true;
  }
  if (!changed) return thread;
  return { ...thread, items: [...bySeq.values()].sort((a, b) => placeOf(a) - placeOf(b)) };
}

/** A delivery state never goes back, whatever order reports arrive in. */
function progresses(held: Item, item: Item): boolean {
  if (held.pinned_at !== item.pinned_at) return true;
  if (held.delivery === item.delivery) return false;
  if (!held.delivery || !item.delivery) return true;
  return reach[item.delivery] > reach[held.delivery];
}

/** Puts an older page in front. */
export function prepend(thread: Thread, older: { items: Item[]; more: boolean }): Thread {
  const first = thread.items[0] ? placeOf(thread.items[0]) : Infinity;
  return { items: [...older.items.filter((item) => placeOf(item) < first), ...thread.items], more: older.more };
}

/** How many items are loaded in between to reach one that is older than what is held. */
const REACH = 400;

/** Whether an item can be reached by loading what lies between; else only what is around it is shown. */
export function reaches(thread: Thread, seq: number): boolean {
  const first = thread.items[0]?.seq;
  return first === undefined || seq >= first - REACH;
}

/** A stretch of a thread somewhere in its middle. */
export interface Stretch {
  items: Item[];
  /** There are older ones. */
  more: boolean;
  /** There are newer ones. */
  later: boolean;
}

/** Where items are missing between what is held and what came: fetch after this seq. */
export function gapAfter(thread: Thread, items: Item[]): number | undefined {
  const newest = thread.items.at(-1)?.seq;
  if (newest === undefined) return undefined;
  const seqs = new Set([...thread.items, ...items].map((item) => item.seq));
  const last = Math.max(...seqs);
  for (let seq = newest; seq <= last; seq++) {
    if (!seqs.has(seq)) return seq - 1;
  }
  return undefined;
}
