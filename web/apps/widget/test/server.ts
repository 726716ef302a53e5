/**
 * The web chat edge in memory, with the faults of a real network: answers that
 * get lost, sockets that are cut or never say hello, a server that is away.
 */
import { vi } from "vitest";
import type { ClientFrame, Conversation, Delivery, FileShown, Item, Place, ServerFrame } from "../src/protocol";

/** What the widget posts. */
interface Sent {
  client_id: string;
  body: string;
  files?: string[];
  location?: Place;
}

/** A file as the edge shows it. */
export const picture: FileShown = { id: "f1", name: "dent.png", type: "image/png", size: 2048, url: "https://rapport.example/f1" };

interface Logged {
  cursor: number;
  item: Item;
}

export class Server {
  config = {
    name: "Shop",
    title: "Shop help",
    greeting: "Hello",
    color: "#0f766e",
    position: "right",
    identity: "optional" as "optional" | "required",
    available: true,
  };
  /** Nothing is reachable. */
  down = false;
  /** Milliseconds until an answer. */
  slow = 0;
  /** Sockets never open. */
  socketsBlocked = false;
  /** The next message is stored, but its answer never arrives. */
  loseNextReceipt = false;
  /** What refuses the next message, if anything. */
  refuseNextMessage: { status: number; detail: string } | null = null;
  conversation: Conversation | null = null;
  unread = 0;
  readonly items: Item[] = [];
  /** How often somebody asked for anyone. */
  asked = 0;
  readonly seen: number[] = [];
  readonly heardTyping: boolean[] = [];
  readonly tokens = new Map<string, string>();
  /** Identities that are no longer good. */
  readonly expired = new Set<string>();
  /** How many tokens were given out. */
  sessions = 0;
  readonly requests: string[] = [];
  /** The language that the last answer was wanted in. */
  language = "";
  /** The tokens that messages came with, one for each request. */
  readonly senders: string[] = [];
  readonly sockets = new Set<FakeSocket>();
  #log: Logged[] = [];

  install(): void {
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => this.#fetch(url, init));
    const open = (url: string) => new FakeSocket(url, this);
    vi.stubGlobal("WebSocket", function WebSocket(url: string) {
      return open(url);
    });
  }

  /** An agent writes. */
  say(body: string): Item {
    const item = this.#append({ from: "agent", name: "Ada", body });
    this.unread++;
    this.#push([item]);
    return item;
  }

  /** A message of the visitor gets further. */
  progress(seq: number, delivery: Delivery): void {
    const item = this.items.find((one) => one.seq === seq);
    if (!item) throw new Error(`no item ${seq}`);
    item.delivery = delivery;
    this.#log.push({ cursor: this.#log.length + 1, item: { ...item } });
    this.#push([{ ...item }]);
  }

  frame(frame: ServerFrame): void {
    for (const socket of this.sockets) if (socket.authorised) socket.deliver(frame);
  }

  /** Cuts every socket without a word. */
  cut(code = 1006): void {
    for (const socket of [...this.sockets]) socket.end(code);
  }

  get cursor(): number {
    return this.#log.length;
  }

  hear(socket: FakeSocket, frame: ClientFrame): void {
    if (frame.t === "auth") {
      if (!this.tokens.has(frame.token)) return socket.end(4401);
      socket.authorised = true;
      const missed = this.#log.filter((entry) => entry.cursor > Number(frame.cursor)).map((entry) => entry.item);
      if (missed.length > 0) socket.deliver({ t: "items", items: missed, cursor: this.cursor, conversation: this.conversation });
      socket.deliver({ t: "hello" });
    }
    if (frame.t === "ping") socket.deliver({ t: "pong" });
    if (frame.t === "anyone") this.asked++;
    if (frame.t === "seen") this.seen.push(frame.seq);
    if (frame.t === "typing") this.heardTyping.push(frame.on);
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const path = new URL(url).pathname.split("/").slice(3).join("/");
    this.requests.push(`${init.method ?? "GET"} ${path}`);
    if (this.slow > 0) await new Promise((resolve) => setTimeout(resolve, this.slow));
    if (this.down) throw new TypeError("Failed to fetch");
    const body = (init.body ? JSON.parse(String(init.body)) : {}) as Record<string, string>;
    if (path === "config") return json(200, this.config);
    if (path === "session") return this.#session(body);
    this.language = new Headers(init.headers).get("Accept-Language") ?? "";
    const token = new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? "";
    if (!this.tokens.has(token)) return json(401, { code: "session_over", detail: "The session is over." });
    if (path === "messages") {
      this.senders.push(token);
      return this.#message(body as unknown as Sent);
    }
    if (path === "items") {
      const after = Number(new URL(url).searchParams.get("after"));
      const items = this.#log.filter((entry) => entry.cursor > after).map((entry) => entry.item);
      return json(200, { items, cursor: this.cursor, conversation: this.conversation });
    }
    this.seen.push(Number(body["seq"]));
    return new Response(null, { status: 204 });
  }

  /** As the real edge: an identity always gets a fresh token; a stranger's stale one is replaced without a word. */
  #session(body: Record<string, string>): Response {
    const identity = body["identity"] ?? "";
    if (identity !== "" && this.expired.has(identity)) {
      return json(401, { code: "identity_invalid", detail: "The identity has expired." });
    }
    const known = identity === "" && this.tokens.has(body["token"] ?? "");
    if (identity === "" && this.config.identity === "required" && !known) {
      return json(401, { code: "identity_required", detail: "Sign in first." });
    }
    const token = known ? String(body["token"]) : `visitor-${++this.sessions}`;
    this.tokens.set(token, identity || (this.tokens.get(token) ?? ""));
    return json(200, {
      token,
      contact: { name: "", known: identity !== "" },
      conversation: this.conversation,
      items: this.items.map((item) => ({ ...item })),
      cursor: this.cursor,
      unread: this.unread,
    });
  }

  #message({ client_id, body, files, location }: Sent): Response {
    const refused = this.refuseNextMessage;
    this.refuseNextMessage = null;
    if (refused) return json(refused.status, { code: "refused", detail: refused.detail });
    let item = this.items.find((one) => one.client_id === client_id);
    if (!item) {
      item = this.#append({
        from: "me",
        body,
        client_id,
        delivery: "sent",
        ...(files && { files: files.map((id) => ({ ...picture, id })) }),
        ...(location && { location }),
      });
      this.#push([item]);
    }
    if (this.loseNextReceipt) {
      this.loseNextReceipt = false;
      throw new TypeError("Failed to fetch");
    }
    return json(201, { item, conversation: this.conversation });
  }

  #append(part: Omit<Item, "seq" | "conversation_id" | "at">): Item {
    this.conversation ??= { id: "c1", state: "open", assignee_name: "Ada" };
    const item: Item = {
      seq: this.items.length + 1,
      conversation_id: this.conversation.id,
      at: new Date().toISOString(),
      ...part,
    };
    this.items.push(item);
    this.#log.push({ cursor: this.#log.length + 1, item: { ...item } });
    return item;
  }

  #push(items: Item[]): void {
    this.frame({ t: "items", items, cursor: this.cursor, conversation: this.conversation });
  }
}

/** Tabs of one browser: what one tells, the others hear. */
export class FakeChannel {
  static all: FakeChannel[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(readonly name: string) {
    FakeChannel.all.push(this);
  }

  postMessage(data: unknown): void {
    const copy = structuredClone(data);
    for (const other of FakeChannel.all) if (other !== this && other.name === this.name) other.onmessage?.({ data: copy });
  }

  close(): void {
    FakeChannel.all = FakeChannel.all.filter((other) => other !== this);
  }
}

class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  authorised = false;
  readonly #server: Server;

  constructor(_url: string, server: Server) {
    this.#server = server;
    setTimeout(() => {
      if (server.down || server.socketsBlocked) return this.onclose?.({ code: 1006 });
      server.sockets.add(this);
      this.onopen?.();
    }, 1);
  }

  send(data: string): void {
    this.#server.hear(this, JSON.parse(data) as ClientFrame);
  }

  deliver(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  end(code: number): void {
    this.#server.sockets.delete(this);
    this.onclose?.({ code });
  }

  close(): void {
    this.end(1000);
  }
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}
