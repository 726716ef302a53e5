import { useSyncExternalStore } from "react";

// Clocks for what the screen says about time, so that it changes together.

interface Clock {
  subscribe: (listener: () => void) => () => void;
  now: () => number;
}

/** A clock that runs while somebody looks at it. */
function clockOf(tick: number): Clock {
  let now = Date.now();
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    if (timer === undefined) {
      now = Date.now();
      timer = setInterval(() => {
        now = Date.now();
        for (const one of listeners) one();
      }, tick);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }
  return { subscribe, now: () => now };
}

const calm = clockOf(15_000);
const seconds = clockOf(1_000);

/** The time, for waiting times in minutes. */
export function useNow(): number {
  return useSyncExternalStore(calm.subscribe, calm.now);
}

/**
 * A text about the current second. Only a component whose text changes is drawn
 * again, so a list of countdowns costs little.
 */
export function useTicking(text: (now: number) => string): string {
  return useSyncExternalStore(seconds.subscribe, () => text(seconds.now()));
}
