import { expect, test } from "vitest";
import { alertOf } from "./alert";
import type { Item, LogEvent, Me, Summary } from "./api/types";

const me = { agent: { id: "ana" } } as Me;
const event = (kind: string, items: Partial<Item>[], part: Partial<LogEvent> = {}, assignee = "ana"): LogEvent => ({
  seq: 7,
  at: "2026-11-27T09:00:00Z",
  kind,
  data: { conversation: { id: "c1", assignee_id: assignee, contact_name: "Mia", last_text: "Hello" } as Summary, items: items as Item[] },
  ...part,
});
const wrote = { kind: "message", by: "customer" } as const;
const assigned = (rung: string, agent = "ana") => ({ kind: "event", by: "system", event: "assigned", data: { agent_id: agent, rung } }) as const;

test.each(["conversation.opened", "conversation.reopened", "message.received"])("S3-03: %s tells that a customer of theirs writes", (kind) => {
  expect(alertOf(me, event(kind, [wrote, assigned("strategy")]))).toEqual({ id: "7", kind: "message", text: "Mia: Hello", conversationId: "c1" });
  expect(alertOf(me, event(kind, [wrote], {}, "ben"))).toBeUndefined();
});

test("S3-03: who was served from the line is told once: colleagues and rules that move a conversation leave a notification", () => {
  expect(alertOf(me, event("conversation.assigned", [assigned("history")]))?.kind).toBe("assigned");
  expect(alertOf(me, event("conversation.assigned", [assigned("manual")]))).toBeUndefined();
  expect(alertOf(me, event("conversation.assigned", [assigned("strategy")], { from_agent: "ben" }))).toBeUndefined();
  expect(alertOf(me, event("note.added", [{ kind: "note", by: "agent" }]))).toBeUndefined();
  expect(alertOf(me, { seq: 8, at: "", kind: "notification.added", data: { notification: { id: "n1", kind: "mention", text: "Ben named you", conversation_id: "c1" } as never } })).toEqual({
    id: "n1",
    kind: "mention",
    text: "Ben named you",
    conversationId: "c1",
  });
});
