import { isProblem, Problem, sentenceOf } from "./api/problem";
import type { File, Upload } from "./api/types";
import { clientId } from "./id";

/** A file as the browser has it. */
export interface Source {
  name: string;
  size: number;
  type: string;
  slice(from: number, to: number): unknown;
}

/** What it is for; see the API. */
export interface Aim {
  purpose: "reply" | "note";
  conversation_id?: string;
  inbox_id?: string;
}

export interface UploadCalls {
  begin(body: { name: string; size: number; client: "desk" } & Aim): Promise<Upload>;
  append(id: string, offset: number, bytes: unknown, signal: AbortSignal): Promise<Upload>;
  read(id: string): Promise<Upload>;
  drop(id: string): Promise<unknown>;
}

/** A file on its way to the server. */
export interface Uploading {
  key: string;
  scope: string;
  source?: Source;
  name: string;
  size: number;
  sent: number;
  state: "waiting" | "sending" | "done" | "failed" | "refused";
  file?: File;
  error?: string;
}

/** Bytes per request: small enough to show progress and to lose little. */
const PIECE = 1 << 20;
const TRIES = 4;

/**
 * Files on their way, in the order in which they were added; two at a time. A
 * connection that breaks is taken up where the server has got to; what the server
 * refuses stays, with the reason, until it is removed.
 */
export class Uploads {
  private entries: readonly Uploading[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly running = new Map<string, { stop: AbortController; id?: string; aim: Aim }>();

  constructor(
    private readonly calls: UploadCalls,
    private readonly pause: (milliseconds: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same array until something changes. */
  readonly all = (): readonly Uploading[] => this.entries;

  add(scope: string, aim: Aim, sources: readonly Source[], problem: (source: Source) => string | undefined): void {
    const fresh = sources.map((source): Uploading => {
      const error = problem(source);
      const key = clientId();
      this.running.set(key, { stop: new AbortController(), aim });
      const entry = { key, scope, source, name: source.name, size: source.size, sent: 0 };
      return error === undefined ? { ...entry, state: "waiting" } : { ...entry, state: "refused", error };
    });
    this.set([...this.entries, ...fresh]);
    this.next();
  }

  /** Goes on where the server has got to. */
  retry(key: string): void {
    this.patch(key, { state: "waiting" });
    this.next();
  }

  remove(key: string): void {
    const run = this.running.get(key);
    this.running.delete(key);
    run?.stop.abort();
    if (run?.id) void this.calls.drop(run.id).catch(() => undefined); // the server sweeps what is left
    this.set(this.entries.filter((one) => one.key !== key));
    this.next();
  }

  /** Takes a file away that another message of the person's still carries, or that is the server's to sweep. */
  forget(key: string): void {
    this.running.delete(key);
    this.set(this.entries.filter((one) => one.key !== key));
  }

  /** Hands over what is done, for a message; the rest goes. */
  take(scope: string): File[] {
    const mine = this.entries.filter((one) => one.scope === scope);
    for (const one of mine) this.running.delete(one.key);
    this.set(this.entries.filter((one) => one.scope !== scope));
    return mine.flatMap((one) => (one.file ? [one.file] : []));
  }

  /** Takes files back of a message that did not go. */
  putBack(scope: string, files: readonly File[]): void {
    const back = files.map((file): Uploading => ({ key: clientId(), scope, name: file.name, size: file.size, sent: file.size, state: "done", file }));
    this.set([...back, ...this.entries]);
  }

  /** Lets what one writing carries go along with another. */
  move(from: string, to: string): void {
    this.set(this.entries.map((one) => (one.scope === from ? { ...one, scope: to } : one)));
  }

  /** Removes whatever a writing carries that is given up; tells how much that was. */
  clear(scope: string): number {
    const mine = this.entries.filter((one) => one.scope === scope);
    for (const one of mine) this.remove(one.key);
    return mine.length;
  }

  private set(entries: readonly Uploading[]): void {
    this.entries = entries;
    for (const listener of this.listeners) listener();
  }

  private patch(key: string, change: Partial<Uploading>): void {
    this.set(
      this.entries.map((one) => {
        if (one.key !== key) return one;
        const { error: _over, ...rest } = one;
        return { ...rest, ...change };
      }),
    );
  }

  private next(): void {
    const busy = this.entries.filter((one) => one.state === "sending").length;
    const waiting = this.entries.filter((one) => one.state === "waiting").slice(0, Math.max(2 - busy, 0));
    for (const one of waiting) {
      this.patch(one.key, { state: "sending" });
      void this.run(one).then(() => {
        this.next();
      });
    }
  }

  private async run(entry: Uploading): Promise<void> {
    const run = this.running.get(entry.key);
    if (!run || !entry.source) return;
    for (let tries = 0; this.running.has(entry.key); tries++) {
      try {
        const file = await this.send(entry.key, entry.source, run);
        if (file) this.patch(entry.key, { state: "done", file, sent: entry.size });
        return;
      } catch (error) {
        if (!this.running.has(entry.key)) return;
        if (isProblem(error, "wrong_offset")) continue; // ask again how far it is
        if (!(error instanceof Problem && error.temporary)) {
          this.patch(entry.key, { state: "refused", error: sentenceOf(error) });
          return;
        }
        if (tries >= TRIES) {
          this.patch(entry.key, { state: "failed", error: sentenceOf(error) });
          return;
        }
        await this.pause(500 * 2 ** tries);
      }
    }
  }

  private async send(key: string, source: Source, run: { stop: AbortController; id?: string; aim: Aim }): Promise<File | undefined> {
    let at = run.id ? await this.calls.read(run.id) : await this.calls.begin({ name: source.name, size: source.size, client: "desk", ...run.aim });
    run.id = at.id;
    while (!at.file && this.running.has(key)) {
      this.patch(key, { sent: at.offset });
      at = await this.calls.append(at.id, at.offset, source.slice(at.offset, Math.min(at.offset + PIECE, source.size)), run.stop.signal);
    }
    return at.file;
  }
}
