import { afterEach, expect, test } from "vitest";
import { fromClock, onClock, setZone } from "./format";
import { moments } from "./moments";

const at = (text: string) => new Date(text).getTime();

afterEach(() => {
  setZone("");
});

test("the times that are offered lie ahead, in their order of being likely", () => {
  const now = at("2026-11-26T15:30:00"); // a Thursday
  const list = moments(now, new Date("2026-11-27T08:00:00").toISOString());
  expect(list.map((one) => `${one.id} ${onClock(one.at)}`)).toEqual([
    "hour 2026-11-26T16:30",
    "hours 2026-11-26T18:30",
    "tomorrow 2026-11-27T09:00",
    "opening 2026-11-27T08:00",
    "monday 2026-11-30T09:00",
  ]);
});

test("on a Sunday tomorrow is Monday, and no opening is offered where there are no hours", () => {
  expect(moments(at("2026-11-29T10:00:00")).map((one) => one.id)).toEqual(["hour", "hours", "tomorrow"]);
  expect(moments(at("2026-11-30T10:00:00")).map((one) => onClock(one.at)).at(-1)).toBe("2026-12-07T09:00");
});

test.each([
  // It is Friday in Tokyo already, and the clock goes back in New York before Monday.
  ["Asia/Tokyo", "2026-11-26T20:00:00Z", "2026-11-28T00:00:00.000Z", "2026-11-30T00:00:00.000Z"],
  ["America/New_York", "2026-10-31T15:00:00Z", "2026-11-01T14:00:00.000Z", "2026-11-02T14:00:00.000Z"],
])("nine o'clock is that of the time zone one has chosen: %s", (zone, now, tomorrow, monday) => {
  setZone(zone);
  const list = moments(at(now));
  expect(new Date(list.find((one) => one.id === "tomorrow")?.at ?? 0).toISOString()).toBe(tomorrow);
  expect(new Date(list.find((one) => one.id === "monday")?.at ?? 0).toISOString()).toBe(monday);
});

test("a time that is typed is read by the same clock that shows it", () => {
  setZone("Asia/Kolkata");
  expect(new Date(fromClock("2026-11-27T09:00")).toISOString()).toBe("2026-11-27T03:30:00.000Z");
  setZone("Europe/Berlin");
  expect(new Date(fromClock("2026-03-29T02:30")).toISOString()).toBe("2026-03-29T01:30:00.000Z"); // shown as 03:30
  for (const shown of ["2026-07-01T00:00", "2026-10-25T01:59", "2026-12-31T23:59"]) expect(onClock(fromClock(shown))).toBe(shown);
});
