import { describe, expect, it, vi } from "vitest";
import { mockServer } from "../testing/server";
import { createApi, type Fetch } from "./api";
import { isProblem, Problem } from "./problem";

const base = "http://desk.test";

async function problemOf(call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error("no problem was thrown");
}

describe("api", () => {
  it("throws the server's problem with its sentence and members", async () => {
    const { fetch, world } = mockServer();
    const api = createApi({ base, fetch });
    const taken = world.conversations.find((c) => c.assignee_id === "ben");
    const problem = await problemOf(api.conversations.claim(taken?.id ?? ""));
    expect(isProblem(problem, "already_assigned")).toBe(true);
    expect(problem.message).toBe("Ben Sauer already has this conversation.");
    expect(problem.document["assignee"]).toEqual({ id: "ben", name: "Ben Sauer" });
  });

  it("says that the server is out of reach as a problem that may pass", async () => {
    const lost: Fetch = () => Promise.reject(new TypeError("failed to fetch"));
    const problem = await problemOf(createApi({ base, fetch: lost }).board());
    expect([problem.code, problem.temporary]).toEqual(["unreachable", true]);
  });

  it("tells of an ended session, but not of a wrong password", async () => {
    const { fetch, world } = mockServer();
    world.signedIn = false;
    const onSignedOut = vi.fn();
    const api = createApi({ base, fetch, onSignedOut });
    await problemOf(api.session.signIn("ana@harbour.example", "wrong"));
    expect(onSignedOut).not.toHaveBeenCalled();
    await problemOf(api.conversations.counts());
    expect(onSignedOut).toHaveBeenCalledOnce();
  });

  it("reads an answer that is no problem document", async () => {
    const broken: Fetch = () => Promise.resolve(new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" }));
    const problem = await problemOf(createApi({ base, fetch: broken }).settings.read());
    expect([problem.status, problem.message, problem.temporary]).toEqual([502, "Bad Gateway", true]);
  });

  it("gives a refusal to the field that it is about", () => {
    const problem = new Problem(422, { detail: "Too long.", field: "name", errors: [{ location: "body.email", message: "No address." }] });
    expect(problem.fieldError("name")).toBe("Too long.");
    expect(problem.fieldError("email")).toBe("No address.");
    expect(problem.fieldError("role")).toBeUndefined();
  });
});
