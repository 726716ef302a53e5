import { expect, test } from "vitest";
import { localInput, moments } from "./moments";

const at = (text: string) => new Date(text).getTime();

test("the times that are offered lie ahead, in their order of being likely", () => {
  const now = at("2026-11-26T15:30:00"); // a Thursday
  const list = moments(now, new Date("2026-11-27T08:00:00").toISOString());
  expect(list.map((one) => `${one.id} ${localInput(one.at)}`)).toEqual([
    "hour 2026-11-26T16:30",
    "hours 2026-11-26T18:30",
    "tomorrow 2026-11-27T09:00",
    "opening 2026-11-27T08:00",
    "monday 2026-11-30T09:00",
  ]);
});

test("on a Sunday tomorrow is Monday, and no opening is offered where there are no hours", () => {
  expect(moments(at("2026-11-29T10:00:00")).map((one) => one.id)).toEqual(["hour", "hours", "tomorrow"]);
  expect(moments(at("2026-11-30T10:00:00")).map((one) => localInput(one.at)).at(-1)).toBe("2026-12-07T09:00");
});
