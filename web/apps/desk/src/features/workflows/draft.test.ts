import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@rapport/core/api/problem";
import { silence } from "@rapport/core/testing/workflows";
import { setTitle } from "@rapport/core/workflow/edit";
import type { Definition, Workflow } from "@rapport/core/workflow/types";
import { Draft } from "./draft";

const titled = (title: string) => setTitle(silence, "wait", title);

/** A server that holds one draft. */
function server() {
  const held = { draft: silence as Definition, saves: 0, fails: false };
  return {
    held,
    saver: {
      save: (definition: Definition) => {
        if (held.fails) return Promise.reject(new Problem(503, { detail: "Not now." }));
        held.saves += 1;
        held.draft = JSON.parse(JSON.stringify(definition)) as Definition;
        return Promise.resolve({ problems: [] });
      },
      read: () => Promise.resolve({ draft: held.draft, problems: [] } as unknown as Workflow),
    },
  };
}

function made(start = server()) {
  const draft = new Draft("w1", { draft: start.held.draft, problems: [] }, start.saver);
  draft.start();
  return { draft, held: start.held, again: () => made(start) };
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("draft", () => {
  it("saves by itself once the hands rest, and once for many edits", async () => {
    const { draft, held } = made();
    for (const title of ["a", "ab", "abc"]) draft.edit(titled(title), "title");
    expect(draft.unsaved).toBe(true);
    await vi.advanceTimersByTimeAsync(600);
    expect(held.saves).toBe(1);
    expect(held.draft.steps[1]?.title).toBe("abc");
    expect(draft.store.get().save).toBe("saved");
  });

  it("saves what undo brings back too", async () => {
    const { draft, held } = made();
    draft.edit(titled("a"));
    await vi.advanceTimersByTimeAsync(600);
    draft.undo();
    await vi.advanceTimersByTimeAsync(600);
    expect(held.draft.steps[1]?.title).toBeUndefined();
  });

  it("says so when it cannot save, keeps the edit, and tries again", async () => {
    const { draft, held } = made();
    held.fails = true;
    draft.edit(titled("kept"));
    await vi.advanceTimersByTimeAsync(600);
    expect(draft.store.get()).toMatchObject({ save: "failed", why: "Not now." });
    held.fails = false;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(held.draft.steps[1]?.title).toBe("kept");
    expect(draft.store.get().save).toBe("saved");
  });

  it("brings back on the next visit what could not be saved", async () => {
    const first = made();
    first.held.fails = true;
    first.draft.edit(titled("kept"));
    first.draft.leave();
    await vi.advanceTimersByTimeAsync(600);
    first.held.fails = false;
    const { draft, held } = first.again();
    expect(draft.restored).toBe(true);
    expect(draft.definition.steps[1]?.title).toBe("kept");
    await vi.advanceTimersByTimeAsync(600);
    expect(held.draft.steps[1]?.title).toBe("kept");
  });

  it("does not overwrite what another admin saved meanwhile, until told to", async () => {
    const { draft, held } = made();
    held.draft = titled("theirs");
    draft.edit(titled("mine"));
    await vi.advanceTimersByTimeAsync(600);
    expect(draft.store.get().save).toBe("conflict");
    expect(held.draft.steps[1]?.title).toBe("theirs");
    draft.edit(titled("mine too"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(held.draft.steps[1]?.title).toBe("theirs");
    draft.keepMine();
    await vi.advanceTimersByTimeAsync(600);
    expect(held.draft.steps[1]?.title).toBe("mine too");
    expect(draft.store.get().save).toBe("saved");
  });

  it("takes theirs when asked, and undo has mine", async () => {
    const { draft, held } = made();
    held.draft = titled("theirs");
    draft.edit(titled("mine"));
    await vi.advanceTimersByTimeAsync(600);
    draft.takeTheirs();
    expect(draft.definition.steps[1]?.title).toBe("theirs");
    draft.undo();
    expect(draft.definition.steps[1]?.title).toBe("mine");
  });

  it("takes over what another admin saved while nothing is unsaved here", async () => {
    const { draft, held } = made();
    held.draft = titled("theirs");
    expect(await draft.look()).toBe(true);
    expect(draft.definition.steps[1]?.title).toBe("theirs");
    expect(draft.unsaved).toBe(false);
  });
});
