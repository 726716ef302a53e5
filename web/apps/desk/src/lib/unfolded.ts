import { useMemo } from "react";
import { createStore, useStore } from "./store";

// Which transcripts of bots somebody unfolded, so that they find them as they
// left them. Kept in the browser, for the conversations opened last.

const KEY = "rapport.unfolded";
const MOST = 100;

type Unfolded = [conversationId: string, keys: string[]][];

function stored(): Unfolded {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(value) ? (value as Unfolded) : [];
  } catch {
    return [];
  }
}

const store = createStore<{ all: Unfolded | undefined }>({ all: undefined });
const all = () => store.get().all ?? stored();

function unfold(id: string, key: string, open: boolean): void {
  const before = all().find(([one]) => one === id)?.[1] ?? [];
  const keys = open ? [...new Set([...before, key])] : before.filter((one) => one !== key);
  const others = all().filter(([one]) => one !== id);
  const next: Unfolded = keys.length > 0 ? [...others, [id, keys]] : others;
  store.set({ all: next.slice(-MOST) });
  try {
    localStorage.setItem(KEY, JSON.stringify(next.slice(-MOST)));
  } catch {
    // A full or forbidden storage only forgets.
  }
}

export function useUnfolded(id: string): [ReadonlySet<string>, (key: string, open: boolean) => void] {
  const held = useStore(store, (value) => value.all);
  const keys = useMemo(() => new Set((held ?? stored()).find(([one]) => one === id)?.[1]), [held, id]);
  return [
    keys,
    (key, open) => {
      unfold(id, key, open);
    },
  ];
}
