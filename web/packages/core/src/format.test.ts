import { afterEach, describe, expect, it } from "vitest";
import { start } from "@rapport/i18n";
import english from "./en.json";
import { bytes } from "./files";
import { ago, availability, day, duration, hue, initials, number, pointText } from "./format";

const now = new Date(2026, 2, 4, 12, 0).getTime();
const before = (ms: number) => new Date(now - ms).toISOString();
const MINUTE = 60_000;

afterEach(() => {
  start("en", english, "en-US");
});

describe("format", () => {
  it.each([
    [30_000, "now"],
    [4 * MINUTE, "4m"],
    [200 * MINUTE, "3h"],
    [50 * 60 * MINUTE, "2d"],
  ])("%i ms ago is %s", (ms, text) => {
    expect(ago(before(ms), now)).toBe(text);
  });

  it("says a stretch of time in words", () => {
    expect([duration(1_000), duration(90_000), duration(7_200_000)]).toEqual(["a moment", "1 minute", "2 hours"]);
  });

  it("heads days by what a reader calls them", () => {
    expect(day(before(MINUTE), now)).toBe("Today");
    expect(day(before(13 * 60 * MINUTE), now)).toBe("Yesterday");
  });

  it.each([
    ["Ana Pires", "AP"],
    ["Visitor 4821", "V4"],
    ["mara.lind@example.com", "MC"],
    ["李", "李"],
    ["", "?"],
  ])("initials of %s are %s", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  it("gives a person the same colour each time", () => {
    expect(hue("Ana Pires", 6)).toBe(hue("Ana Pires", 6));
    expect(hue("Ana Pires", 6)).toBeLessThan(6);
  });

  it("shows who has no connected desk as offline (S3-15)", () => {
    expect(availability({ status: "available", connected: false })).toBe("offline");
    expect(availability({ status: "busy", connected: true })).toBe("busy");
  });

  it("writes numbers as the desk's language does, not the browser's", () => {
    expect([number(4, 1), number(12_345), number(0.06, 1)]).toEqual(["4.0", "12,345", "0.1"]);
    start("de", {});
    expect([number(4, 1), number(12_345), bytes(1.5 * (1 << 20))]).toEqual(["4,0", "12.345", "1,5 MB"]);
  });

  it("hides the machine's part of a contact point", () => {
    expect(pointText({ kind: "external", address: "inbox1:customer-7" })).toBe("customer-7");
    expect(pointText({ kind: "visitor", address: "inbox1:9f8e7d" })).toBe("Anonymous browser");
    expect(pointText({ kind: "phone", address: "+4930901820", shown: "+49 30 901820" })).toBe("+49 30 901820");
  });
});
