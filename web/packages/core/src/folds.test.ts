import { describe, expect, it } from "vitest";
import type { Item } from "./api/types";
import { rowsOf } from "./rows";
import { item } from "./testing/make";

const at = (minute: number) => new Date(2026, 2, 2, 10, minute).toISOString();
const bot = { by: "bot" as const, author_id: "robin", author_name: "Robin" };

function handoff(seq: number, minute: number, since: number): Item {
  const data = { bot_name: "Robin", reason: "Wants a refund", summary: "Order 7781 arrived broken.", fields: { order: "7781" }, since: Date.parse(at(since)) };
  return item(seq, { kind: "event", event: "handoff", ...bot, at: at(minute), data });
}

const given = item(2, { kind: "event", event: "bot", by: "system", at: at(0), data: { bot_id: "robin", bot_name: "Robin" } });
const talk = [item(1, { at: at(0) }), given, item(3, { ...bot, at: at(1) }), item(4, { at: at(2) })];

const kinds = (items: Item[], opened: string[] = []) => rowsOf(items, [], undefined, new Set(opened)).map((row) => row.kind);

describe("folding away what a bot said", () => {
  it("makes one line of the transcript above the hand-off, and says how long it is (S4, part 3)", () => {
    const rows = rowsOf([...talk, handoff(5, 3, 0), item(6, { at: at(4), by: "agent", author_id: "ana" })], []);
    expect(rows.map((row) => row.kind)).toEqual(["day", "fold", "handoff", "item"]);
    const [, fold] = rows;
    expect(fold?.kind === "fold" && [fold.fold.messages, fold.fold.bot, fold.fold.partial]).toEqual([3, "Robin", false]);
  });

  it("shows the transcript in place once it is opened", () => {
    expect(kinds([...talk, handoff(5, 3, 0)], ["fold-5"])).toEqual(["day", "fold", "item", "event", "item", "item", "handoff"]);
  });

  it("folds nothing while the bot still has it", () => {
    expect(kinds(talk)).toEqual(["day", "item", "event", "item", "item"]);
  });

  it("folds also what an agent took over without a hand-off", () => {
    const claimed = item(5, { kind: "event", event: "assigned", by: "agent", at: at(3) });
    expect(kinds([...talk, claimed])).toEqual(["day", "fold", "event"]);
  });

  it("never hides a colleague's note", () => {
    const note = item(4, { kind: "note", by: "agent", author_id: "ana", at: at(2) });
    expect(kinds([...talk.slice(0, 3), note, item(5, { at: at(2) }), handoff(6, 3, 0)])).toEqual(["day", "fold", "item", "fold", "handoff"]);
  });

  it("keeps its name while older messages are loaded, and says that there are more", () => {
    const [, fold] = rowsOf([...talk.slice(2), handoff(5, 3, 0)], []);
    expect(fold?.kind === "fold" && [fold.key, fold.fold.messages, fold.fold.partial]).toEqual(["fold-5", 2, true]);
  });

  it("folds each of several stretches by itself", () => {
    const again = item(6, { kind: "event", event: "bot", by: "agent", at: at(4), data: { bot_name: "Robin" } });
    const items = [...talk, handoff(5, 3, 0), again, item(7, { ...bot, at: at(5) }), handoff(8, 6, 4)];
    expect(kinds(items)).toEqual(["day", "fold", "handoff", "fold", "handoff"]);
  });
});

describe("buttons of a message", () => {
  it("shows which one the customer chose", () => {
    const asked = item(1, { ...bot, data: { buttons: ["Refund", { label: "Exchange", value: "x" }] } });
    const [, row] = rowsOf([asked, item(2, { body: "Exchange" })], []);
    expect(row?.kind === "item" && [row.buttons, row.chosen]).toEqual([["Refund", "Exchange"], "Exchange"]);
  });
});
