import { expect, test } from "vitest";
import { viewed } from "./viewers";

const ana = { id: "a", name: "Ana" };
const ben = { id: "b", name: "Ben" };

test("viewers come and go, each once", () => {
  let held = viewed({}, "c", ana, true);
  held = viewed(held, "c", ben, true);
  expect(viewed(held, "c", ana, true)).toBe(held);
  expect(held).toEqual({ c: [ana, ben] });
  held = viewed(held, "c", ana, false);
  expect(held).toEqual({ c: [ben] });
  expect(viewed(held, "c", ben, false)).toEqual({});
  expect(viewed(held, "d", ben, false)).toBe(held);
});
