import type { Item } from "./api/types";
import { sameDay } from "./format";
import type { Outgoing } from "./outbox";

/** A line of a thread as it is drawn. */
export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "event"; key: string; item: Item }
  | { kind: "item"; key: string; item: Item; first: boolean; last: boolean }
  | { kind: "outgoing"; key: string; outgoing: Outgoing };

/** Messages by one author closer together than this are drawn as one group. */
const GROUP = 5 * 60_000;

/** Lays out a thread: days, groups, the mark before the first unread item, and what is being sent. */
export function rowsOf(items: Item[], outgoing: Outgoing[], unreadAfter?: number): Row[] {
  const rows: Row[] = [];
  items.forEach((item, n) => {
    const before = items[n - 1];
    const after = items[n + 1];
    const newDay = !before || !sameDay(before.at, item.at);
    const unread = unreadAfter !== undefined && item.seq > unreadAfter && (before?.seq ?? 0) <= unreadAfter;
    if (newDay) rows.push({ kind: "day", key: `day-${item.seq}`, at: item.at });
    if (unread && before) rows.push({ kind: "unread", key: "unread" });
    if (item.kind === "event") {
      rows.push({ kind: "event", key: String(item.seq), item });
      return;
    }
    const first = newDay || unread || !before || !together(before, item);
    const last = !after || !together(item, after) || (unreadAfter !== undefined && item.seq === unreadAfter);
    rows.push({ kind: "item", key: item.client_id ?? String(item.seq), item, first, last });
  });
  for (const entry of outgoing) rows.push({ kind: "outgoing", key: entry.client_id, outgoing: entry });
  return rows;
}

function together(a: Item, b: Item): boolean {
  return (
    a.kind === b.kind &&
    a.by === b.by &&
    a.author_id === b.author_id &&
    sameDay(a.at, b.at) &&
    Date.parse(b.at) - Date.parse(a.at) < GROUP
  );
}
