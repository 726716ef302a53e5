import { describe, expect, it } from "vitest";
import type { Block, Hours } from "./api/types";
import { dayFault, hoursFault, localTime, openingAt, openingText, readTime, timeOf, usualHours } from "./hours";

const berlin = (blocks: Block[], holidays: Hours["holidays"] = []): Hours => ({ zone: "Europe/Berlin", blocks, holidays, reply: "" });
const nine = (day: number): Block => ({ day, from: "09:00", to: "17:00" });
const week = berlin([1, 2, 3, 4, 5].map(nine));
/** Berlin is one hour ahead of UTC in winter, two in summer. */
const at = (text: string) => Date.parse(text);
const text = (hours: Hours, moment: string) => openingText(openingAt(hours, at(moment)));

describe("times of day", () => {
  it.each([
    ["9", "09:00"],
    ["930", "09:30"],
    ["9.30", "09:30"],
    ["17:45", "17:45"],
    ["9 pm", "21:00"],
    ["12am", "00:00"],
    ["24", "24:00"],
    ["24:30", undefined],
    ["9:75", undefined],
    ["13 pm", undefined],
    ["soon", undefined],
  ])("%s is %s", (typed, time) => {
    expect(readTime(typed)).toBe(time);
  });

  it("stays within the day", () => {
    expect([timeOf(-15), timeOf(570), timeOf(2000)]).toEqual(["00:00", "09:30", "24:00"]);
  });
});

describe("business hours", () => {
  it("are read in the queue's time zone, in winter and in summer", () => {
    expect(localTime(at("2026-01-12T08:30:00Z"), "Europe/Berlin")).toEqual({ date: "2026-01-12", day: 1, minute: 570 });
    expect(text(week, "2026-01-12T08:30:00Z")).toBe("Open now, until 17:00");
    expect(text(week, "2026-07-13T06:59:00Z")).toBe("Closed now, opens at 09:00");
    expect(text(week, "2026-07-13T07:00:00Z")).toBe("Open now, until 17:00");
    expect(text(week, "2026-07-13T15:00:00Z")).toBe("Closed now, opens Tuesday 09:00");
  });

  it("say over a weekend when they open", () => {
    expect(text(week, "2026-01-16T18:00:00Z")).toBe("Closed now, opens Monday 09:00");
  });

  it("know several blocks a day", () => {
    const lunch = berlin([
      { day: 1, from: "13:00", to: "17:00" },
      { day: 1, from: "09:00", to: "12:00" },
    ]);
    expect(text(lunch, "2026-01-12T10:59:00Z")).toBe("Open now, until 12:00");
    expect(text(lunch, "2026-01-12T11:30:00Z")).toBe("Closed now, opens at 13:00");
  });

  it("go on over midnight, and on and on", () => {
    const night = berlin([
      { day: 1, from: "20:00", to: "24:00" },
      { day: 2, from: "00:00", to: "06:00" },
    ]);
    expect(text(night, "2026-01-12T20:00:00Z")).toBe("Open now, until Tuesday 06:00");
    const always = berlin([0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, from: "00:00", to: "24:00" })));
    expect(text(always, "2026-01-12T20:00:00Z")).toBe("Always open");
    expect(text(berlin([]), "2026-01-12T20:00:00Z")).toBe("Never open");
  });

  it("are closed on a holiday, all day", () => {
    const feast = berlin([1, 2, 3, 4, 5].map(nine), [{ date: "2026-01-12", name: "Founders' day" }]);
    expect(text(feast, "2026-01-12T10:00:00Z")).toBe("Closed for Founders' day, opens Tuesday 09:00");
  });

  it("say what is wrong with them", () => {
    const overlap = berlin([nine(1), { day: 1, from: "16:00", to: "18:00" }]);
    expect(dayFault(overlap, 1)).toBe("Two times overlap.");
    expect(hoursFault(overlap)).toBe("Monday: Two times overlap.");
    expect(dayFault(berlin([{ day: 1, from: "22:00", to: "06:00" }]), 1)).toContain("is not before");
    expect(dayFault(berlin([{ day: 1, from: "x", to: "06:00" }]), 1)).toBe("A time looks like 09:00.");
    expect(hoursFault(berlin([]))).toBe("At least one day has to be open.");
    expect(hoursFault({ ...week, holidays: [{ date: "", name: "" }] })).toBe("Each holiday needs a date.");
    expect(hoursFault(usualHours("UTC"))).toBeUndefined();
  });
});
