/**
 * The visitor's side of the conversation: session, outbox, seen and typing,
 * shared between the tabs of one site.
 *
 *	idle ──wanted──► session ──► connection (socket or polling) ──► news ──► state
 *	                    ▲                │
 *	                    └── token or cursor no longer good
 *
 * A message is stored before it is sent and dropped only when the server's
 * copy is seen, so a reload, a crash or a lost answer neither loses nor
 * doubles it: the server knows it by its client id.
 *
 * A tab is one person, whom its own page names, or anonymous. What is stored
 * and told to other tabs says whose it is, and a tab touches nothing of
 * another person's.
 */
import { Backoff } from "./backoff";
import { Connection } from "./connection";
import { subjectOf } from "./identity";
import type { FileShown, Item, Place as Location } from "./protocol";
import { Rest } from "./rest";
import {
  type News,
  type Outgoing,
  type Place,
  type Refusal,
  type State,
  apply,
  compare,
  empty,
  lastFromUs,
  nextToSend,
  unread,
} from "./state";
import type { Storage, Visitor } from "./storage";
import { type Notice, Tabs } from "./tabs";
import { type Wire, WireError } from "./wire";

/** Bytes of a file per request. */
const PIECE = 512 << 10;
const TYPING_EVERY = 3_000;
const TYPING_ENDS_AFTER = 5_000;
const TYPING_SHOWN_FOR = 6_000;

export interface ChatEvents {
  change(state: State): void;
  /** A message of ours has come in; not told for the history. */
  message(item: Item): void;
  /** The visitor cannot chat before the page identifies them, for the first time or again. */
  refused(refusal: Refusal): void;
}

export class Chat {
  #state: State = empty;
  readonly #wire: Wire;
  readonly #storage: Storage;
  readonly #tabs: Tabs;
  readonly #events: ChatEvents;
  readonly #rest = new Rest();
  #identity: string | undefined;
  #token = "";
  /** Who this tab was last; the stored visitor may be somebody else by now. */
  #last: Visitor | null = null;
  #connection: Connection | null = null;
  #beginning = false;
  #flushing = false;
  #attentive = false;
  #reported: Place | null = null;
  #typingSentAt = 0;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;
  #typingShown: ReturnType<typeof setTimeout> | undefined;
  /** Answers that were asked for in an earlier life are not for this one. */
  #life = 0;

  constructor(inbox: string, wire: Wire, storage: Storage, identity: string | undefined, events: ChatEvents) {
    this.#wire = wire;
    this.#storage = storage;
    this.#identity = identity;
    this.#events = events;
    this.#tabs = new Tabs(inbox, (notice) => this.#heard(notice));
  }

  /** Whom this tab speaks for; empty for an anonymous visitor. */
  get #subject(): string {
    return this.#identity === undefined ? "" : subjectOf(this.#identity);
  }

  get state(): State {
    return this.#state;
  }

  /**
   * Resumes what was stored. A stored visitor who was identified is not
   * resumed on a page that does not say who is there: it may be somebody else.
   */
  start(): void {
    if (this.#token !== "") return;
    if (this.#identity !== undefined) {
      this.#storage.enter(this.#subject);
      void this.#begin();
    } else if (this.#storage.visitor?.subject === "") {
      void this.#begin();
    }
  }

  /** The visitor opens the panel, or writes: a session is needed now. */
  want(): void {
    if (this.#token !== "" || this.#beginning) return;
    this.#storage.enter(this.#subject);
    void this.#begin();
  }

  /** Says who the visitor is. Another person than before starts with nothing of theirs. */
  identify(jwt: string): void {
    if (jwt === this.#identity) return;
    const was = this.#identity === undefined ? undefined : this.#subject;
    this.#identity = jwt;
    if (this.#token !== "" && was === this.#subject) return; // renewed: for the next session
    const { outbox } = this.#state;
    this.#end();
    this.#storage.enter(this.#subject);
    if (!was) this.#adopt(outbox);
    void this.#begin();
  }

  /** Ends everything and forgets the person, here and in their other tabs. A tab that is nobody's yet forgets who was here last. */
  shutdown(): void {
    const nobody = this.#identity === undefined && this.#state.link === "off";
    const as = nobody ? (this.#storage.visitor?.subject ?? "") : this.#subject;
    this.#identity = undefined;
    this.#last = null;
    this.#end();
    this.#storage.clear(as);
    this.#tabs.tell({ t: "visitor", token: "", as });
    this.#tabs.close();
  }

  send(body: string, files: FileShown[] = [], location?: Location): void {
    this.want(); // another tab may have ended the session
    const at = new Date().toISOString();
    const message: Outgoing = {
      client_id: newId(),
      body,
      at,
      as: this.#subject,
      ...(files.length > 0 && { files }),
      ...(location && { location }),
    };
    this.#tell({ t: "queued", message });
    this.typing(false);
    this.#rest.end();
    void this.#flush();
  }

  /** Uploads a file in pieces; a connection that breaks is taken up where the server has got to. */
  async upload(file: File, progress: (sent: number) => void, stopped: () => boolean): Promise<FileShown | undefined> {
    const backoff = new Backoff();
    let id = "";
    for (let tries = 0; !stopped(); ) {
      try {
        let at = id ? await this.#wire.upload(this.#token, id) : await this.#wire.beginUpload(this.#token, file.name, file.size);
        id = at.id;
        while (!at.file && !stopped()) {
          progress(at.offset);
          at = await this.#wire.append(this.#token, id, at.offset, file.slice(at.offset, at.offset + PIECE));
          tries = 0;
        }
        return at.file;
      } catch (error) {
        if (!(error instanceof WireError) || (!error.temporary && error.status !== 409) || ++tries > 5) throw error;
        await this.#rest.for(Math.max(backoff.next(), error.retryAfter));
      }
    }
    return undefined;
  }

  /** Answers how it was. False when that could not be kept. */
  async rate(score: number, comment: string): Promise<boolean> {
    try {
      await this.#wire.rate(this.#token, score, comment);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      if (error.status !== 409) return false; // answered elsewhere is answered
    }
    this.#tell({ t: "rated" });
    return true;
  }

  retry(clientId: string): void {
    this.#tell({ t: "retried", client_id: clientId });
    void this.#flush();
  }

  discard(clientId: string): void {
    this.#tell({ t: "discarded", client_id: clientId });
  }

  /** Stops waiting for one agent: whoever is free first. It needs the socket, and is shown at once. */
  anyone(): void {
    const waiting = this.#state.conversation?.waiting;
    if (!waiting?.anyone || !this.#connection?.send({ t: "anyone" })) return;
    this.#dispatch({ t: "waiting", waiting: { ...waiting, agent_name: "", anyone: false } });
  }

  /** The visitor's keystrokes; tells the agent at most every three seconds. */
  typing(on: boolean): void {
    clearTimeout(this.#typingEnds);
    if (on) {
      this.#typingEnds = setTimeout(() => this.typing(false), TYPING_ENDS_AFTER);
      if (Date.now() - this.#typingSentAt < TYPING_EVERY) return;
      this.#typingSentAt = Date.now();
    } else {
      if (this.#typingSentAt === 0) return;
      this.#typingSentAt = 0;
    }
    this.#connection?.send({ t: "typing", on });
  }

  /** Whether the visitor can see the thread: panel open and page visible. */
  attend(on: boolean): void {
    this.#attentive = on;
    this.#see();
  }

  wake(): void {
    this.#connection?.wake();
    this.#rest.end();
  }

  offline(): void {
    this.#connection?.drop();
  }

  /** Gets a session; keeps trying while the cause is temporary. */
  async #begin(): Promise<void> {
    if (this.#beginning) return;
    this.#beginning = true;
    this.#token = "";
    const life = this.#life;
    const backoff = new Backoff();
    if (this.#state.link === "off") this.#dispatch({ t: "link", link: "connecting" });
    try {
      for (;;) {
        try {
          await exclusively(`rapport.${this.#wire.socketUrl}`, () => this.#openSession(life));
          return;
        } catch (error) {
          if (life !== this.#life) return;
          if (!(error instanceof WireError)) throw error;
          if (!error.temporary) return this.#refused(error);
          if (error.status === 0) this.#dispatch({ t: "link", link: "lost" });
          await this.#rest.for(Math.max(backoff.next(), error.retryAfter));
          if (life !== this.#life) return;
        }
      }
    } finally {
      if (life === this.#life) this.#beginning = false;
    }
  }

  async #openSession(life: number): Promise<void> {
    if (life !== this.#life) return;
    const stored = this.#storage.visitor;
    const before = [stored, this.#last].find((visitor) => visitor?.subject === this.#subject);
    const session = await this.#wire.session(before?.token, this.#identity);
    if (life !== this.#life) return;
    // Who wrote anonymously on the page before, and is known on this one.
    if (this.#last?.subject !== this.#subject && !stored?.subject) this.#adopt(this.#storage.outbox());
    this.#token = session.token;
    this.#last = { token: session.token, subject: this.#subject };
    if (session.token !== before?.token || !stored) {
      this.#storage.visitor = this.#last;
      this.#tabs.tell({ t: "visitor", token: session.token, as: this.#subject });
    }
    for (const message of this.#storage.outbox()) {
      if (message.as === this.#subject) this.#dispatch({ t: "queued", message });
    }
    this.#dispatch({ t: "session", session });
    this.#connect();
    void this.#flush();
  }

  #connect(): void {
    this.#connection?.close();
    const connection = new Connection(this.#wire, {
      token: () => this.#token,
      cursor: () => this.#state.cursor ?? 0,
      link: (link) => {
        if (link === "lost") this.#reported = null;
        this.#dispatch({ t: "link", link });
        if (link === "live" || link === "polling") this.#online();
      },
      page: (page) => {
        const fresh = page.items.filter(
          (item) => item.from !== "me" && !this.#state.items.some((known) => compare(known, item) === 0),
        );
        this.#dispatch({ t: "page", page });
        for (const item of fresh) this.#events.message(item);
      },
      typing: (name) => {
        clearTimeout(this.#typingShown);
        if (name !== null) {
          this.#typingShown = setTimeout(() => this.#dispatch({ t: "typing", name: null }), TYPING_SHOWN_FOR);
        }
        this.#dispatch({ t: "typing", name });
      },
      over: () => void this.#begin(),
    });
    this.#connection = connection;
    void connection.run();
  }

  #online(): void {
    this.#rest.end();
    this.#report();
    void this.#flush();
  }

  /** Sends what waits, one after the other and in order. */
  async #flush(): Promise<void> {
    if (this.#flushing || this.#token === "") return;
    this.#flushing = true;
    const life = this.#life;
    const backoff = new Backoff();
    try {
      for (let message = nextToSend(this.#state); message; message = nextToSend(this.#state)) {
        try {
          const receipt = await this.#wire.send(this.#token, message);
          if (life !== this.#life) return;
          backoff.reset();
          this.#tell({ t: "receipt", receipt });
        } catch (error) {
          if (life !== this.#life) return;
          if (!(error instanceof WireError)) throw error;
          if (error.temporary) {
            await this.#rest.for(Math.max(backoff.next(), error.retryAfter));
            if (life !== this.#life) return;
          } else if (error.status === 401) {
            void this.#begin();
            return;
          } else {
            this.#tell({ t: "failed", client_id: message.client_id, reason: error.detail });
          }
        }
      }
    } finally {
      if (life === this.#life) this.#flushing = false;
    }
  }

  /** Marks what is on the screen as seen. */
  #see(): void {
    const last = lastFromUs(this.#state);
    if (!this.#attentive || !last) return;
    if (!this.#state.seen || compare(last, this.#state.seen) > 0) {
      this.#tell({ t: "seen", place: { conversation_id: last.conversation_id, seq: last.seq } });
    }
    this.#report();
  }

  /** Tells the server what was seen; again after a lost connection, which may have swallowed it. */
  #report(): void {
    const { seen, conversation, link } = this.#state;
    if (!seen || seen.conversation_id !== conversation?.id) return;
    if (this.#reported && compare(seen, this.#reported) <= 0) return;
    if (link !== "live" && link !== "polling") return;
    this.#reported = seen;
    if (!this.#connection?.send({ t: "seen", seq: seen.seq })) {
      this.#wire.seen(this.#token, seen.seq).catch(() => (this.#reported = null));
    }
  }

  #refused(error: WireError): void {
    let refusal: Refusal = "unavailable";
    if (error.code.startsWith("identity")) refusal = this.#identity === undefined ? "identity_missing" : "identity_refused";
    this.#events.refused(refusal);
    this.#dispatch({ t: "refused", refusal });
    this.#dispatch({ t: "link", link: "off" });
  }

  #heard(notice: Notice): void {
    if (notice.as !== this.#subject) return;
    if (notice.t === "news") return this.#dispatch(notice.news);
    if (notice.token === "") {
      this.#last = null;
      return this.#end();
    }
    // Each tab of an identified visitor has a token of its own.
    if (this.#subject !== "" || notice.token === this.#token) return;
    this.#end();
    void this.#begin();
  }

  /** What somebody wrote before they said who they are is theirs, and no anonymous tab sends it any more. */
  #adopt(messages: readonly Outgoing[]): void {
    if (this.#subject === "") return;
    for (const message of messages) {
      if (message.as !== "") continue;
      this.#storage.keep({ ...message, as: this.#subject });
      this.#tabs.tell({ t: "news", news: { t: "discarded", client_id: message.client_id }, as: "" });
    }
  }

  /** Dispatches, and lets the other tabs know. */
  #tell(news: News): void {
    this.#dispatch(news);
    this.#tabs.tell({ t: "news", news, as: this.#subject });
  }

  #dispatch(news: News): void {
    const before = this.#state;
    this.#state = apply(before, news);
    if (this.#state === before) return;
    if (this.#state.outbox !== before.outbox && news.t !== "cleared") this.#store(before.outbox);
    this.#events.change(this.#state);
    if (this.#state.items !== before.items) this.#see();
  }

  /** Writes what changed in the outbox. */
  #store(before: readonly Outgoing[]): void {
    const now = this.#state.outbox;
    for (const message of before) {
      if (!now.some((kept) => kept.client_id === message.client_id)) this.#storage.drop(message);
    }
    for (const message of now) if (!before.includes(message)) this.#storage.keep(message);
  }

  /** Ends this life; what is stored stays. */
  #end(): void {
    this.#life++;
    this.#beginning = this.#flushing = false;
    this.#token = "";
    this.#reported = null;
    this.#connection?.close();
    this.#connection = null;
    this.#rest.end();
    clearTimeout(this.#typingEnds);
    clearTimeout(this.#typingShown);
    this.#dispatch({ t: "cleared" });
  }

  /** Unread messages, for the badge. */
  get unread(): number {
    return unread(this.#state);
  }
}

/** Two tabs that open at once must not become two visitors; where locks are missing (plain http) they may. */
async function exclusively(name: string, work: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) return work();
  await navigator.locks.request(name, work);
}

/** Unguessable and unique; crypto.randomUUID exists on secure origins only. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
