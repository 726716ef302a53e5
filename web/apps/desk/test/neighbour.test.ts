import { describe, expect, it } from "vitest";
import { neighbour } from "@/lib/neighbour";

describe("j and k", () => {
  const order = ["a", "b", "c"];
  it.each([
    ["b", undefined, 1, "c"],
    ["b", undefined, -1, "a"],
    ["c", undefined, 1, "c"],
    ["a", undefined, -1, "a"],
    ["", undefined, 1, "a"],
    ["gone", 1, 1, "b"],
    ["gone", 1, -1, "a"],
    ["gone", 0, -1, "a"],
    ["gone", 3, 1, "c"],
  ] as const)("from %s, which was at %s, by %s: to %s", (id, was, step, to) => {
    expect(neighbour(order, id, was, step)).toBe(to);
  });

  it("lead nowhere in an empty list", () => {
    expect(neighbour([], "gone", 0, 1)).toBeUndefined();
  });
});
