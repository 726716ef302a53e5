import { t } from "@rapport/i18n";
import { handoffOf } from "./api/bots";
import type { Item } from "./api/types";

/** A stretch of a thread in which a bot answered, until somebody took over. */
export interface Fold {
  /** The same however much of the thread is loaded. */
  key: string;
  /** Index of the first item of it, and of the one after its last. */
  start: number;
  end: number;
  bot: string;
  messages: number;
  /** Its beginning is not loaded yet. */
  partial: boolean;
}

/**
 * What bots and customers said before an agent took over. Notes of colleagues
 * are never folded away; they cut a stretch in two.
 */
export function foldsOf(items: Item[]): Fold[] {
  const folds: Fold[] = [];
  let open: { start: number; bot: string } | undefined;
  items.forEach((item, n) => {
    if (item.kind !== "event") return;
    const handoff = handoffOf(item);
    if (handoff) {
      const start = open?.start ?? (handoff.since > 0 ? items.findIndex((one) => Date.parse(one.at) >= handoff.since) : n);
      const first = items[start];
      const partial = !open && start === 0 && first !== undefined && Date.parse(first.at) > handoff.since && first.seq > 1;
      folds.push(...stretches(items, start, n, handoff.bot, partial));
      open = undefined;
    } else if (item.event === "bot" || item.event === "assigned" || item.event === "transferred") {
      if (open) folds.push(...stretches(items, open.start, n, open.bot, false));
      open = undefined;
    }
    if (item.event === "bot") {
      const name = item.data?.["bot_name"];
      open = { start: sameDeed(items, n), bot: typeof name === "string" ? name : t("the bot") };
    }
  });
  return folds;
}

/** The customer's message that brought the bot in was written in the same moment. */
function sameDeed(items: Item[], n: number): number {
  let start = n;
  for (let before = items[start - 1]; before?.by === "customer" && before.at === items[n]?.at; before = items[start - 1]) start--;
  return start;
}

function stretches(items: Item[], start: number, end: number, bot: string, partial: boolean): Fold[] {
  const folds: Fold[] = [];
  let from = start;
  for (let n = start; n <= end; n++) {
    if (n < end && items[n]?.kind !== "note") continue;
    const messages = items.slice(from, n).filter((item) => item.kind === "message").length;
    const after = items[n];
    if (messages > 0 && after) folds.push({ key: `fold-${after.seq}`, start: from, end: n, bot, messages, partial: partial && from === start });
    from = n + 1;
  }
  return folds;
}
