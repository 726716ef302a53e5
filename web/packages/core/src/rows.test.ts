import { describe, expect, it } from "vitest";
import { rowsOf } from "./rows";
import { item } from "./testing/make";

const at = (hour: number, minute: number, date = 2) => new Date(2026, 2, date, hour, minute).toISOString();

describe("rowsOf", () => {
  it("puts a day's heading above its first item", () => {
    const rows = rowsOf([item(1, { at: at(10, 0) }), item(2, { at: at(10, 0, 3) })], []);
    expect(rows.map((row) => row.kind)).toEqual(["day", "item", "day", "item"]);
  });

  it("groups what one author writes within five minutes", () => {
    const rows = rowsOf(
      [item(1, { at: at(10, 0) }), item(2, { at: at(10, 4) }), item(3, { at: at(10, 20) }), item(4, { at: at(10, 21), by: "agent" })],
      [],
    );
    const groups = rows.flatMap((row) => (row.kind === "item" ? [[row.first, row.last]] : []));
    expect(groups).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  it("draws the line of what is new, and what is being sent at the end", () => {
    const outgoing = { client_id: "x", conversation_id: "c1", kind: "message" as const, body: "Hi", at: at(10, 9) };
    const rows = rowsOf([item(1, { at: at(10, 0) }), item(2, { at: at(10, 1) })], [outgoing], 1);
    expect(rows.map((row) => row.kind)).toEqual(["day", "item", "unread", "item", "outgoing"]);
  });
});
