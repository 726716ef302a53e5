import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { Fetch } from "@rapport/core/api/api";
import type { Wire } from "@rapport/core/socket";
import { App } from "./app/app";
import { createBackend } from "./lib/backend";
import { connect } from "./lib/wire";

interface Transport {
  fetch: Fetch;
  connect: (path: string) => Wire;
}

async function transport(): Promise<Transport> {
  if (import.meta.env.MODE === "mock") {
    const { mockServer } = await import("@rapport/core/testing/server");
    const { addBots } = await import("@rapport/core/testing/bots");
    const server = mockServer();
    addBots(server.world, Date.now());
    Object.assign(window, { mock: server });
    return server;
  }
  return { fetch: (request) => fetch(request), connect };
}

/** Draws the desk into an element. */
export async function draw(element: HTMLElement): Promise<void> {
  const { fetch, connect } = await transport();
  createRoot(element).render(
    <StrictMode>
      <App backend={createBackend(fetch, connect)} />
    </StrictMode>,
  );
}
