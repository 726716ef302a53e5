import { describe, expect, it } from "vitest";
import type { ConversationView, LogEvent, Summary } from "./api/types";
import type { Notification, Notifications } from "./api/bots";
import type { Bulk } from "./api/views";
import { apply, applyAgent, applyBulk, applyRead, type Cache, keys } from "./apply";
import type { ListKey, Pages } from "./lists";
import { mayOf } from "./permission";
import { item, me, summary } from "./testing/make";
import type { Thread } from "./thread";

class TestCache implements Cache {
  held = new Map<string, unknown>();
  asked: string[] = [];
  lists: [ListKey, Pages<Summary>][] = [];

  put(key: readonly unknown[], value: unknown): void {
    this.held.set(JSON.stringify(key), value);
  }
  get<T>(key: readonly unknown[]): T {
    return this.held.get(JSON.stringify(key)) as T;
  }
  patch<T>(key: readonly unknown[], change: (held: T) => T): void {
    const text = JSON.stringify(key);
    if (this.held.has(text)) this.held.set(text, change(this.held.get(text) as T));
  }
  patchLists(change: (held: Pages<Summary>, key: ListKey) => Pages<Summary>): void {
    this.lists = this.lists.map(([key, list]) => [key, change(list, key)]);
  }
  stale(key: readonly unknown[]): void {
    this.asked.push(JSON.stringify(key));
  }
}

const own = me();

function event(data: LogEvent["data"], kind = "conversation.changed"): LogEvent {
  return { seq: 1, at: "2026-03-02T10:00:00Z", kind, ...(data ? { data } : {}) };
}

function view(c: Summary): ConversationView {
  const contact = { id: c.contact_id, name: "Mara", known: true, points: [], created_at: c.opened_at };
  return { ...c, contact, may: mayOf(own, c) };
}

describe("apply", () => {
  it("keeps how far bulk actions have come, in their place, and knows what is undone", () => {
    const bulk = (id: string, change: Partial<Bulk> = {}): Bulk =>
      ({ id, agent_id: own.agent.id, action: { do: "release" }, total: 3, done: 0, refused: 0, skipped: 0, created_at: "2026-03-02T10:00:00Z", ...change });
    const cache = new TestCache();
    cache.put(keys.bulks, { items: [bulk("b2"), bulk("b1", { done: 3, ended_at: "2026-03-02T10:00:02Z" })] });
    const now = () => cache.get<{ items: Bulk[] }>(keys.bulks).items.map(({ id, done, ended_at, undone_by }) => [id, done, ended_at !== undefined, undone_by]);
    apply(cache, own, event({ bulk: bulk("b3", { undoes: "b1" }) }, "bulk.started"));
    apply(cache, own, event({ bulk: bulk("b2", { done: 2 }) }, "bulk.progress"));
    expect(now()).toEqual([["b3", 0, false, undefined], ["b2", 2, false, undefined], ["b1", 3, true, "b3"]]);
    // The answer to what began it comes after the news of its end.
    apply(cache, own, event({ bulk: bulk("b2", { done: 3, ended_at: "2026-03-02T10:00:03Z" }) }, "bulk.ended"));
    applyBulk(cache, bulk("b2"));
    expect(now()[1]).toEqual(["b2", 3, true, undefined]);
  });

  it("moves a claimed conversation between lists and tells at once what is allowed (S3-27)", () => {
    const waiting = summary({ waiting: { since: "2026-03-02T10:00:00Z", reason: "", waits_for: "" } });
    const cache = new TestCache();
    cache.put(keys.conversation("c1"), view(waiting));
    cache.lists = [
      [{ view: "unassigned" }, { pages: [{ items: [waiting], next: "" }], pageParams: [""] }],
      [{ view: "mine" }, { pages: [{ items: [], next: "" }], pageParams: [""] }],
    ];
    const taken = summary({ assignee_id: "ben", assignee_name: "Ben Sauer", version: 2 });
    apply(cache, own, event({ conversation: taken }));

    expect(cache.lists.map(([, list]) => list.pages[0]?.items.length)).toEqual([0, 0]);
    const { may } = cache.get<ConversationView>(keys.conversation("c1"));
    expect(may.claim).toEqual({ ok: false, why: "Ben Sauer already has this conversation." });
  });

  it("adds new items to the thread, and fetches when some are missing", () => {
    const cache = new TestCache();
    cache.put(keys.thread("c1"), { items: [item(1)], more: false } satisfies Thread);
    apply(cache, own, event({ items: [item(2)] }));
    expect(cache.get<Thread>(keys.thread("c1")).items).toHaveLength(2);
    expect(cache.asked).not.toContain(JSON.stringify(keys.thread("c1")));

    apply(cache, own, event({ items: [item(5)] }));
    expect(cache.get<Thread>(keys.thread("c1")).items).toHaveLength(2);
    expect(cache.asked).toContain(JSON.stringify(keys.thread("c1")));
  });

  it("keeps the newer state of an open conversation", () => {
    const cache = new TestCache();
    cache.put(keys.conversation("c1"), view(summary({ version: 7, state: "solved" })));
    apply(cache, own, event({ conversation: summary({ version: 6 }) }));
    expect(cache.get<ConversationView>(keys.conversation("c1")).state).toBe("solved");
  });

  it("shows the own new status everywhere", () => {
    const cache = new TestCache();
    cache.put(keys.me, own);
    applyAgent(cache, { ...own.agent, status: "away" });
    expect(cache.get<typeof own>(keys.me).agent.status).toBe("away");
  });

  it("asks for the agents again when a colleague joins or leaves, and only then", () => {
    const cache = new TestCache();
    const agents = () => cache.asked.filter((key) => key === JSON.stringify(keys.agents)).length;
    cache.put(keys.agents, { items: [{ ...own.agent, queues: [], effective_capacity: 5 }] });
    apply(cache, own, event({ agent: { ...own.agent, status: "away" } }, "agent.changed"));
    expect(agents()).toBe(0);
    const ben = { ...own.agent, id: "ben", invited: true };
    apply(cache, own, event({ agent: ben }, "agent.changed"));
    expect(agents()).toBe(1);
    apply(cache, own, event({ agent: { ...own.agent, enabled: false } }, "agent.deleted"));
    expect(agents()).toBe(2);
  });

  it("follows a colleague's custom status on the board, and forgets what they no longer have (S3-13)", () => {
    const cache = new TestCache();
    const since = "2026-03-02T08:00:00Z";
    const held = { ...own.agent, id: "ben", queues: [], effective_capacity: 5, availability: "available" as const, since };
    cache.put(keys.board, { agents: [held], queues: [], waiting: [] });
    const ben = () => cache.get<{ agents: Record<string, unknown>[] }>(keys.board).agents[0];
    const change = (agent: Partial<typeof held>) => {
      const { effective_capacity: _room, queues: _queues, availability: _shown, since: _since, ...plain } = held;
      apply(cache, own, event({ agent: { ...plain, ...agent } }, "agent.changed"));
    };
    change({ status: "away", custom_status_id: "lunch" });
    expect(ben()).toMatchObject({ availability: "away", custom_status_id: "lunch", since: "2026-03-02T10:00:00Z" });
    change({ status: "away" });
    expect(ben()).not.toHaveProperty("custom_status_id");
    apply(cache, own, event(undefined, "status.changed"));
    expect(cache.asked).toContain(JSON.stringify(keys.statuses));
  });

  it("asks for queues and own places again when a queue changes", () => {
    const cache = new TestCache();
    apply(cache, own, event(undefined, "queue.deleted"));
    expect(cache.asked).toEqual([JSON.stringify(keys.queues), JSON.stringify(keys.me)]);
  });

  it.each(["merged", "unmerged", "erased"])("asks for a thread again that was %s, with what is pinned and waits and with all links,", (what) => {
    const cache = new TestCache();
    apply(cache, own, { ...event(undefined, `conversation.${what}`), conversation_id: "c1" });
    expect(cache.asked).toEqual([keys.thread("c1"), keys.waiting("c1"), keys.pinned("c1"), ["links"]].map((key) => JSON.stringify(key)));
  });

  it("asks for inboxes and attributes again when they change", () => {
    const cache = new TestCache();
    for (const kind of ["inbox.changed", "inbox.deleted", "settings.attributes"]) apply(cache, own, event(undefined, kind));
    expect(cache.asked).toEqual([keys.inboxes, keys.inboxes, keys.attributes].map((key) => JSON.stringify(key)));
  });

  it("adds a notification once, however often it comes (trap 12)", () => {
    const cache = new TestCache();
    const told = (id: string, minute: number): Notification => ({
      id,
      agent_id: "ana",
      at: `2026-03-02T10:0${minute}:00Z`,
      kind: "assigned",
      conversation_id: "c1",
      text: "Mara: assigned to you",
    });
    cache.put(keys.notifications, { items: [told("n1", 1)], unread: 1 } satisfies Notifications);
    apply(cache, own, event({ notification: told("n2", 2) }, "notification.added"));
    apply(cache, own, event({ notification: told("n2", 2) }, "notification.added"));
    const { items, unread } = cache.get<Notifications>(keys.notifications);
    expect([items.map((one) => one.id), unread]).toEqual([["n2", "n1"], 2]);

    applyRead(cache, "2026-03-02T10:01:00Z", "2026-03-02T10:05:00Z");
    expect(cache.get<Notifications>(keys.notifications).unread).toBe(1);
    expect(cache.get<Notifications>(keys.notifications).items.map((one) => Boolean(one.read_at))).toEqual([false, true]);
  });

  it("moves what a bot holds to All chatbots, and out of it when an agent takes over (S3-87)", () => {
    const cache = new TestCache();
    const empty = { pages: [{ items: [], next: "" }], pageParams: [""] };
    cache.lists = [
      [{ view: "chatbots" }, empty],
      [{ view: "unassigned" }, empty],
      [{ view: "all" }, empty],
    ];
    const lengths = () => cache.lists.map(([, list]) => list.pages[0]?.items.length);
    apply(cache, own, event({ conversation: summary({ bot_id: "robin", bot_name: "Robin" }) }));
    expect(lengths()).toEqual([1, 0, 1]);
    apply(cache, own, event({ conversation: summary({ assignee_id: "ana", version: 2 }) }));
    expect(lengths()).toEqual([0, 0, 1]);
  });
});
