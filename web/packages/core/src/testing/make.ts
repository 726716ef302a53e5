import type { Item, Me, Summary } from "../api/types";
import { mockServer } from "./server";
import { meOf } from "./seed";

// Words for tests, complete and unremarkable; a test changes what it is about.

const AT = "2026-03-02T10:00:00Z";

export function summary(change: Partial<Summary> = {}): Summary {
  return {
    id: "c1",
    contact_id: "ct1",
    inbox_id: "web",
    queue_id: "support",
    state: "open",
    priority: "normal",
    point: { kind: "email", address: "mara@example.com" },
    last_seq: 1,
    customer_seen: 0,
    agent_seen: 0,
    last_text: "Hello",
    last_by: "customer",
    last_at: AT,
    replies: 0,
    opened_at: AT,
    version: 1,
    contact_name: "Mara",
    inbox_name: "Website",
    channel: "web",
    queue_name: "Support",
    ...change,
  };
}

export function item(seq: number, change: Partial<Item> = {}): Item {
  return { conversation_id: "c1", seq, kind: "message", by: "customer", body: `text ${seq}`, at: AT, ...change };
}

export function me(change: Partial<Me> = {}): Me {
  const world = mockServer(() => Date.parse(AT)).world;
  const seeded = meOf(world);
  const queues = [{ id: "support", name: "Support", can_reply: true }];
  return { ...seeded, role: "agent", queues, ...change };
}
