import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { mockServer, type MockServer } from "@rapport/core/testing/server";
import type { Summary } from "@rapport/core/api/types";
import { App } from "@/app/app";
import { createBackend } from "@/lib/backend";
import { closeDialog, desk } from "@/lib/desk-state";

export interface World {
  server: MockServer;
  user: ReturnType<typeof userEvent.setup>;
  /** The seeded conversation with this customer that is not closed. */
  of: (customer: string) => Summary;
}

/** The whole desk at an address, before a contact centre in memory. */
export async function visit(path: string, prepare: (server: MockServer) => void = () => undefined): Promise<World> {
  const server = mockServer();
  prepare(server);
  window.history.replaceState(null, "", path);
  closeDialog();
  desk.set({ cursor: undefined, order: [], details: true, mode: "reply" });
  render(<App backend={createBackend(server.fetch, server.connect)} />);
  // A page's code is loaded with the first visit to it, which takes a busy machine a while.
  await screen.findByRole("main", {}, { timeout: 15_000 });
  const of = (customer: string): Summary => {
    const found = server.world.conversations.find((c) => c.contact_name === customer && c.state !== "closed");
    if (!found) throw new Error(`no conversation with ${customer}`);
    return found;
  };
  return { server, user: userEvent.setup(), of };
}

/** A problem document as the server answers it. */
export function refusal(status: number, detail: string, code = "refused"): Response {
  return new Response(JSON.stringify({ title: "Refused", status, detail, code }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });
}
