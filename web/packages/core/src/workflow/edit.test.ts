import { describe, expect, it } from "vitest";
import { silence, vocabulary } from "../testing/workflows";
import { complete } from "./complete";
import { add, connect, copy, disconnect, freshId, insert, isClip, linksOf, neighbour, ON_ERROR, ordered, paste, remove, setTitle, setValue, START, stepOf, targetOf, TRIGGER } from "./edit";
import type { StepKind } from "./types";

const kind = (name: string): StepKind => {
  const found = vocabulary.steps.find((one) => one.kind === name);
  if (!found) throw new Error(name);
  return found;
};

const empty = complete({ trigger: { kind: "conversation_opened" } });

describe("edits of a definition", () => {
  it("gives each step an id of its own, and its kind's defaults", () => {
    const first = add(empty, kind("wait"));
    const second = add(first.definition, kind("wait"));
    expect([first.id, second.id]).toEqual(["wait", "wait_2"]);
    expect(stepOf(second.definition, "wait_2")?.with).toEqual({ seconds: 900 });
    expect(freshId([], TRIGGER)).not.toBe(TRIGGER);
  });

  it("puts a step into an arrow: what followed follows it", () => {
    const { definition, id } = insert(silence, kind("branch"), { from: "assign", output: "next" });
    expect(targetOf(definition, "assign", "next")).toBe(id);
    expect(targetOf(definition, id, "yes")).toBe("wait");
    const first = insert(silence, kind("tag"), { from: TRIGGER, output: START });
    expect(first.definition.start).toBe(first.id);
    expect(targetOf(first.definition, first.id, "next")).toBe("assign");
  });

  it("closes the line when a step in the middle is taken out", () => {
    expect(targetOf(remove(silence, ["wait"]), "assign", "next")).toBe("silent");
    expect(targetOf(remove(silence, ["wait", "silent"]), "assign", "next")).toBe("assign_again");
    expect(remove(silence, ["assign"]).start).toBe("wait");
    const forked = connect(silence, { from: "silent", output: "no", to: "comment" });
    expect(targetOf(remove(forked, ["silent"]), "wait", "next")).toBe("");
  });

  it("leaves no arrow to a step that is gone, nor from one to itself", () => {
    const failing = connect(silence, { from: "assign", output: ON_ERROR, to: "comment" });
    const gone = remove(failing, ["comment"]);
    expect(linksOf(gone).filter((link) => link.to === "comment")).toEqual([]);
    expect(stepOf(gone, "assign")).not.toHaveProperty("on_error");
    const loop = connect(connect(silence, { from: "silent", output: "no", to: "wait" }), { from: "silent", output: "yes", to: "wait" });
    for (const link of linksOf(remove(loop, ["silent"]))) expect(link.from).not.toBe(link.to);
  });

  it("draws and takes away arrows; a way out leads to one step", () => {
    const drawn = connect(silence, { from: "silent", output: "no", to: "comment" });
    expect(targetOf(connect(drawn, { from: "silent", output: "no", to: "wait" }), "silent", "no")).toBe("wait");
    expect(targetOf(disconnect(drawn, "silent", "no"), "silent", "no")).toBe("");
    expect(disconnect(silence, TRIGGER, START).start).toBe("");
    expect(connect(silence, { from: "wait", output: "next", to: "wait" })).toBe(silence);
  });

  it("pastes copies under ids of their own, with the arrows among them only", () => {
    const clip = copy(silence, ["wait", "silent"]);
    expect(isClip(JSON.parse(JSON.stringify(clip)))).toBe(true);
    const { definition, ids } = paste(silence, clip);
    expect(ids).toEqual(["wait_2", "branch"]);
    expect(targetOf(definition, "wait_2", "next")).toBe("branch");
    expect(targetOf(definition, "branch", "yes")).toBe("");
    expect(definition.steps).toHaveLength(7);
  });

  it("changes nothing of what it was given", () => {
    const before = structuredClone(silence);
    remove(silence, ["wait"]);
    setValue(silence, "wait", "seconds", 1);
    setTitle(silence, "wait", "Breathe");
    insert(silence, kind("tag"), { from: "wait", output: "next" });
    expect(silence).toEqual(before);
  });

  it("lists steps as they are reached, then those that are not", () => {
    const { definition } = add(silence, kind("close"));
    const order = ordered(definition);
    expect(order.map(({ step }) => step.id)).toEqual(["assign", "wait", "silent", "assign_again", "comment", "close"]);
    expect(order.at(-1)?.reached).toBe(false);
  });

  it("finds the way of the arrow keys along the arrows", () => {
    const forked = insert(silence, kind("close"), { from: "silent", output: "no" }).definition;
    expect(neighbour(forked, TRIGGER, "down")).toBe("assign");
    expect(neighbour(forked, "wait", "up")).toBe("assign");
    expect(neighbour(forked, "assign", "up")).toBe(TRIGGER);
    expect(neighbour(forked, "assign_again", "right")).toBe("close");
    expect(neighbour(forked, "close", "left")).toBe("assign_again");
    expect(neighbour(forked, "close", "down")).toBeUndefined();
  });
});
