/** What was before and after a value, for undo and redo. */
export interface History<T> {
  past: T[];
  now: T;
  future: T[];
  /** What the last change was about; changes of the same in a row are one. */
  about: string;
  changedAt: number;
}

const MOST = 200;
/** Changes of the same thing within this time are undone together; milliseconds. */
const TOGETHER = 1_200;

export function historyOf<T>(now: T): History<T> {
  return { past: [], now, future: [], about: "", changedAt: 0 };
}

/** Goes on to the next value. An empty `about` stands alone. */
export function changed<T>(history: History<T>, next: T, about = "", at = Date.now()): History<T> {
  if (next === history.now) return history;
  const joins = about !== "" && about === history.about && at - history.changedAt < TOGETHER && history.past.length > 0;
  return {
    past: joins ? history.past : [...history.past, history.now].slice(-MOST),
    now: next,
    future: [],
    about,
    changedAt: at,
  };
}

export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], about: "", changedAt: 0 };
}

export function redone<T>(history: History<T>): History<T> {
  const [after, ...future] = history.future;
  if (after === undefined) return history;
  return { past: [...history.past, history.now], now: after, future, about: "", changedAt: 0 };
}
