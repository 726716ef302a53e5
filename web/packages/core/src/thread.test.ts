import { describe, expect, it } from "vitest";
import { item } from "./testing/make";
import { gapAfter, merge, prepend } from "./thread";

const thread = { items: [item(3), item(4)], more: true };

describe("thread", () => {
  it("keeps its order, whatever order items come in, and doubles nothing", () => {
    const once = merge(thread, [item(6), item(5)]);
    expect(once.items.map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
    expect(merge(once, [item(5), item(6)])).toBe(once);
  });

  it("lets a delivery state go forward only (S3-35)", () => {
    const own = { by: "agent" as const };
    const sent = { items: [item(1, { ...own, delivery: "sent" })], more: false };
    const seen = merge(sent, [item(1, { ...own, delivery: "seen" })]);
    expect(seen.items[0]?.delivery).toBe("seen");
    expect(merge(seen, [item(1, { ...own, delivery: "delivered" })])).toBe(seen);
    expect(merge(seen, [item(1, { ...own, delivery: "failed", error: "late" })])).toBe(seen);
    const failed = merge(sent, [item(1, { ...own, delivery: "failed", error: "no such address" })]);
    expect(merge(failed, [item(1, { ...own, delivery: "delivered" })]).items[0]).toEqual(item(1, { ...own, delivery: "delivered" }));
  });

  it("does not take in older items that it has not loaded up to", () => {
    expect(merge(thread, [item(1, { delivery: "seen" })])).toBe(thread);
  });

  it("sees a gap and says after which item to fetch", () => {
    expect(gapAfter(thread, [item(5)])).toBeUndefined();
    expect(gapAfter(thread, [item(7)])).toBe(4);
    expect(gapAfter(thread, [item(5), item(7)])).toBe(5);
  });

  it("puts an older page in front, without what it holds", () => {
    const longer = prepend(thread, { items: [item(1), item(2), item(3)], more: false });
    expect(longer.items.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(longer.more).toBe(false);
  });
});
