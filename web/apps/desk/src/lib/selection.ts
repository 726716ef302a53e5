import { desk } from "./desk-state";
import { createStore } from "./store";

/** The conversations of the list that are chosen for a change of many. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** Everything that the list shows, also what is not loaded; `ids` are those left out. */
  all: boolean;
  /** Where a range starts. */
  anchor: string | undefined;
}

const NONE: Selection = { ids: new Set(), all: false, anchor: undefined };

export const selection = createStore<Selection>(NONE);

export function clearSelection(): void {
  selection.set(NONE);
}

export function isSelected({ ids, all }: Selection, id: string): boolean {
  return ids.has(id) !== all;
}

export function isEmpty({ ids, all }: Selection): boolean {
  return ids.size === 0 && !all;
}

export function toggle(id: string): void {
  const { ids } = selection.get();
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  selection.set({ ids: next, anchor: id });
}

/** Chooses all from where the last choice was to here, in the order shown. */
export function selectTo(id: string, order: string[]): void {
  const { ids, all, anchor } = selection.get();
  const from = order.indexOf(anchor ?? id);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) {
    toggle(id);
    return;
  }
  const next = new Set(ids);
  for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (all) next.delete(one);
    else next.add(one);
  }
  selection.set({ ids: next, anchor: id });
}

/** Chooses all that the list shows, with what is not loaded; where a text narrows it, just the rows that are left. */
export function selectAll(): void {
  const { narrowed, order } = desk.get();
  selection.set(narrowed ? { ids: new Set(order), all: false } : { ids: new Set(), all: true });
}
