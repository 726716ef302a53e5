/**
 * What outlives the page, under keys that begin with the inbox: the last
 * visitor's token in localStorage (no cookies), each unconfirmed message under
 * a key of its own, so that two tabs never overwrite each other, and per tab
 * whether the panel is open, the draft, and whose that is.
 *
 * Two tabs may be two people. Every entry says whose it is, and nobody's tab
 * touches what is another's.
 *
 * Where the browser forbids storage everything lives as long as the page.
 */
import type { Outgoing } from "./state";

export interface Visitor {
  token: string;
  /** Whom the token speaks for; empty for an anonymous visitor. */
  subject: string;
}

export class Storage {
  readonly #prefix: string;
  readonly #lasting: KeyValue;
  readonly #perTab: KeyValue;

  constructor(inbox: string) {
    this.#prefix = `rapport.${inbox}.`;
    this.#lasting = open(() => window.localStorage);
    this.#perTab = open(() => window.sessionStorage);
  }

  get visitor(): Visitor | null {
    return parse<Visitor>(this.#lasting.getItem(`${this.#prefix}visitor`));
  }

  set visitor(visitor: Visitor) {
    // Messages of an earlier version do not say whose they are: the visitor's who is replaced here.
    for (const message of this.outbox()) this.keep(message);
    this.#lasting.setItem(`${this.#prefix}visitor`, JSON.stringify(visitor));
  }

  /** Unconfirmed messages of all tabs and people, oldest first. */
  outbox(): Outgoing[] {
    const as = this.visitor?.subject ?? "";
    return this.#keys("out.")
      .map((key) => parse<Outgoing>(this.#lasting.getItem(key)))
      .filter((message) => message !== null)
      .map((message) => ({ ...message, as: message.as ?? as }))
      .sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  keep(message: Outgoing): void {
    this.#lasting.setItem(`${this.#prefix}out.${message.client_id}`, JSON.stringify(message));
  }

  /** Drops a message, unless it has become another person's. */
  drop({ client_id, as }: Outgoing): void {
    const kept = this.outbox().find((message) => message.client_id === client_id);
    if (kept?.as === as) this.#lasting.removeItem(`${this.#prefix}out.${client_id}`);
  }

  get panelOpen(): boolean {
    return this.#perTab.getItem(`${this.#prefix}open`) === "1";
  }

  set panelOpen(open: boolean) {
    this.#perTab.setItem(`${this.#prefix}open`, open ? "1" : "0");
  }

  get draft(): string {
    return this.#perTab.getItem(`${this.#prefix}draft`) ?? "";
  }

  set draft(text: string) {
    this.#perTab.setItem(`${this.#prefix}draft`, text);
  }

  get sound(): boolean {
    return this.#lasting.getItem(`${this.#prefix}sound`) === "1";
  }

  set sound(on: boolean) {
    this.#lasting.setItem(`${this.#prefix}sound`, on ? "1" : "0");
  }

  /** The tab is this person's from now on: a draft that another identified one left in it goes. */
  enter(subject: string): void {
    const key = `${this.#prefix}who`;
    if ((this.#perTab.getItem(key) || subject) !== subject) this.draft = "";
    this.#perTab.setItem(key, subject);
  }

  /** Forgets one person and all they wrote. */
  clear(subject: string): void {
    for (const message of this.outbox()) if (message.as === subject) this.drop(message);
    if ((this.visitor?.subject ?? subject) === subject) {
      for (const name of ["visitor", "sound"]) this.#lasting.removeItem(this.#prefix + name);
    }
    for (const name of ["draft", "open", "who"]) this.#perTab.removeItem(this.#prefix + name);
  }

  #keys(rest: string): string[] {
    return this.#lasting.keys().filter((key) => key.startsWith(this.#prefix + rest));
  }
}

interface KeyValue {
  keys(): string[];
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The browser's store where it is allowed and has room, backed by memory. */
function open(store: () => globalThis.Storage): KeyValue {
  const memory = new Map<string, string>();
  const attempt = <T>(work: (store: globalThis.Storage) => T): T | null => {
    try {
      return work(store());
    } catch {
      return null; // forbidden (sandboxed frame, blocked by the user) or full: memory serves
    }
  };
  return {
    keys: () => [...new Set([...(attempt((s) => Object.keys(s)) ?? []), ...memory.keys()])],
    getItem: (key) => memory.get(key) ?? attempt((s) => s.getItem(key)),
    setItem: (key, value) => {
      if (attempt((s) => (s.setItem(key, value), true))) memory.delete(key);
      else memory.set(key, value);
    },
    removeItem: (key) => {
      memory.delete(key);
      attempt((s) => s.removeItem(key));
    },
  };
}

function parse<T>(text: string | null): T | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null; // written by something else
  }
}
