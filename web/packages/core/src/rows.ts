import { buttonsOf, type HandoffLine, handoffOf } from "./api/bots";
import type { Item } from "./api/types";
import { type Fold, foldsOf } from "./folds";
import { sameDay } from "./format";
import type { Outgoing } from "./outbox";

/** A line of a thread as it is drawn. */
export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "event"; key: string; item: Item }
  | { kind: "fold"; key: string; fold: Fold; open: boolean }
  | { kind: "handoff"; key: string; item: Item; handoff: HandoffLine }
  | { kind: "item"; key: string; item: Item; first: boolean; last: boolean; buttons?: string[]; chosen?: string | undefined }
  | { kind: "outgoing"; key: string; outgoing: Outgoing };

/** Messages by one author closer together than this are drawn as one group. */
const GROUP = 5 * 60_000;

/**
 * Lays out a thread: days, groups, the mark before the first unread item, and
 * what is being sent. What a bot said before an agent took over is one line
 * unless `opened` names it.
 */
export function rowsOf(items: Item[], outgoing: Outgoing[], unreadAfter?: number, opened: ReadonlySet<string> = new Set()): Row[] {
  const rows: Row[] = [];
  const folds = foldsOf(items);
  let shown: Item | undefined;
  items.forEach((item, n) => {
    const fold = folds.find(({ start, end }) => n >= start && n < end);
    const newDay = !shown || !sameDay(shown.at, item.at);
    const open = fold !== undefined && opened.has(fold.key);
    if (fold && n === fold.start) {
      if (newDay) rows.push({ kind: "day", key: `day-${item.seq}`, at: item.at });
      rows.push({ kind: "fold", key: fold.key, fold, open });
      shown = item;
    }
    if (fold && !open) return;

    const before = items[n - 1];
    const after = items[n + 1];
    const unread = unreadAfter !== undefined && item.seq > unreadAfter && (before?.seq ?? 0) <= unreadAfter;
    if (newDay && n !== fold?.start) rows.push({ kind: "day", key: `day-${item.seq}`, at: item.at });
    if (unread && before) rows.push({ kind: "unread", key: "unread" });
    const grouped = !newDay && !unread && before !== undefined && shown === before && together(before, item);
    shown = item;
    if (item.kind === "event") {
      const handoff = handoffOf(item);
      if (handoff) rows.push({ kind: "handoff", key: String(item.seq), item, handoff });
      else rows.push({ kind: "event", key: String(item.seq), item });
      return;
    }
    const last = !after || !together(item, after) || (unreadAfter !== undefined && item.seq === unreadAfter);
    const buttons = buttonsOf(item);
    const offered = buttons.length > 0 ? { buttons, chosen: chosenOf(items, n, buttons) } : {};
    rows.push({ kind: "item", key: item.client_id ?? String(item.seq), item, first: !grouped, last, ...offered });
  });
  for (const entry of outgoing) rows.push({ kind: "outgoing", key: entry.client_id, outgoing: entry });
  return rows;
}

/** The button that the customer's next message repeats. */
function chosenOf(items: Item[], n: number, buttons: string[]): string | undefined {
  const answer = items.slice(n + 1).find((item) => item.kind === "message" && item.by === "customer");
  return buttons.find((button) => button === answer?.body);
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
