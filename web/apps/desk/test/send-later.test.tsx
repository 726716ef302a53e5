import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { refusal, visit } from "./world";

it("brings the text of a message that is taken back once, however often one presses", async () => {
  const taken: string[] = [];
  const { user } = await visit("/mine", (server) => {
    server.intercept = (method, path) => {
      const id = server.world.conversations.find((c) => c.contact_name === "Jonas Weber")?.id;
      const waiting = { id: "later", conversation_id: id, agent_id: "ana", kind: "scheduled", body: "Good morning", content: {}, due_at: "2099-01-02T10:00:00Z", state: "waiting", version: 1, created_at: "2026-01-02T10:00:00Z" };
      if (method === "GET" && path.endsWith("/outgoing")) return Response.json({ items: [waiting] });
      if (method !== "DELETE" || !path.endsWith("/outgoing/later")) return undefined;
      taken.push(path);
      return taken.length === 1 ? refusal(500, "The answer was lost.") : Response.json({ ...waiting, state: "cancelled" });
    };
  });
  await user.click(within(await screen.findByRole("list", { name: "Conversations" })).getByRole("link", { name: /Jonas Weber/ }));
  await user.click(await screen.findByRole("button", { name: "Take back" }));
  await screen.findByText("The answer was lost.");
  const reply = screen.getByRole("textbox", { name: "Reply" });
  await user.type(reply, "Good morning"); // as the draft that the server has made of it arrives
  await user.dblClick(screen.getByRole("button", { name: "Take back" }));
  await user.type(reply, "!");
  expect(reply).toHaveValue("Good morning!");
  expect(taken).toHaveLength(2);
});
