import { beforeEach, describe, expect, it } from "vitest";
import { Chat } from "../src/chat";
import { type Item } from "../src/protocol";
import { type Refusal } from "../src/state";
import { Storage } from "../src/storage";
import { Wire } from "../src/wire";
import { crash, jwt, server, settle } from "./browser";
import { picture } from "./server";

let heard: Item[];
let refusals: Refusal[];

function openTab(identity?: string): Chat {
  const chat = new Chat("box", new Wire("https://desk.test", "box"), new Storage("box"), identity, {
    change: () => undefined,
    message: (item) => heard.push(item),
    refused: (refusal) => refusals.push(refusal),
  });
  chat.start();
  return chat;
}

const bodies = (chat: Chat) => chat.state.items.map((item) => item.body);

beforeEach(() => {
  heard = [];
  refusals = [];
});

async function started(): Promise<Chat> {
  const chat = openTab();
  chat.want();
  await settle();
  expect(chat.state.link).toBe("live");
  return chat;
}

describe("session", () => {
  it("asks for nothing before the visitor wants to chat", async () => {
    openTab();
    await settle();
    expect(server.requests).toEqual([]);
  });

  it("survives a reload: same token, same history", async () => {
    const chat = await started();
    chat.send("Hello");
    await settle();
    server.say("Hi, how can I help?");
    crash();

    const again = openTab();
    await settle();
    expect(bodies(again)).toEqual(["Hello", "Hi, how can I help?"]);
    expect(server.sessions).toBe(1);
    expect(again.unread).toBe(1);
  });

  it("starts anew when the server no longer knows the token, and keeps what was not sent", async () => {
    const chat = await started();
    server.down = true;
    chat.send("Still here");
    await settle();
    crash();
    server.down = false;
    server.tokens.clear();

    const again = openTab();
    await settle();
    expect(bodies(again)).toEqual(["Still here"]);
  });

  it("says what is missing when the inbox requires an identity", async () => {
    server.config.identity = "required";
    const chat = openTab();
    chat.want();
    await settle();
    expect(chat.state.refusal).toBe("identity_missing");

    chat.identify(jwt("anna"));
    await settle();
    expect(chat.state.refusal).toBeNull();
    expect(chat.state.ready).toBe(true);
  });

  it("forgets one person when another signs in, but not when the same token is renewed", async () => {
    const chat = openTab(jwt("anna"));
    await settle();
    const token = new Storage("box").visitor?.token;
    chat.identify(jwt("anna", 2));
    await settle();
    expect(new Storage("box").visitor?.token).toBe(token);

    server.down = true;
    chat.send("for Anna's eyes only");
    await settle();
    server.items.length = 0;
    server.down = false;
    chat.identify(jwt("ben"));
    await settle(10_000);
    expect(new Storage("box").visitor?.subject).toBe("ben");
    expect(server.items).toEqual([]);
    expect(chat.state.outbox).toEqual([]);
  });

  it("sends nothing of one person's in another's name after a reload", async () => {
    const chat = openTab(jwt("anna"));
    await settle();
    server.down = true;
    chat.send("for Anna's eyes only");
    await settle();
    crash();
    server.down = false;
    openTab(jwt("ben"));
    await settle(1000);
    expect(server.items).toEqual([]);
    expect(new Storage("box").visitor?.subject).toBe("ben");
  });

  it("sends what somebody wrote before they said who they are", async () => {
    const chat = await started();
    server.down = true;
    chat.send("Hello");
    await settle();
    server.down = false;
    chat.identify(jwt("anna"));
    await settle();
    expect(server.senders).toEqual([new Storage("box").visitor?.token]);
    expect(chat.state.outbox).toEqual([]);
  });

  it("ignores an answer that was asked for by the person before", async () => {
    server.slow = 1000;
    const chat = openTab(jwt("anna"));
    await settle(50);
    server.slow = 0;
    chat.identify(jwt("ben"));
    await settle();
    const bens = new Storage("box").visitor;
    expect(bens?.subject).toBe("ben");
    await settle(2000);
    expect(new Storage("box").visitor).toEqual(bens);
    expect(server.sockets.size).toBe(1);
  });

  it("does not show an identified visitor's messages on a page that does not say who is there", async () => {
    openTab(jwt("anna"));
    await settle();
    crash();
    const anonymous = openTab();
    await settle();
    expect(anonymous.state.ready).toBe(false);
    anonymous.want();
    await settle();
    expect(new Storage("box").visitor?.subject).toBe("");
    expect(server.sessions).toBe(2);
  });

  it("goes on with a renewed identity after the old one has expired", async () => {
    const chat = openTab(jwt("anna"));
    await settle();
    server.expired.add(jwt("anna"));
    server.cut(4401);
    await settle(1000);
    expect(refusals).toEqual(["identity_refused"]);
    chat.identify(jwt("anna", 2));
    await settle();
    expect(chat.state.refusal).toBeNull();
    expect(chat.state.link).toBe("live");
  });

  it("forgets everything on shutdown", async () => {
    const chat = await started();
    chat.send("Hello");
    await settle();
    chat.shutdown();
    expect(Object.keys(localStorage)).toEqual([]);
  });
});

describe("outbox", () => {
  it("asks for refusals in the language of the page", async () => {
    const wire = new Wire("https://desk.test", "box", "de-AT");
    await wire.items("none", 0).catch(() => undefined);
    expect(server.language).toBe("de-AT");
  });

  it("shows a message as waiting until the server has it", async () => {
    const chat = await started();
    server.down = true;
    chat.send("Hello");
    await settle();
    expect(chat.state.outbox.map((message) => message.body)).toEqual(["Hello"]);
    server.down = false;
    await settle(10_000);
    expect(chat.state.outbox).toEqual([]);
    expect(bodies(chat)).toEqual(["Hello"]);
  });

  it("does not double a message whose answer got lost", async () => {
    const chat = await started();
    server.cut();
    server.socketsBlocked = true;
    server.loseNextReceipt = true;
    chat.send("Once");
    await settle(10_000);
    expect(server.requests.filter((request) => request === "POST messages").length).toBeGreaterThan(1);
    expect(server.items.map((item) => item.body)).toEqual(["Once"]);
    expect(bodies(chat)).toEqual(["Once"]);
    expect(chat.state.outbox).toEqual([]);
  });

  it("sends after a crash what was written before it, in order and once", async () => {
    const chat = await started();
    server.down = true;
    chat.send("first");
    await settle(5);
    chat.send("second");
    await settle();
    crash();
    server.down = false;
    const again = openTab();
    await settle(1000);
    expect(server.items.map((item) => item.body)).toEqual(["first", "second"]);
    expect(bodies(again)).toEqual(["first", "second"]);
    expect(new Storage("box").outbox()).toEqual([]);
  });

  it("keeps a refused message with the reason until the visitor retries or discards it", async () => {
    const chat = await started();
    server.refuseNextMessage = { status: 422, detail: "The text is too long." };
    chat.send("one");
    await settle();
    chat.send("two");
    await settle();
    expect(bodies(chat)).toEqual(["two"]);
    expect(chat.state.outbox[0]?.failed).toBe("The text is too long.");
    chat.retry(chat.state.outbox[0]?.client_id ?? "");
    await settle();
    expect(bodies(chat)).toEqual(["two", "one"]);
  });

  it("S3-36: sends files and the place along, also when a refused message is tried again", async () => {
    const chat = await started();
    const here = { latitude: 53.54612, longitude: 9.9937 };
    server.refuseNextMessage = { status: 422, detail: "Not now." };
    chat.send("", [picture], here);
    await settle();
    expect(chat.state.outbox[0]).toMatchObject({ files: [picture], location: here, failed: "Not now." });
    chat.retry(chat.state.outbox[0]?.client_id ?? "");
    await settle();
    expect(server.items.at(-1)).toMatchObject({ files: [picture], location: here });
    expect(chat.state.outbox).toEqual([]);
  });
});

describe("resume", () => {
  it("gets what was missed while the connection was down, once", async () => {
    const chat = await started();
    chat.send("Hello");
    await settle();
    server.socketsBlocked = true;
    server.cut();
    server.say("first answer");
    server.say("second answer");
    await settle(10);
    expect(chat.state.link).toBe("lost");
    server.socketsBlocked = false;
    await settle(10_000);
    expect(chat.state.link).toBe("live");
    expect(bodies(chat)).toEqual(["Hello", "first answer", "second answer"]);
    expect(heard.map((item) => item.body)).toEqual(["first answer", "second answer"]);
  });

  it("polls where sockets are impossible, and still sends, receives and reports seen", async () => {
    server.socketsBlocked = true;
    const chat = openTab();
    chat.want();
    await settle(10_000);
    expect(chat.state.link).toBe("polling");
    chat.send("Hello");
    await settle();
    const answer = server.say("Answer over HTTP");
    chat.attend(true);
    await settle(5_000);
    expect(bodies(chat)).toEqual(["Hello", "Answer over HTTP"]);
    expect(server.seen).toContain(answer.seq);

    server.socketsBlocked = false;
    await settle(40_000);
    expect(chat.state.link).toBe("live");
  });

  it("gives up a socket that has gone silent", async () => {
    const chat = await started();
    for (const socket of server.sockets) socket.onmessage = null;
    const [dead] = server.sockets;
    if (dead) dead.deliver = () => undefined;
    server.say("into the void");
    await settle(60_000);
    expect(bodies(chat)).toEqual(["into the void"]);
  });

  it("takes a fresh session when the server cannot resume", async () => {
    const chat = await started();
    chat.send("Hello");
    await settle();
    server.frame({ t: "reset" });
    await settle(1000);
    expect(server.requests.filter((request) => request === "POST session")).toHaveLength(2);
    expect(bodies(chat)).toEqual(["Hello"]);
    expect(chat.state.link).toBe("live");
  });
});

describe("seen and typing", () => {
  it("S3-35: reports seen only while the visitor can see the thread", async () => {
    const chat = await started();
    const answer = server.say("Look");
    await settle();
    expect(server.seen).toEqual([]);
    expect(chat.unread).toBe(1);
    chat.attend(true);
    expect(server.seen).toEqual([answer.seq]);
    expect(chat.unread).toBe(0);
  });

  it("S3-35: reports seen again after a lost connection, which may have swallowed it", async () => {
    const chat = await started();
    chat.attend(true);
    const answer = server.say("Look");
    await settle();
    server.cut();
    await settle(10_000);
    expect(server.seen).toEqual([answer.seq, answer.seq]);
  });

  it("S3-35: a message's delivery only moves forward", async () => {
    const chat = await started();
    chat.send("Hello");
    await settle();
    server.progress(1, "seen");
    server.progress(1, "sent");
    expect(chat.state.items[0]?.delivery).toBe("seen");
  });

  it("tells typing sparingly, ends it by itself and shows the agent's for a while", async () => {
    const chat = await started();
    chat.typing(true);
    chat.typing(true);
    await settle(1000);
    chat.typing(true);
    expect(server.heardTyping).toEqual([true]);
    await settle(6_000);
    expect(server.heardTyping).toEqual([true, false]);

    server.frame({ t: "typing", name: "Ada", on: true });
    expect(chat.state.typing).toBe("Ada");
    await settle(7_000);
    expect(chat.state.typing).toBeNull();
  });
});

describe("tabs", () => {
  it("share the visitor, what was sent and what was seen", async () => {
    const one = await started();
    const two = openTab();
    await settle();
    expect(server.sessions).toBe(1);
    one.send("Hello");
    await settle();
    server.say("Hi");
    await settle();
    expect(bodies(two)).toEqual(["Hello", "Hi"]);
    expect(two.unread).toBe(1);
    one.attend(true);
    expect(two.unread).toBe(0);
  });

  it("of an identified visitor have a session each and leave each other in peace", async () => {
    const one = openTab(jwt("anna"));
    const two = openTab(jwt("anna"));
    await settle(10_000);
    expect(server.sessions).toBe(2);
    one.send("Hello");
    await settle();
    expect(bodies(two)).toEqual(["Hello"]);
  });

  it("of two people keep their messages apart, and neither ends the other", async () => {
    const anna = openTab(jwt("anna"));
    await settle();
    const ben = openTab(jwt("ben"));
    await settle(5_000);
    expect(server.sessions).toBe(2);
    server.down = true;
    anna.send("for Anna's eyes only");
    await settle();
    expect(ben.state.outbox).toEqual([]);
    server.cut(4401); // both begin again, and read what is stored
    server.down = false;
    await settle(20_000);
    expect(server.senders).toHaveLength(1);
    expect(server.items.map((item) => item.body)).toEqual(["for Anna's eyes only"]);
  });

  it("stay anonymous when another one is identified, also after a new session", async () => {
    const one = await started();
    const token = new Storage("box").visitor?.token ?? "";
    const ben = openTab(jwt("ben"));
    await settle();
    server.down = true;
    one.send("from nobody");
    await settle();
    expect(ben.state.outbox).toEqual([]);
    server.down = false;
    server.cut(4401);
    await settle(10_000);
    one.send("still nobody");
    await settle();
    expect(server.senders).toEqual([token, token]);
    expect(new Storage("box").visitor?.subject).toBe("ben");
  });

  it("begin anew with the next message after another one has forgotten the visitor", async () => {
    const one = await started();
    const two = openTab();
    await settle();
    one.shutdown();
    await settle();
    two.send("Still here?");
    await settle();
    expect(server.items.map((item) => item.body)).toEqual(["Still here?"]);
    expect(two.state.outbox).toEqual([]);
    expect(server.sessions).toBe(2);
  });

  it("follow when one of them forgets the visitor", async () => {
    const one = await started();
    const two = openTab();
    await settle();
    one.send("Hello");
    await settle();
    one.shutdown();
    await settle();
    expect(two.state.items).toEqual([]);
    expect(server.sockets.size).toBe(0);
  });

  it("a second tab open before the first message gets the same visitor", async () => {
    const idle = openTab();
    const one = await started();
    await settle();
    one.send("Hello");
    await settle();
    expect(bodies(idle)).toEqual(["Hello"]);
    expect(server.sessions).toBe(1);
  });
});
