import { describe, expect, it } from "vitest";
import type { Summary, View } from "./api/types";
import { applyToList, belongs, compare, type ListKey, listQuery, type Pages, removeFromList } from "./lists";
import { me, summary } from "./testing/make";

const own = me();
const mine = { assignee_id: own.agent.id, assignee_name: own.agent.name };
const waiting = { waiting: { since: "2026-03-02T10:00:00Z", reason: "Nobody", waits_for: "somebody" } };

function list(items: Summary[], next = ""): Pages<Summary> {
  return { pages: [{ items, next }], pageParams: [""] };
}

const ids = (pages: Pages<Summary>) => pages.pages.flatMap((page) => page.items.map((c) => c.id));

describe("belongs", () => {
  const cases: [string, Summary, View[]][] = [
    ["mine, open", summary(mine), ["mine", "all"]],
    ["mine, pending", summary({ ...mine, state: "pending" }), ["mine", "all"]],
    ["mine, solved", summary({ ...mine, state: "solved" }), ["history"]],
    ["closed", summary({ state: "closed" }), ["history"]],
    ["waiting", summary(waiting), ["unassigned", "all"]],
    ["another agent's", summary({ assignee_id: "x" }), ["all"]],
    ["mine, waits for another queue", summary({ ...mine, ...waiting }), ["mine", "unassigned", "all"]],
  ];
  const views: View[] = ["mine", "unassigned", "all", "history"];
  it.each(cases)("%s", (_name, c, expected) => {
    expect(views.filter((view) => belongs(own, { view }, c))).toEqual(expected);
  });

  it("keeps a queue's list to its queue", () => {
    expect(belongs(own, { view: "all", filter: { queues: ["billing"] } }, summary())).toBe(false);
    expect(belongs(own, { view: "all", filter: { queues: ["support"] } }, summary())).toBe(true);
  });
});

describe("compare", () => {
  it("puts urgent before old in Unassigned", () => {
    const old = summary({ id: "old", ...waiting });
    const urgent = summary({
      id: "urgent",
      priority: "urgent",
      waiting: { since: "2026-03-02T11:00:00Z", reason: "", waits_for: "" },
    });
    expect([old, urgent].sort((a, b) => compare({ view: "unassigned" }, a, b)).map((c) => c.id)).toEqual(["urgent", "old"]);
  });

  it("puts who waits for an answer on top of My work (S3-89: oldest pending first)", () => {
    const answered = summary({ id: "answered", last_at: "2026-03-02T12:00:00Z" });
    const later = summary({ id: "later", awaits_since: "2026-03-02T11:00:00Z" });
    const earlier = summary({ id: "earlier", awaits_since: "2026-03-02T10:30:00Z" });
    const sorted = [answered, later, earlier].sort((a, b) => compare({ view: "mine" }, a, b));
    expect(sorted.map((c) => c.id)).toEqual(["earlier", "later", "answered"]);
  });
});

describe("orders and filters", () => {
  const order = (at: number, customer: string, queue: string) => ({ order: { at, customer, queue } });
  const zoe = summary({ id: "a", state: "pending", ...order(3, "zoe", "0") });
  const adam = summary({ id: "b", state: "open", ...order(1, "adam", "1 sales") });
  const berta = summary({ id: "c", state: "pending", snoozed_until: "2026-03-03T10:00:00Z", ...order(2, "berta", "1 billing") });
  const orders: [ListKey, string][] = [
    [{ view: "all" }, "bca"],
    [{ view: "all", sort: "latest" }, "acb"],
    [{ view: "all", sort: "status" }, "bac"],
    [{ view: "all", sort: "customer" }, "bca"],
    [{ view: "all", sort: "queue" }, "acb"],
    [{ view: "history" }, "bca"],
    [{ view: "history", sort: "latest" }, "acb"],
  ];
  it.each(orders)("puts a change where the server lists it (S3-89, S3-90): %o", (key, expected) => {
    expect([zoe, adam, berta].sort((a, b) => compare(key, a, b)).map((c) => c.id).join("")).toBe(expected);
  });

  it("lets in what meets every member of a filter", () => {
    const now = Date.parse("2026-03-02T11:00:00Z");
    const meets = (filter: ListKey["filter"], c: Summary) => belongs(own, { view: "all", filter }, c, now);
    expect(meets({ statuses: ["snoozed"] }, berta)).toBe(true);
    expect(meets({ statuses: ["snoozed"] }, zoe)).toBe(false);
    expect(meets({ tags: ["vip", "x"] }, summary({ tags: ["vip"] }))).toBe(true);
    expect(meets({ tags: ["vip"] }, summary())).toBe(false);
    expect(meets({ assignees: ["me"] }, summary(mine))).toBe(true);
    expect(meets({ assignees: ["none"] }, summary(mine))).toBe(false);
    expect(meets({ waits_minutes: 60 }, summary({ awaits_since: "2026-03-02T10:00:00Z" }))).toBe(true);
    expect(meets({ waits_minutes: 61 }, summary({ awaits_since: "2026-03-02T10:00:00Z" }))).toBe(false);
    expect(meets({ queues: ["support"], priorities: ["urgent"] }, summary())).toBe(false);
  });
});

describe("applyToList", () => {
  const key: ListKey = { view: "mine" };

  it("lets nobody into a list by answers to surveys, which only the server knows, and keeps who is in it", () => {
    const rated: ListKey = { view: "mine", filter: { ratings: ["1", "none"] } };
    const held = summary({ id: "held", ...mine });
    expect(ids(applyToList(own, rated, list([held]), summary({ id: "new", ...mine })))).toEqual(["held"]);
    expect(ids(applyToList(own, rated, list([held]), { ...held, version: 2 }))).toEqual(["held"]);
    expect(ids(applyToList(own, rated, list([held]), { ...held, state: "closed", version: 2 }))).toEqual([]);
    expect(listQuery(rated)).toMatchObject({ rating: ["1", "none"] });
  });

  it("takes a conversation in, moves it and takes it out", () => {
    const other = summary({ id: "other", ...mine, awaits_since: "2026-03-02T10:00:00Z" });
    const fresh = summary({ id: "fresh", ...mine, awaits_since: "2026-03-02T11:00:00Z" });
    let held = applyToList(own, key, list([other]), fresh);
    expect(ids(held)).toEqual(["other", "fresh"]);

    const { awaits_since: _answered, ...answered } = other;
    held = applyToList(own, key, held, { ...answered, version: 2 });
    expect(ids(held)).toEqual(["fresh", "other"]);

    held = applyToList(own, key, held, { ...fresh, state: "solved", version: 2 });
    expect(ids(held)).toEqual(["other"]);
  });

  it("changes nothing when an older state comes late", () => {
    const held = list([summary({ ...mine, version: 5 })]);
    expect(applyToList(own, key, held, summary({ version: 4 }))).toBe(held);
  });

  it("does the same twice", () => {
    const c = summary({ ...mine, version: 2 });
    const once = applyToList(own, key, list([]), c);
    expect(applyToList(own, key, once, c)).toEqual(once);
  });

  it("leaves to a later page what sorts behind the loaded ones", () => {
    const loaded = list([summary({ id: "a", opened_at: "2026-03-02T10:00:00Z" })], "cursor");
    const late = summary({ id: "b", opened_at: "2026-03-02T12:00:00Z" });
    expect(ids(applyToList(own, { view: "all" }, loaded, late))).toEqual(["a"]);
    expect(ids(applyToList(own, { view: "all" }, list(loaded.pages[0]?.items ?? []), late))).toEqual(["a", "b"]);
  });

  it("forgets what is no longer visible", () => {
    expect(ids(removeFromList(list([summary({ id: "a" }), summary({ id: "b" })]), "a"))).toEqual(["b"]);
  });
});
