import { describe, expect, it } from "vitest";
import type { Summary } from "./api/types";
import { countdown, left, type Place, warningOf } from "./countdown";
import { summary } from "./testing/make";

const NOW = Date.parse("2026-03-02T10:00:00Z");
const MINUTE = 60_000;

function timed(kind: NonNullable<Summary["timer"]>["kind"], ms: number): Summary {
  return summary({ timer: { kind, at: new Date(NOW + ms).toISOString() } });
}
const text = (c: Summary, place: Place = "row", rules = {}) => countdown(c, place, NOW, rules)?.text;

describe("what is left", () => {
  it.each([
    [-1, "0:00"],
    [400, "0:01"],
    [40_000, "0:40"],
    [89_000, "1:29"],
    [200_000, "4 min"],
    [90 * MINUTE, "90 min"],
    [91 * MINUTE, "2 h"],
    [49 * 60 * MINUTE, "3 d"],
  ])("%i ms is %s", (ms, shown) => {
    expect(left(ms)).toBe(shown);
  });
});

describe("a countdown", () => {
  it("says what happens, and when", () => {
    expect(text(timed("reply", 200_000))).toBe("moves on in 4 min");
    expect(text(timed("reply", 200_000), "row", { then: "notify" })).toBe("answer due in 4 min");
    expect(text(timed("inactivity", 118_000))).toBe("closes in 2 min");
    expect(text(timed("hold", 40_000), "row", { holder: "Ana" })).toBe("waits for Ana, 0:40 left");
    expect(text(timed("wait", 40_000))).toBe("leaves queue in 0:40");
    expect(text(timed("close", 3 * 60 * MINUTE), "header")).toBe("can be reopened for 3 h");
    expect(text(timed("bot", 30_000), "header")).toBe("goes to an agent in 0:30");
    expect(text(timed("open", 3 * 60 * MINUTE), "header")).toBe("queue opens in 3 h");
  });

  it("is silent while it is far off, and the open conversation tells more than a row", () => {
    expect(text(timed("reply", 6 * MINUTE))).toBeUndefined();
    expect(text(timed("reply", 6 * MINUTE), "header")).toBe("moves on in 6 min");
    expect(text(timed("warn", MINUTE), "header")).toBeUndefined();
    expect(text(timed("close", MINUTE))).toBeUndefined();
    expect(text(summary())).toBeUndefined();
  });

  it("says that it is due, when the server has not acted yet", () => {
    expect(text(timed("reply", -3_000))).toBe("moves on now");
    expect(text(timed("inactivity", 0))).toBe("closes now");
  });

  it("is calm until the last minutes", () => {
    const urgency = (ms: number) => countdown(timed("reply", ms), "header", NOW)?.urgency;
    expect([urgency(10 * MINUTE), urgency(4 * MINUTE), urgency(30_000)]).toEqual(["calm", "soon", "now"]);
    expect(countdown(timed("hold", 1_000), "row", NOW)?.urgency).toBe("calm");
  });

  it("is read aloud within the last minute only, in words that stay the same", () => {
    expect(warningOf(timed("reply", 61_000), NOW)).toBe("");
    expect(warningOf(timed("reply", 59_000), NOW)).toBe("The conversation with Mara moves on to another agent in less than a minute.");
    expect(warningOf(timed("reply", 9_000), NOW)).toBe(warningOf(timed("reply", 59_000), NOW));
    expect(warningOf(timed("hold", 9_000), NOW)).toBe("");
  });
});
