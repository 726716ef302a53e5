import { beforeEach, describe, expect, it } from "vitest";
import type { Draft } from "@rapport/core/api/together";
import { type DraftCalls, drafts, draftsOf, keepDrafts } from "@/lib/drafts";

/** A server of drafts; "old" was merged into "new". */
class Kept implements DraftCalls {
  held: Draft[] = [];
  list = (): Promise<{ items: Draft[] }> => Promise.resolve({ items: this.held.map((one) => ({ ...one })) });
  drafts = (): Promise<{ items: Draft[] }> => this.list();
  draft = (id: string, kind: "message" | "note"): Promise<Draft> => Promise.resolve(this.held.find((one) => one.conversation_id === id && one.kind === kind) ?? draft(id, "", 0));
  merged = false;
  saveDraft = (id: string, kind: "message" | "note", body: string, version: number): Promise<Draft> => {
    const at = this.merged && id === "old" ? "new" : id;
    const saved = { ...draft(at, body, version + 1), kind };
    this.held = [...this.held.filter((one) => one.conversation_id !== at || one.kind !== kind), saved];
    return Promise.resolve(saved);
  };
  merge(): void {
    this.merged = true;
    for (const one of this.held) if (one.conversation_id === "old") one.conversation_id = "new";
  }
}

const draft = (conversation_id: string, body: string, version: number): Draft => ({ conversation_id, kind: "message", body, content: {}, version });

describe("drafts", () => {
  let server: Kept;
  beforeEach(() => {
    server = new Kept();
    draftsOf("ana");
    keepDrafts(server);
  });
  const saves = async (id: string, text: string) => {
    drafts.write(id, "message", text);
    drafts.flush(id);
    await Promise.resolve();
    await Promise.resolve();
  };

  it("go along when their conversation is merged", async () => {
    await saves("old", "Dear Mia");
    server.merge();
    await drafts.load();
    expect(drafts.read("old", "message")).toBe("");
    expect(drafts.read("new", "message")).toBe("Dear Mia");
  });

  it("go along with what was not saved yet", async () => {
    await saves("old", "Dear Mia");
    drafts.write("old", "message", "Dear Mia, it is paid");
    server.merge();
    await drafts.load();
    expect(drafts.read("old", "message")).toBe("Dear Mia, it is paid");
    drafts.flush("old");
    await expect.poll(() => drafts.read("new", "message")).toBe("Dear Mia, it is paid");
    expect(drafts.read("old", "message")).toBe("");
  });

  it("are forgotten once another desk has sent them, but not what was written since", async () => {
    await saves("one", "Sent elsewhere");
    await saves("two", "Sent elsewhere");
    drafts.write("two", "message", "And more");
    server.held = [];
    await drafts.load();
    expect(drafts.read("one", "message")).toBe("");
    expect(drafts.read("two", "message")).toBe("And more");
  });

  it("that were saved while the list was on its way stay", async () => {
    let answer: (found: { items: Draft[] }) => void = () => undefined;
    server.drafts = () => new Promise((resolve) => (answer = resolve));
    const loading = drafts.load();
    await saves("one", "Just saved");
    answer({ items: [] });
    await loading;
    expect(drafts.read("one", "message")).toBe("Just saved");
  });
});
