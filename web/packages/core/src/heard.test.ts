import { start } from "@rapport/i18n";
import { afterEach, expect, it } from "vitest";
import { heard } from "./heard";

afterEach(() => {
  start("en", {});
});

const loud = (sentence: string) => sentence.toUpperCase();

it("puts the server's words into the language, and leaves people's as they are", () => {
  start("de", {}, "de", loud);
  const answer = {
    name: "Queue of Ana",
    body: "a message",
    why: { sentence: "next in line", rung: "strategy" },
    waiting: { reason: "nobody is here", waits_for: "somebody" },
    items: [
      { kind: "event", body: "solved it", event: "state" },
      { kind: "message", body: "solved it" },
    ],
    notification: { agent_id: "a", kind: "assigned", at: "now", text: "yours" },
    draft: { steps: [{ with: { reason: "because" }, message: "hello" }] },
    errors: ["no such column"],
  };
  expect(heard(answer)).toEqual({
    ...answer,
    why: { sentence: "NEXT IN LINE", rung: "strategy" },
    waiting: { reason: "NOBODY IS HERE", waits_for: "SOMEBODY" },
    items: [
      { kind: "event", body: "SOLVED IT", event: "state" },
      { kind: "message", body: "solved it" },
    ],
    notification: { agent_id: "a", kind: "assigned", at: "now", text: "YOURS" },
    errors: ["NO SUCH COLUMN"],
  });
  expect(heard({ items: [{ kind: "web", name: "Web chat", help: "A widget.", options: [{ name: "title", label: "Title" }] }] }, true)).toEqual({
    items: [{ kind: "web", name: "WEB CHAT", help: "A WIDGET.", options: [{ name: "title", label: "TITLE" }] }],
  });
});

it("touches nothing in English", () => {
  const answer = { why: { sentence: "next in line" } };
  expect(heard(answer)).toBe(answer);
});
