import { beforeEach, describe, expect, it } from "vitest";
import { type Pending, pendings, pendingsOf, returnPending, sendPending, sentPending, setPending } from "@/lib/pending";

// What a macro left for the reply, in a browser with several pages of the desk.

const shelf = "rapport.pending.ana";
const refund: Pending = { macro: { id: "m", name: "Refund" }, then: { state: "solved", macro_id: "m" }, effects: [{ kind: "state", to: "solved" }] };

/** Another page writes what is pending. */
function elsewhere(all: Record<string, Pending>): void {
  localStorage.setItem(shelf, JSON.stringify(all));
  dispatchEvent(new StorageEvent("storage", { key: shelf }));
}

const held = () => pendings.get()["one"];

describe("what waits for the reply", () => {
  beforeEach(() => {
    localStorage.clear();
    pendingsOf("ana", () => false);
  });

  it("goes with this page's reply, or comes back with it", () => {
    setPending("one", refund);
    sentPending("one");
    expect(held()?.then.state).toBe("solved");
    sendPending("one", refund);
    returnPending("one");
    expect(held()).toMatchObject({ then: { state: "solved" }, sending: undefined });
    sendPending("one", refund);
    sentPending("one");
    expect(held()).toBeUndefined();
  });

  it("is left alone while another page sends it", () => {
    elsewhere({ one: { ...refund, sending: "another page" } });
    sentPending("one");
    returnPending("one");
    expect(held()?.sending).toBe("another page");
    elsewhere({ one: refund }); // it was refused there
    expect(held()).toMatchObject({ macro: { name: "Refund" } });
    expect(held()?.sending).toBeUndefined();
  });

  it("is nothing where the storage holds null", () => {
    localStorage.setItem(shelf, "null");
    pendingsOf("ana", () => false);
    setPending("one", refund);
    expect(held()?.macro.name).toBe("Refund");
  });
});
