/** Two people in two tabs of one browser: each tab is one person, and touches nothing of the other's. */
import { describe, expect, it } from "vitest";
import { Chat } from "../src/chat";
import { Storage } from "../src/storage";
import { Wire } from "../src/wire";
import { crash, jwt, server, settle } from "./browser";

function openTab(identity?: string): Chat {
  const events = { change: () => undefined, message: () => undefined, refused: () => undefined };
  const chat = new Chat("box", new Wire("https://desk.test", "box"), new Storage("box"), identity, events);
  chat.start();
  return chat;
}

const stored = () => new Storage("box").outbox().map((message) => message.body);
/** What the server has got, and from whom; nobody for an anonymous visitor. */
const got = () =>
  server.items.map((item, at) => {
    const identity = server.tokens.get(server.senders[at] ?? "") ?? "";
    const person = identity === "" ? "nobody" : (JSON.parse(atob(identity.split(".")[1] ?? "")) as { sub: string }).sub;
    return `${person}: ${item.body}`;
  });

/** Opens a tab each, and waits until they are live. */
async function tabs(...identities: (string | undefined)[]): Promise<Chat[]> {
  const opened: Chat[] = [];
  for (const identity of identities) {
    const chat = openTab(identity);
    chat.want();
    await settle(1000);
    expect(chat.state.link).toBe("live");
    opened.push(chat);
  }
  return opened;
}

/** Writes while nothing is reachable. */
async function unsent(...said: [Chat, string][]): Promise<void> {
  server.down = true;
  for (const [chat, body] of said) chat.send(body);
  await settle();
}

async function reachable(): Promise<void> {
  server.down = false;
  server.senders.length = 0; // what did not arrive
  await settle(60_000);
}

describe("a person who comes to a tab", () => {
  it("gets a session of their own, although the last one stored is theirs, from another tab", async () => {
    const [one] = (await tabs(jwt("anna"), jwt("ben"))) as [Chat, Chat];
    one.identify(jwt("ben", 2));
    expect(one.state.items).toEqual([]);
    await settle(1000);
    expect(server.sessions).toBe(3);
    one.send("Hello");
    await settle();
    expect(got()).toEqual(["ben: Hello"]);
  });

  it("leaves the unsent messages of whoever was there for when they come again", async () => {
    const [one] = (await tabs(jwt("anna"))) as [Chat];
    await unsent([one, "for later"]);
    one.identify(jwt("ben"));
    await reachable();
    expect(one.state.outbox).toEqual([]);
    expect(got()).toEqual([]);
    crash();
    openTab(jwt("anna"));
    await reachable();
    expect(got()).toEqual(["anna: for later"]);
  });

  it("does not find the draft of whoever was there, but their own from before they signed in", async () => {
    const storage = new Storage("box");
    storage.draft = "Mine";
    const [one] = (await tabs(jwt("anna"))) as [Chat];
    expect(storage.draft).toBe("Mine");
    one.identify(jwt("anna", 2));
    expect(storage.draft).toBe("Mine");
    crash();
    await tabs(jwt("ben"));
    expect(storage.draft).toBe("");
    storage.draft = "Ben's";
    await tabs(undefined);
    expect(storage.draft).toBe("");
  });
});

describe("another person's tab changes nothing when", () => {
  it("a token is renewed", async () => {
    const [anna, ben] = (await tabs(jwt("anna"), jwt("ben"))) as [Chat, Chat];
    await unsent([anna, "from Anna"], [ben, "from Ben"]);
    anna.identify(jwt("anna", 2));
    expect(stored()).toEqual(["from Anna", "from Ben"]);
    await reachable();
    expect(got().sort()).toEqual(["anna: from Anna", "ben: from Ben"]);
    expect(ben.state.link).toBe("live");
    expect(server.sessions).toBe(2);
  });

  it("the page says by a call who is there", async () => {
    const [ben, other] = (await tabs(jwt("ben"), undefined)) as [Chat, Chat];
    await unsent([ben, "from Ben"]);
    other.identify(jwt("anna"));
    await reachable();
    expect(got()).toEqual(["ben: from Ben"]);
    expect(ben.state.link).toBe("live");
  });

  it("it is shut down", async () => {
    const [anna, ben] = (await tabs(jwt("anna"), jwt("ben"))) as [Chat, Chat];
    await unsent([anna, "from Anna"], [ben, "from Ben"]);
    anna.shutdown();
    expect(stored()).toEqual(["from Ben"]);
    expect(new Storage("box").visitor?.subject).toBe("ben");
    await reachable();
    expect(got()).toEqual(["ben: from Ben"]);
    expect(ben.state.link).toBe("live");
  });

  it("it opens, for somebody known or not", async () => {
    const [ben] = (await tabs(jwt("ben"))) as [Chat];
    await unsent([ben, "from Ben"]);
    openTab(jwt("anna"));
    openTab().want();
    expect(stored()).toEqual(["from Ben"]);
    crash(); // before it was sent
    openTab(jwt("ben"));
    await reachable();
    expect(got()).toEqual(["ben: from Ben"]);
  });
});

describe("shutdown", () => {
  it("ends the other tabs of the same person, also when somebody else was stored since", async () => {
    const [one, two, ben] = (await tabs(jwt("anna"), jwt("anna"), jwt("ben"))) as [Chat, Chat, Chat];
    one.shutdown();
    expect(two.state.link).toBe("off");
    expect(ben.state.link).toBe("live");
  });

  it("on a page that does not say who was there forgets who was", async () => {
    const [anna] = (await tabs(jwt("anna"))) as [Chat];
    await unsent([anna, "from Anna"]);
    crash();
    openTab().shutdown();
    expect(Object.keys(localStorage)).toEqual([]);
  });
});

describe("what was written before", () => {
  it("signing in, on the page before, is sent by who signed in, once", async () => {
    const [one] = (await tabs(undefined)) as [Chat];
    await unsent([one, "before login"]);
    server.cut(); // it hears from the other tab alone
    server.down = false;
    const anna = openTab(jwt("anna"));
    await settle(1);
    expect(one.state.outbox).toEqual([]);
    await reachable();
    server.senders.length = 0;
    expect(server.items.map((item) => item.body)).toEqual(["before login"]);
    expect(anna.state.items.map((item) => item.body)).toEqual(["before login"]);
    expect(stored()).toEqual([]);
  });

  it("signing in, without any session, is sent after it", async () => {
    server.down = true;
    const one = openTab();
    one.send("before login");
    await settle();
    crash();
    openTab(jwt("anna"));
    await reachable();
    expect(got()).toEqual(["anna: before login"]);
  });

  it("the messages said whose they are belongs to the visitor who is stored", async () => {
    await tabs(jwt("anna"));
    crash();
    const key = "rapport.box.out.old";
    localStorage.setItem(key, JSON.stringify({ client_id: "old", body: "from before", at: new Date().toISOString() }));
    await tabs(jwt("ben"));
    expect(got()).toEqual([]);
    crash();
    await tabs(jwt("anna"));
    expect(got()).toEqual(["anna: from before"]);
    expect(localStorage.getItem(key)).toBeNull();
  });
});
