import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LogEvent } from "./api/types";
import { backoff, Socket, type SocketHandlers, type Wire } from "./socket";

class TestWire implements Wire {
  sent: unknown[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  receive(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const event = (seq: number): LogEvent => ({ seq, at: "2026-03-02T10:00:00Z", kind: "message.received" });

function world() {
  const wires: TestWire[] = [];
  const seen: number[] = [];
  const states: string[] = [];
  const handlers: SocketHandlers = {
    event: ({ seq }) => seen.push(seq),
    typing: vi.fn(),
    gone: vi.fn(),
    reset: vi.fn(),
    state: (state) => states.push(state),
    signedOut: vi.fn(),
  };
  const socket = new Socket({
    connect: () => {
      const wire = new TestWire();
      wires.push(wire);
      return wire;
    },
    handlers,
    random: () => 1,
  });
  const wire = (): TestWire => {
    const last = wires.at(-1);
    if (!last) throw new Error("nothing was connected");
    return last;
  };
  return { socket, wires, wire, seen, states, handlers };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("socket", () => {
  it("resumes after the position of the held data, and after the last event once it was lost", () => {
    const { socket, wire, seen } = world();
    socket.start(40);
    wire().onopen?.();
    expect(wire().sent).toEqual([{ t: "resume", seq: 40 }]);
    wire().receive({ t: "event", event: event(41) });
    wire().receive({ t: "event", event: event(42) });

    wire().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(250);
    wire().onopen?.();

    expect(wire().sent).toEqual([{ t: "resume", seq: 42 }]);
    wire().receive({ t: "event", event: event(42) });
    wire().receive({ t: "event", event: event(43) });
    expect(seen).toEqual([41, 42, 43]);
  });

  it("says after a reconnect which conversation is open, until it is left", () => {
    const { socket, wire } = world();
    socket.viewing("c1");
    socket.start(40);
    wire().onopen?.();
    expect(wire().sent).toEqual([
      { t: "resume", seq: 40 },
      { t: "viewing", conversation_id: "c1" },
    ]);
    socket.viewing("c2");
    socket.left("c1");
    wire().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(250);
    wire().onopen?.();
    expect(wire().sent.slice(1)).toEqual([{ t: "viewing", conversation_id: "c2" }]);

    socket.left("c2");
    expect(wire().sent.at(-1)).toEqual({ t: "viewing", conversation_id: "" });
    wire().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(500);
    wire().onopen?.();
    expect(wire().sent).toEqual([{ t: "resume", seq: 40 }]);
  });

  it("ignores what an abandoned connection still delivers", () => {
    const { socket, wire, wires, seen } = world();
    socket.start(0);
    wire().onopen?.();
    wire().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(250);
    wire().onopen?.();
    wires[0]?.receive({ t: "event", event: event(1) });
    expect(seen).toEqual([]);
  });

  it("waits longer after each failure, up to 8 s, and starts over once it was live", () => {
    const { socket, wire, wires } = world();
    socket.start(0);
    const delays: number[] = [];
    for (let n = 0; n < 7; n++) {
      wire().onclose?.({ code: 1006 });
      const before = wires.length;
      let delay = 0;
      while (wires.length === before) {
        vi.advanceTimersByTime(50);
        delay += 50;
      }
      delays.push(delay);
    }
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000]);
    wire().onopen?.();
    wire().receive({ t: "hello", seq: 0 });
    wire().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(250);
    expect(wires).toHaveLength(9);
  });

  it("spreads the back-off over its upper half", () => {
    expect(backoff(0, () => 0)).toBe(125);
    expect(backoff(0, () => 1)).toBe(250);
    expect(backoff(20, () => 0)).toBe(4_000);
  });

  it("does not come back after the session ended", () => {
    const { socket, wire, wires, handlers, states } = world();
    socket.start(0);
    wire().onopen?.();
    wire().onclose?.({ code: 4401 });
    vi.advanceTimersByTime(60_000);
    expect(handlers.signedOut).toHaveBeenCalledOnce();
    expect(wires).toHaveLength(1);
    expect(states.at(-1)).toBe("over");
  });

  it("asks for a full fetch when it cannot resume, and takes no event before that is done", () => {
    const { socket, wire, seen, handlers } = world();
    socket.start(1);
    wire().onopen?.();
    wire().receive({ t: "reset", reason: "too old" });
    wire().receive({ t: "event", event: event(900) });
    expect(handlers.reset).toHaveBeenCalledOnce();
    expect(seen).toEqual([]);

    socket.resumeFrom(900);
    expect(wire().sent.at(-1)).toEqual({ t: "resume", seq: 900 });
    wire().receive({ t: "event", event: event(901) });
    expect(seen).toEqual([901]);
  });

  it("takes a line that has gone silent for dead, although no close came", () => {
    const { socket, wire, wires } = world();
    socket.start(0);
    wire().onopen?.();
    wire().receive({ t: "hello", seq: 0 });
    const first = wire();
    vi.advanceTimersByTime(44_000);
    expect(first.sent.filter((frame) => (frame as { t: string }).t === "ping")).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(first.closed).toBe(true);
    vi.advanceTimersByTime(8_000);
    expect(wires).toHaveLength(2);
  });

  it("closes a connection that was stopped before it opened", () => {
    const { socket, wire, wires, states } = world();
    socket.start(0);
    const first = wire();
    socket.stop();
    socket.start(0);
    first.onopen?.();
    first.onclose?.({ code: 1006 });
    expect(first.closed).toBe(true);
    expect(first.sent).toEqual([]);
    expect(wires).toHaveLength(2);
    expect(states).toEqual(["connecting", "connecting"]);
  });

  it("stays closed once it was stopped", () => {
    const { socket, wire, wires } = world();
    socket.start(0);
    wire().onclose?.({ code: 1006 });
    socket.stop();
    vi.advanceTimersByTime(60_000);
    expect(wires).toHaveLength(1);
  });
});
