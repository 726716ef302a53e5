import type { Api } from "./api/api";
import type { Address } from "./api/outbound";
import { Problem, sentenceOf } from "./api/problem";
import type { TemplateUse, Then } from "./api/texts";
import type { Waiting } from "./api/together";
import type { File, Item, Location } from "./api/types";
import { clientId } from "./id";

/** What a writing carries besides its text. */
export interface WritingExtra {
  /** Attachments, finished uploads in their order; sent by their ids, shown while it is on its way. */
  files?: File[];
  location?: Location;
  /** By which inbox a reply goes, and to which of the customer's addresses. */
  inbox_id?: string;
  point?: Address;
  /** Of a note: whom it names. */
  mentions?: string[];
  mention_queues?: string[];
  /** Of a reply: it can be taken back for so long. */
  undo_seconds?: number;
  /** Of a reply: it leaves at this time … */
  send_at?: string;
  /** … only if the customer has not written meanwhile. */
  only_silent?: boolean;
  /** Of a reply: the last item that the writer had seen. */
  seen_seq?: number;
  /** An approved template, whose text the server puts together. */
  template?: TemplateUse;
  /** What happens to the conversation with it. */
  then?: Then;
}

/** The fields of the call that sends it. */
export type WritingFields = Omit<WritingExtra, "files"> & { files?: string[] };

/** Turns what is shown into what is sent. */
export function fieldsOf(extra: WritingExtra): WritingFields {
  const { files, ...others } = extra;
  return files && files.length > 0 ? { ...others, files: files.map((file) => file.id) } : others;
}

/** Something the person wrote that the server has not confirmed yet. */
export interface Outgoing {
  client_id: string;
  conversation_id: string;
  kind: "message" | "note";
  body: string;
  extra?: WritingExtra;
  at: string;
  /** Present when sending failed and can be tried again. */
  error?: string;
}

export interface OutboxHandlers {
  sent(item: Item): void;
  /** The server keeps it until it is to leave. */
  waits?(waiting: Waiting): void;
  /** The server refused for good: the entry is gone, its text belongs back in the composer. */
  refused(outgoing: Outgoing, problem: Problem): void;
}

/** Where entries outlive the page; one for each person. */
export interface Shelf {
  storage: { getItem: (key: string) => string | null; setItem: (key: string, text: string) => unknown };
  key: string;
}

/**
 * What is being sent. Entries of one conversation go out one after the other,
 * in the order in which they were written. An entry keeps its client id over
 * all retries, so that the server stores it once. A lost connection leaves the
 * entry here as failed; a refusal takes it out.
 */
export class Outbox {
  private entries: readonly Outgoing[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly lines = new Map<string, Promise<void>>();
  private shelf: Shelf | undefined;

  constructor(
    private readonly api: Pick<Api["conversations"], "reply" | "note">,
    private readonly handlers: OutboxHandlers,
    private readonly now: () => number = Date.now,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same array until something changes. */
  readonly all = (): readonly Outgoing[] => this.entries;

  /** From now on entries outlive the page. Those that an earlier page left there go out. */
  keep(shelf: Shelf): void {
    if (shelf.key === this.shelf?.key) return;
    this.shelf = shelf;
    const left = read(shelf);
    this.set(left);
    for (const entry of left) this.queue(entry);
  }

  send(conversationId: string, kind: Outgoing["kind"], body: string, extra: WritingExtra = {}): void {
    const at = new Date(this.now()).toISOString();
    const entry: Outgoing = { client_id: clientId(), conversation_id: conversationId, kind, body, extra, at };
    this.set([...this.entries, entry]);
    this.queue(entry);
  }

  retry(id: string): void {
    const entry = this.entries.find((one) => one.client_id === id && one.error !== undefined);
    if (!entry) return;
    const { error: _over, ...again } = entry;
    this.set(this.entries.map((one) => (one.client_id === id ? again : one)));
    this.queue(again);
  }

  /** Tries everything again that failed, e.g. once the connection is back. */
  retryAll(): void {
    for (const entry of this.entries) if (entry.error !== undefined) this.retry(entry.client_id);
  }

  discard(id: string): void {
    this.set(this.entries.filter((one) => one.client_id !== id));
  }

  private set(entries: readonly Outgoing[]): void {
    this.entries = entries;
    try {
      this.shelf?.storage.setItem(this.shelf.key, JSON.stringify(entries));
    } catch {
      // A full or forbidden storage costs their survival, not the sending.
    }
    for (const listener of this.listeners) listener();
  }

  private queue(entry: Outgoing): void {
    const line = this.lines.get(entry.conversation_id) ?? Promise.resolve();
    this.lines.set(
      entry.conversation_id,
      line.then(() => this.deliver(entry)),
    );
  }

  private async deliver(entry: Outgoing): Promise<void> {
    const call = entry.kind === "note" ? this.api.note : this.api.reply;
    try {
      const item = await call(entry.conversation_id, entry.body, entry.client_id, fieldsOf(entry.extra ?? {}));
      if (item.outgoing) this.handlers.waits?.(item.outgoing as Waiting);
      else this.handlers.sent(item);
      this.discard(entry.client_id);
    } catch (error) {
      if (error instanceof Problem && !error.temporary) {
        this.discard(entry.client_id);
        this.handlers.refused(entry, error);
        return;
      }
      const failed = { ...entry, error: sentenceOf(error) };
      this.set(this.entries.map((one) => (one.client_id === entry.client_id ? failed : one)));
    }
  }
}

function read({ storage, key }: Shelf): Outgoing[] {
  try {
    const entries = JSON.parse(storage.getItem(key) ?? "[]") as Outgoing[];
    return entries.map(({ error: _past, ...entry }) => entry);
  } catch {
    return [];
  }
}

/** The entries to show below a thread: those of it that it does not contain yet. */
export function unsent(entries: readonly Outgoing[], conversationId: string, items: Item[]): Outgoing[] {
  const stored = new Set(items.map((item) => item.client_id));
  return entries.filter((entry) => entry.conversation_id === conversationId && !stored.has(entry.client_id));
}
