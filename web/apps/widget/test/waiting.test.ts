import { h, render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Chat } from "../src/chat";
import { accent } from "../src/color";
import { textsFor } from "../src/i18n";
import { type Conversation, type Item, type Waiting } from "../src/protocol";
import { type State, apply, choices, empty, unread } from "../src/state";
import { Storage } from "../src/storage";
import { type Actions, App } from "../src/ui/app";
import { Wire } from "../src/wire";
import { Server } from "./server";

const item = (seq: number, part: Partial<Item> = {}): Item => ({
  seq,
  conversation_id: "c1",
  from: "agent",
  name: "Helper",
  body: `text ${seq}`,
  at: `2026-03-02T10:0${seq}:00Z`,
  ...part,
});
const waiting: Waiting = { position: 2, estimate_seconds: 170, agent_name: "Ana Pires", anyone: true };
const open = (more: Partial<Conversation> = {}): Conversation => ({ id: "c1", state: "open", ...more });
const page = (items: Item[], conversation: Conversation | null = open()) =>
  apply({ ...empty, link: "live" }, { t: "page", page: { items, cursor: 1, conversation } });

class NoObserver {
  observe(): void {}
  disconnect(): void {}
}

let box: HTMLElement;

function show(state: State, lang = "en") {
  vi.stubGlobal("ResizeObserver", NoObserver);
  const actions = { send: vi.fn(), anyone: vi.fn(), typing: vi.fn(), draft: vi.fn() } as unknown as Actions;
  const config = { name: "Shop", title: "Shop", greeting: "", color: "#0f766e", position: "right", identity: "optional", available: true } as const;
  const props = { state, config, texts: textsFor(lang), lang, dir: "ltr", side: "end", accent: accent("#0f766e"), open: true } as const;
  render(h(App, { ...props, focus: false, online: true, sound: false, draft: "", thanks: "", actions }), box);
  const buttons = () => [...box.querySelectorAll("button")];
  const press = (text: string) => buttons().find((one) => one.textContent === text)?.click();
  return { actions, buttons, press, line: () => box.querySelector(".waiting")?.textContent ?? "" };
}

beforeEach(() => {
  box = document.createElement("div");
  document.body.append(box);
});
afterEach(() => {
  render(null, box);
  box.remove();
  vi.unstubAllGlobals();
});

describe("while the visitor waits", () => {
  it("says their place, how long, for whom, and offers anyone now", () => {
    const { actions, line, press } = show(page([item(1, { from: "me" })], open({ waiting })));
    expect(line()).toContain("You are number 2. About 3 minutes.");
    expect(line()).toContain("You wait for Ana Pires");
    expect(box.querySelector("#who")?.textContent).toContain("You are in line");
    press("Talk to anyone now");
    expect(actions.anyone).toHaveBeenCalledOnce();
    expect(box.querySelector("textarea")).toBe(document.activeElement);
  });

  it("says less where less is known", () => {
    const { line, buttons } = show(page([], open({ waiting: { position: 1, estimate_seconds: null, agent_name: "", anyone: false } })));
    expect(line()).toBe("You are next.");
    expect(buttons().some((one) => one.textContent === "Talk to anyone now")).toBe(false);
  });

  it("says when a closed queue opens, instead of a place", () => {
    const { line } = show(page([], open({ waiting: { ...waiting, agent_name: "", anyone: false, opens_at: "2026-03-04T08:00:00Z" } })));
    expect(line()).toMatch(/^We open: Wednesday/);
  });

  it("says nothing once somebody answers", () => {
    expect(show(page([], open({ assignee_name: "Ana" }))).line()).toBe("");
  });

  it("follows the line as it moves", () => {
    const moved = apply(page([], open({ waiting })), { t: "waiting", waiting: { ...waiting, position: 1 } });
    expect(show(moved).line()).toContain("You are next.");
    expect(apply(moved, { t: "waiting", waiting: null }).conversation?.waiting).toBeNull();
  });

  it("speaks German", () => {
    expect(show(page([], open({ waiting })), "de").line()).toContain("Sie sind Nummer 2. Etwa 3 Minuten.");
  });
});

describe("answers to choose from", () => {
  const asked = [item(1), item(2, { buttons: ["Billing", "Delivery"] })];

  it("a click sends the text", () => {
    const { actions, press } = show(page(asked));
    press("Delivery");
    expect(actions.send).toHaveBeenCalledWith("Delivery");
    expect(box.querySelector("textarea")).toBe(document.activeElement);
  });

  it("only the newest message offers them, and only while nothing came after it", () => {
    expect(choices(page(asked))).toEqual(["Billing", "Delivery"]);
    expect(choices(page([...asked, item(3, { from: "me" })]))).toEqual([]);
    const writing = apply(page(asked), { t: "queued", message: { client_id: "k", body: "Hi", at: "2026-03-02T10:00:00Z", as: "" } });
    expect(choices(writing)).toEqual([]);
    expect(choices(page(asked, open({ state: "closed" })))).toEqual([]);
    expect(show(page([...asked, item(3)])).buttons().some((one) => one.textContent === "Billing")).toBe(false);
  });
});

it("a warning of silence counts as unread and stands apart from what people say", () => {
  const state = page([item(1, { from: "me" }), item(2, { from: "system", body: "Are you still there?" })]);
  expect(unread(state)).toBe(1);
  show(state);
  expect(box.querySelector(".said")?.textContent).toBe("Are you still there?");
});

describe("anyone now", () => {
  let server: Server;
  let chat: Chat;
  const settle = () => vi.advanceTimersByTimeAsync(50);

  beforeEach(async () => {
    vi.useFakeTimers();
    localStorage.clear();
    server = new Server();
    server.install();
    server.conversation = open({ waiting });
    chat = new Chat("box", new Wire("https://desk.test", "box"), new Storage("box"), undefined, {
      change: () => undefined,
      message: () => undefined,
      refused: () => undefined,
    });
    chat.want();
    await settle();
  });
  afterEach(() => {
    chat.shutdown();
    vi.useRealTimers();
  });

  it("is asked once and shown at once", async () => {
    chat.anyone();
    expect(chat.state.conversation?.waiting).toMatchObject({ agent_name: "", anyone: false });
    chat.anyone();
    await settle();
    expect(server.asked).toBe(1);
  });

  it("is not asked, nor shown as asked, without a connection", async () => {
    server.down = true;
    server.cut();
    chat.anyone();
    await settle();
    expect(chat.state.conversation?.waiting).toEqual(waiting);
    expect(server.asked).toBe(0);
  });

  it("the place moves with what the server sends", async () => {
    server.conversation = open({ waiting: { ...waiting, position: 1 } });
    server.frame({ t: "items", items: [], cursor: server.cursor, conversation: server.conversation });
    expect(chat.state.conversation?.waiting?.position).toBe(1);
  });
});
