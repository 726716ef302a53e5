import { describe, expect, it, vi } from "vitest";
import { Problem } from "./api/problem";
import type { Item } from "./api/types";
import { Outbox, unsent } from "./outbox";
import { item } from "./testing/make";

type Answer = (body: string, clientId: string) => Promise<Item>;
type Sent = [body: string, clientId: string, extra?: object];

function world(answer: Answer) {
  const calls: Sent[] = [];
  const call = (_id: string, body: string, clientId: string, extra?: object) => {
    calls.push([body, clientId, extra]);
    return answer(body, clientId);
  };
  const handlers = { sent: vi.fn(), refused: vi.fn() };
  return { outbox: new Outbox({ reply: call, note: call }, handlers), calls, handlers };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("outbox", () => {
  it("shows a message at once and hands over the stored one", async () => {
    const { outbox, handlers } = world((body, client_id) => Promise.resolve(item(1, { body, client_id })));
    outbox.send("c1", "message", "Hello");
    expect(outbox.all()).toMatchObject([{ body: "Hello" }]);
    await settled();
    expect(outbox.all()).toEqual([]);
    expect(handlers.sent).toHaveBeenCalledOnce();
  });

  it("sends files by their ids, in order, and keeps them to be shown meanwhile (S3-36)", async () => {
    const { outbox, calls } = world((body, client_id) => Promise.resolve(item(1, { body, client_id })));
    const files = ["f1", "f2"].map((id) => ({ id, name: `${id}.png`, type: "image/png", size: 1 }));
    outbox.send("c1", "message", "", { files, location: { latitude: 1, longitude: 2 } });
    expect(outbox.all()[0]?.extra?.files).toEqual(files);
    await settled();
    expect(calls[0]?.[2]).toEqual({ files: ["f1", "f2"], location: { latitude: 1, longitude: 2 } });
  });

  it("keeps a message that found no server and sends it again under the same id", async () => {
    let reachable = false;
    const { outbox, calls } = world((body, client_id) =>
      reachable ? Promise.resolve(item(1, { body, client_id })) : Promise.reject(new Problem(0, { detail: "No server." })),
    );
    outbox.send("c1", "message", "Hello");
    await settled();
    expect(outbox.all()).toMatchObject([{ body: "Hello", error: "No server." }]);

    reachable = true;
    outbox.retryAll();
    await settled();
    expect(outbox.all()).toEqual([]);
    expect(calls).toHaveLength(2);
    expect(calls[1]?.[1]).toBe(calls[0]?.[1]);
  });

  it("rolls back what the server refuses and hands the text back", async () => {
    const { outbox, handlers } = world(() => Promise.reject(new Problem(403, { detail: "Not a member." })));
    outbox.send("c1", "message", "Hello");
    await settled();
    expect(outbox.all()).toEqual([]);
    expect(handlers.refused).toHaveBeenCalledWith(
      expect.objectContaining({ body: "Hello" }),
      expect.objectContaining({ message: "Not a member." }),
    );
  });

  it("what was not confirmed outlives the page, and goes out once under the same id", async () => {
    const kept = new Map<string, string>();
    const shelf = (key: string) => ({ key, storage: { getItem: (of: string) => kept.get(of) ?? null, setItem: (of: string, text: string) => kept.set(of, text) } });
    const offline = world(() => Promise.reject(new Problem(0, { detail: "No server." })));
    offline.outbox.keep(shelf("ana"));
    offline.outbox.send("c1", "message", "Hello", { undo_seconds: 5 });
    await settled();

    const answered = (body: string, client_id: string) => Promise.resolve(item(1, { body, client_id }));
    const other = world(answered);
    other.outbox.keep(shelf("ben"));
    await settled();
    expect(other.calls, "nobody sends what another person wrote").toEqual([]);

    const again = world(answered);
    again.outbox.keep(shelf("ana"));
    again.outbox.keep(shelf("ana"));
    expect(again.outbox.all()).toMatchObject([{ body: "Hello" }]);
    await settled();
    expect(again.calls).toEqual([["Hello", offline.calls[0]?.[1], { undo_seconds: 5 }]]);
    expect(again.outbox.all()).toEqual([]);

    const third = world(answered);
    third.outbox.keep(shelf("ana"));
    await settled();
    expect(third.calls).toEqual([]);
  });

  it("sends the messages of a conversation one after the other", async () => {
    let release: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (release = resolve));
    const { outbox, calls } = world(async (body, client_id) => {
      if (body === "one") await first;
      return item(1, { body, client_id });
    });
    outbox.send("c1", "message", "one");
    outbox.send("c1", "message", "two");
    await settled();
    expect(calls.map(([body]) => body)).toEqual(["one"]);
    release();
    await settled();
    expect(calls.map(([body]) => body)).toEqual(["one", "two"]);
  });

  it("does not show twice what an event brought before the answer", () => {
    const { outbox } = world(() => new Promise(() => undefined));
    outbox.send("c1", "message", "Hello");
    const [entry] = outbox.all();
    expect(unsent(outbox.all(), "c1", [])).toHaveLength(1);
    expect(unsent(outbox.all(), "c1", [item(1, { client_id: entry?.client_id ?? "" })])).toHaveLength(0);
    expect(unsent(outbox.all(), "c2", [])).toHaveLength(0);
  });
});
