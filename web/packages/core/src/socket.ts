import { heard } from "./heard";
import type { LogEvent } from "./api/types";

// The live connection. What it promises: events arrive in the order of their
// seq, each once, across any number of reconnects; or `reset` is called, which
// means that everything has to be fetched anew.
//
//   idle ── start ──► connecting ── hello ──► live
//                        ▲  │                  │
//                        │  └── close/error ◄──┘
//                        └──── back-off ◄┘           4401 ──► over

/** The part of WebSocket that is used here. */
export interface Wire {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export type SocketState = "connecting" | "live" | "waiting" | "over";

export interface Typing {
  conversation_id: string;
  by: "customer" | "agent";
  id: string;
  name: string;
  on: boolean;
}

export interface SocketHandlers {
  event(event: LogEvent): void;
  typing(typing: Typing): void;
  /** A colleague has opened a conversation, or turned from it. */
  viewing?(viewing: Typing): void;
  /** A conversation is no longer visible to this agent. */
  gone(conversationId: string): void;
  /** The gap cannot be filled: fetch everything, then call `resumeFrom` with the new position. */
  reset(): void;
  state(state: SocketState): void;
  /** The session has ended (close code 4401). */
  signedOut(): void;
}

type Frame =
  | { t: "hello"; seq: number }
  | { t: "event"; event: LogEvent }
  | ({ t: "typing" } & Typing)
  | ({ t: "viewing" } & Typing)
  | { t: "gone"; conversation_id: string; seq: number }
  | { t: "reset"; reason: string }
  | { t: "pong" };

export interface SocketOptions {
  connect: () => Wire;
  handlers: SocketHandlers;
  /** Whether the person did something since it was last asked. */
  active?: () => boolean;
  random?: () => number;
}

export const SIGNED_OUT = 4401;
const FIRST_DELAY = 250;
const LONGEST_DELAY = 8_000;
const PING_EVERY = 20_000;
/** Without any frame for this long the line is taken for dead. */
const SILENCE = 45_000;

/** Back-off before attempt n (from 0): doubles up to 8 s, spread over its upper half. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
  return full / 2 + (full / 2) * random();
}

export class Socket {
  private wire: Wire | undefined;
  private seq = 0;
  private attempt = 0;
  private waitingForReset = false;
  private viewed: string | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private ping: ReturnType<typeof setInterval> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: SocketOptions) {}

  /** Connects and resumes after `seq`, the position that the held data reflects. */
  start(seq: number): void {
    this.seq = seq;
    this.open();
  }

  /** Continues after a reset, from the position of the freshly fetched data. */
  resumeFrom(seq: number): void {
    this.seq = seq;
    this.waitingForReset = false;
    this.send({ t: "resume", seq });
  }

  stop(): void {
    clearTimeout(this.retry);
    this.drop();
  }

  /** Drops the connection and makes a new one after the back-off. */
  reconnect(): void {
    this.drop();
    this.lost(0);
  }

  /** Tries again at once, e.g. because the browser reports that it is online. */
  hurry(): void {
    if (this.wire || this.retry === undefined) return;
    clearTimeout(this.retry);
    this.open();
  }

  typing(conversationId: string, on: boolean): void {
    this.send({ t: "typing", conversation_id: conversationId, on });
  }

  /** Tells which conversation is open, now and after each reconnect: what happens in it comes without delay. */
  viewing(conversationId: string): void {
    this.viewed = conversationId;
    this.send({ t: "viewing", conversation_id: conversationId });
  }

  /** Tells that a conversation is not open any more, unless another one is by now. */
  left(conversationId: string): void {
    if (this.viewed !== conversationId) return;
    this.viewed = undefined;
    this.send({ t: "viewing", conversation_id: "" });
  }

  private send(frame: object): void {
    this.wire?.send(JSON.stringify(frame));
  }

  private open(): void {
    this.retry = undefined;
    this.options.handlers.state("connecting");
    const wire = this.options.connect();
    this.waitingForReset = false;
    this.wire = wire;
    wire.onopen = () => {
      if (this.wire !== wire) return;
      this.send({ t: "resume", seq: this.seq });
      if (this.viewed !== undefined) this.viewing(this.viewed);
      this.ping = setInterval(() => {
        this.send({ t: "ping", active: this.options.active?.() ?? true });
      }, PING_EVERY);
      this.listen();
    };
    wire.onmessage = (message) => {
      if (this.wire === wire && typeof message.data === "string") this.receive(message.data);
    };
    wire.onclose = ({ code }) => {
      if (this.wire !== wire) return;
      this.drop();
      this.lost(code);
    };
  }

  private lost(code: number): void {
    if (code === SIGNED_OUT) {
      this.options.handlers.state("over");
      this.options.handlers.signedOut();
      return;
    }
    this.options.handlers.state("waiting");
    this.retry = setTimeout(() => {
      this.open();
    }, backoff(this.attempt, this.options.random));
    this.attempt += 1;
  }

  private drop(): void {
    clearInterval(this.ping);
    clearTimeout(this.silence);
    const wire = this.wire;
    this.wire = undefined;
    wire?.close();
  }

  private listen(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.reconnect();
    }, SILENCE);
  }

  private receive(text: string): void {
    this.listen();
    const frame = JSON.parse(text) as Frame;
    const { handlers } = this.options;
    switch (frame.t) {
      case "hello":
        this.attempt = 0;
        this.seq = Math.max(this.seq, frame.seq);
        handlers.state("live");
        return;
      case "event":
        if (frame.event.seq <= this.seq || this.waitingForReset) return;
        this.seq = frame.event.seq;
        handlers.event(heard(frame.event));
        return;
      case "typing":
        handlers.typing(frame);
        return;
      case "viewing":
        handlers.viewing?.(frame);
        return;
      case "gone":
        this.seq = Math.max(this.seq, frame.seq);
        handlers.gone(frame.conversation_id);
        return;
      case "reset":
        this.waitingForReset = true;
        handlers.reset();
        return;
      case "pong":
    }
  }
}
