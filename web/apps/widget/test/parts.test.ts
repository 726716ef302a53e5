import { describe, expect, it } from "vitest";
import { TitleCount } from "../src/attention";
import { accent, luminance } from "../src/color";
import { textsFor } from "../src/i18n";
import { subjectOf } from "../src/identity";
import { pieces } from "../src/links";
import { type Item } from "../src/protocol";
import { progress, rows } from "../src/rows";
import { apply, empty, unread } from "../src/state";

const item = (seq: number, part: Partial<Item> = {}): Item => ({
  seq,
  conversation_id: "c1",
  from: "agent",
  name: "Ada",
  body: `text ${seq}`,
  at: `2026-03-02T10:0${seq}:00Z`,
  ...part,
});

const page = (items: Item[], cursor = 1) => ({ t: "page" as const, page: { items, cursor, conversation: null } });

describe("state", () => {
  it("orders items by conversation and number, each once, however they arrive", () => {
    let state = apply(empty, page([item(2), item(1, { conversation_id: "c2" })]));
    state = apply(state, page([item(1), item(2)]));
    expect(state.items.map((one) => `${one.conversation_id}.${one.seq}`)).toEqual(["c1.1", "c1.2", "c2.1"]);
  });

  it("applying the same news twice changes nothing", () => {
    const news = page([item(1), item(2)]);
    const once = apply(empty, news);
    expect(apply(once, news)).toEqual(once);
  });

  it("counts as unread what came from agents after the last seen item", () => {
    const session = { token: "t", contact: { name: "", known: false }, conversation: null, cursor: 3, unread: 1 };
    let state = apply(empty, { t: "session", session: { ...session, items: [item(1), item(2, { from: "me" }), item(3)] } });
    expect(unread(state)).toBe(1);
    state = apply(state, { t: "seen", place: { conversation_id: "c1", seq: 3 } });
    expect(unread(state)).toBe(0);
    state = apply(state, { t: "seen", place: { conversation_id: "c1", seq: 1 } });
    expect(unread(state)).toBe(0);
  });
});

describe("rows", () => {
  it("separates days and groups what one author writes within five minutes", () => {
    const items = [
      item(1, { at: "2026-03-01T12:00:00Z" }),
      item(2, { at: "2026-03-02T12:00:00Z" }),
      item(3, { at: "2026-03-02T12:01:00Z" }),
      item(4, { at: "2026-03-02T12:02:00Z", from: "me" }),
      item(5, { at: "2026-03-02T12:20:00Z", from: "me" }),
    ];
    const shape = rows(apply(empty, page(items))).map((row) => (row.kind === "group" ? row.lines.length : row.kind));
    expect(shape).toEqual(["day", 1, "day", 2, 1, 1]);
  });

  it("a message keeps its place and key when the server confirms it", () => {
    const waiting = apply(empty, { t: "queued", message: { client_id: "k", body: "Hi", at: "2026-03-02T10:00:00Z", as: "" } });
    const sent = apply(waiting, {
      t: "receipt",
      receipt: { item: item(1, { from: "me", client_id: "k", delivery: "sent" }), conversation: null },
    });
    expect(rows(sent).map((row) => row.key)).toEqual(rows(waiting).map((row) => row.key));
    expect([progress(waiting), progress(sent)]).toEqual(["sending", "sent"]);
  });
});

describe("links", () => {
  const links = (text: string) => pieces(text).flatMap((piece) => (piece.href === undefined ? [] : [piece.href]));

  it.each([
    ["see https://example.com/a?b=c.", ["https://example.com/a?b=c"]],
    ["(https://en.wikipedia.org/wiki/Go_(game))", ["https://en.wikipedia.org/wiki/Go_(game)"]],
    ["www.example.com, or mail help@example.com!", ["https://www.example.com", "mailto:help@example.com"]],
    ["javascript:alert(1) data:text/html,x", []],
    ['https://example.com/"onmouseover=alert(1)', ["https://example.com/"]],
    ["no link at all", []],
  ])("%s", (text, expected) => {
    expect(links(text)).toEqual(expected);
  });

  it("loses no character", () => {
    const text = "a https://b.example/c, d@e.example. <b>f</b>";
    expect(pieces(text).map((piece) => piece.text).join("")).toBe(text);
  });
});

describe("accent", () => {
  it.each(["#ffffff", "#000000", "#777777", "#ffcc00", "#0f766e", "#f0f", "rgb(1,2,3)"])(
    "text on %s reaches 4.5:1",
    (color) => {
      const { back, text } = accent(color);
      const [dark = 0, light = 0] = [luminance(back), luminance(text)].sort((a, b) => a - b);
      expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
    },
  );
});

describe("texts", () => {
  it("speak the page's language where there is a table, else English", () => {
    expect(textsFor("de-AT").send).toBe("Senden");
    expect(textsFor("fr").send).toBe("Send");
  });
});

describe("identity", () => {
  it("two tokens of one person have one subject, also beyond ASCII", () => {
    const jwt = (claims: object) =>
      `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
    expect(subjectOf(jwt({ sub: "Zoë", exp: 1 }))).toBe(subjectOf(jwt({ sub: "Zoë", exp: 2 })));
    expect(subjectOf("nonsense")).toBe("nonsense");
  });
});

describe("the count in the page's title", () => {
  it("comes, changes, and leaves the title as it was", () => {
    document.title = "Harbour Goods";
    const title = new TitleCount();
    title.show(1);
    title.show(2);
    expect(document.title).toBe("(2) Harbour Goods");
    title.show(0);
    expect(document.title).toBe("Harbour Goods");
  });

  it("leaves a title alone that the page has set meanwhile", () => {
    document.title = "Harbour Goods";
    const title = new TitleCount();
    title.show(1);
    document.title = "Basket";
    title.show(0);
    expect(document.title).toBe("Basket");
  });
});
