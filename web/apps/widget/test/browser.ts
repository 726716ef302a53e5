/** A browser of one's own for each test: its clock, its storage, its tabs, and the server behind them. */
import { afterEach, beforeEach, vi } from "vitest";
import { FakeChannel, Server } from "./server";

export let server: Server;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-03-02T10:00:00Z") });
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  FakeChannel.all = [];
  localStorage.clear();
  sessionStorage.clear();
  server = new Server();
  server.install();
});

afterEach(() => {
  crash();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Every page goes away at once: nothing of them runs any more. */
export function crash(): void {
  vi.clearAllTimers();
  for (const socket of server.sockets) socket.onmessage = socket.onclose = null;
  server.sockets.clear();
  FakeChannel.all = [];
}

export const settle = (milliseconds = 50) => vi.advanceTimersByTimeAsync(milliseconds);

/** A token that says who somebody is; another nonce makes it another one. */
export const jwt = (subject: string, nonce = 1) => `h.${btoa(JSON.stringify({ sub: subject, nonce })).replace(/=+$/, "")}.s`;
