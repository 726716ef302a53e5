/**
 * Keeps the news coming: a socket that resumes from the cursor, reconnects
 * with back-off, and gives way to polling over HTTP where a socket never says
 * hello (proxies that do not let it through).
 *
 *	connecting ──hello──► live ──closed, silent──► lost ──back-off──► connecting
 *	     └──three times no hello──► polling (a socket is tried again every 30 s)
 */
import { Backoff } from "./backoff";
import { type ClientFrame, type Cursor, type Page, type ServerFrame, SESSION_OVER } from "./protocol";
import { Rest } from "./rest";
import type { Link } from "./state";
import { type Wire, WireError } from "./wire";

const HELLO_WITHIN = 8_000;
const PING_EVERY = 20_000;
const DEAD_AFTER = 35_000;
const POLL_EVERY = 3_000;
const SOCKET_TRIES = 3;
const SOCKET_AGAIN_AFTER = 30_000;

export interface Audience {
  token(): string;
  cursor(): Cursor;
  link(link: Link): void;
  page(page: Page): void;
  typing(name: string | null): void;
  /** The token or the cursor is no longer good; the connection has ended. */
  over(): void;
}

type Ending = { hello: boolean; over: boolean };

export class Connection {
  readonly #wire: Wire;
  readonly #to: Audience;
  readonly #rest = new Rest();
  #socket: WebSocket | null = null;
  #live = false;
  #closed = false;

  constructor(wire: Wire, to: Audience) {
    this.#wire = wire;
    this.#to = to;
  }

  /** Runs until `close` or until the session is over. */
  async run(): Promise<void> {
    const backoff = new Backoff();
    let failures = 0;
    let triedAt = 0;
    this.#to.link("connecting");
    while (!this.#closed) {
      let polled = false;
      if (failures < SOCKET_TRIES || Date.now() - triedAt >= SOCKET_AGAIN_AFTER) {
        triedAt = Date.now();
        const { hello, over } = await this.#listen();
        if (this.#closed) return;
        if (over) return this.#to.over();
        failures = hello ? 0 : failures + 1;
        if (hello) backoff.reset();
        if (failures < SOCKET_TRIES) this.#to.link("lost");
      }
      if (failures >= SOCKET_TRIES) {
        const outcome = await this.#poll();
        if (this.#closed) return;
        if (outcome === "over") return this.#to.over();
        polled = outcome === "polled";
        this.#to.link(polled ? "polling" : "lost");
      }
      if (polled) backoff.reset();
      await this.#rest.for(polled ? POLL_EVERY : backoff.next());
    }
  }

  /** Sends a frame if the socket is live, and tells whether it did. */
  send(frame: ClientFrame): boolean {
    if (!this.#live) return false;
    this.#socket?.send(JSON.stringify(frame));
    return true;
  }

  /** The network is back or somebody looks: do not wait for the next attempt. */
  wake(): void {
    this.#rest.end();
  }

  /** The browser says that the network is gone: do not wait for the silence. */
  drop(): void {
    this.#socket?.close();
  }

  close(): void {
    this.#closed = true;
    this.#socket?.close();
    this.#rest.end();
  }

  /** One life of a socket, from opening it until it is closed. */
  #listen(): Promise<Ending> {
    return new Promise((resolve) => {
      const socket = new WebSocket(this.#wire.socketUrl);
      this.#socket = socket;
      let hello = false;
      let over = false;
      let heardAt = Date.now();

      const end = () => {
        clearTimeout(impatience);
        clearInterval(pulse);
        this.#live = false;
        this.#socket = null;
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
        resolve({ hello, over });
      };
      const impatience = setTimeout(() => !hello && end(), HELLO_WITHIN);
      const pulse = setInterval(() => {
        if (Date.now() - heardAt > DEAD_AFTER) end();
        else this.send({ t: "ping" });
      }, PING_EVERY);

      socket.onopen = () => {
        const auth: ClientFrame = { t: "auth", token: this.#to.token(), cursor: this.#to.cursor() };
        socket.send(JSON.stringify(auth));
      };
      socket.onclose = (event) => {
        over ||= event.code === SESSION_OVER;
        end();
      };
      socket.onmessage = (event: MessageEvent<string>) => {
        heardAt = Date.now();
        const frame = JSON.parse(event.data) as ServerFrame;
        switch (frame.t) {
          case "hello":
            hello = this.#live = true;
            return this.#to.link("live");
          case "items":
            return this.#to.page(frame);
          case "typing":
            return this.#to.typing(frame.on ? (frame.name ?? "") : null);
          case "reset":
            over = true;
            return end();
          case "pong":
            return;
        }
      };
    });
  }

  async #poll(): Promise<"polled" | "failed" | "over"> {
    try {
      const page = await this.#wire.items(this.#to.token(), this.#to.cursor());
      if (!this.#closed) this.#to.page(page);
      return "polled";
    } catch (error) {
      return error instanceof WireError && !error.temporary ? "over" : "failed";
    }
  }
}
