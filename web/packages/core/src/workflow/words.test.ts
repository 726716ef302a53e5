import { describe, expect, it } from "vitest";
import { silence, vocabulary } from "../testing/workflows";
import { stepOf } from "./edit";
import { differences, sameDeeds, sameDrawing } from "./diff";
import { changed, historyOf, redone, undone } from "./history";
import { conditionText, durationText, noNames, parseDuration, stepSentence, summaryOf, triggerText } from "./words";
import type { Definition } from "./types";

const names = { ...noNames, queue: (id: string) => (id === "support" ? "Support" : undefined), step: () => "“Wait”" };
const said = (id: string, change: object = {}) => {
  const step = stepOf(silence, id);
  if (!step) throw new Error(id);
  return summaryOf(vocabulary, { ...step, ...change }, names);
};

describe("times", () => {
  it.each([
    [900, "15 minutes"],
    [5_400, "1 hour 30 minutes"],
    [86_400, "1 day"],
    [1, "1 second"],
  ])("%d seconds are %s, both ways", (seconds, words) => {
    expect(durationText(seconds)).toBe(words);
    expect(parseDuration(words)).toBe(seconds);
  });

  it("reads what people write, and no more", () => {
    expect(parseDuration("15")).toBe(900);
    expect(parseDuration("1h 30m")).toBe(5_400);
    expect(parseDuration("2 hours and 5 mins")).toBe(7_500);
    expect(parseDuration("1.5 h")).toBe(5_400);
    expect(parseDuration("2 s")).toBe(2);
    expect(parseDuration("soon")).toBeUndefined();
    expect(parseDuration("5 minutes or so")).toBeUndefined();
    expect(parseDuration("5 months")).toBeUndefined();
  });
});

describe("steps in words", () => {
  it("says what each does in a line", () => {
    expect(said("assign")).toBe("To Support, only online");
    expect(said("wait")).toBe("15 minutes");
    expect(said("silent")).toBe("State is Open and time since the agent's last answer does not exist");
    expect(said("assign_again")).toBe("To Support, to somebody else, only online");
    expect(said("comment")).toBe("“{{contact.name}} has waited 15 minutes for an answer. Please take over.”");
    expect(said("assign", { with: { queue: "gone", only_online: false } })).toBe("To a queue that is gone");
    expect(said("wait", { kind: "dance" })).toBe("This kind of step is unknown here.");
  });

  it("reads a step aloud", () => {
    const [assign, wait, silent] = silence.steps;
    if (!assign || !wait || !silent) throw new Error("steps");
    expect(stepSentence(vocabulary, wait, names)).toBe("Wait 15 minutes");
    expect(stepSentence(vocabulary, assign, names)).toBe("Assign to a queue: To Support, only online");
    expect(stepSentence(vocabulary, silent, names)).toMatch(/^Still open and not answered\? State is/);
  });

  it("says what starts it", () => {
    expect(triggerText(vocabulary, silence.trigger, names)).toBe("Conversation opened, opened by customer");
    expect(triggerText(vocabulary, { kind: "" }, names)).toBe("No trigger yet");
    const when = { fact: "queue.open", op: "is", value: false };
    expect(triggerText(vocabulary, { kind: "message_received", when }, names)).toBe("Message received, only if within business hours is no");
  });

  it("puts groups into brackets where they are needed", () => {
    const open = { fact: "conversation.state", op: "is", value: "open" };
    const vip = { fact: "contact.fields.vip", op: "is", value: "yes" };
    const late = { fact: "since_opened", op: "greater", value: 600 };
    const text = conditionText({ all: [open, { any: [vip, late] }] }, vocabulary, names);
    expect(text).toBe("state is Open and (field of the customer vip is yes or time since it was opened is greater than 10 minutes)");
    expect(conditionText({ not: open }, vocabulary, names)).toBe("not (state is Open)");
    expect(conditionText({ all: [] }, vocabulary, names)).toBe("");
  });
});

describe("differences", () => {
  const edit = (change: (definition: Definition) => void): Definition => {
    const next = structuredClone(silence);
    change(next);
    return next;
  };

  it("tells what was added, removed and changed, in words", () => {
    const next = edit((definition) => {
      const wait = definition.steps[1];
      if (wait) wait.with = { seconds: 600 };
      definition.steps.pop();
      definition.steps.push({ id: "urgent", kind: "set_priority", with: { priority: "urgent" }, next: {} });
      const again = definition.steps[3];
      if (again) again.next = { next: "urgent" };
    });
    const found = differences(silence, next, vocabulary, names);
    expect(found.map((one) => [one.kind, one.step])).toEqual([
      ["changed", "wait"],
      ["changed", "assign_again"],
      ["added", "urgent"],
      ["removed", "comment"],
    ]);
    expect(found[0]?.details).toEqual(["How long: 15 minutes → 10 minutes"]);
    expect(found[1]?.details).toEqual(["Then: “Note” → “Set the priority”"]);
    expect(found[2]?.title).toBe("Set the priority: Urgent");
  });

  it("tells everything of a first version", () => {
    const found = differences(null, silence, vocabulary, names);
    expect(found).toHaveLength(6);
    expect(found.every((one) => one.kind === "added")).toBe(true);
  });

  it("does not count where steps stand, nor what is empty", () => {
    const moved = edit((definition) => {
      for (const step of definition.steps) step.position = { x: 1, y: 2 };
      definition.limits = {};
      definition.steps.reverse();
    });
    expect(differences(silence, moved, vocabulary, names)).toEqual([]);
    expect(sameDeeds(silence, moved)).toBe(true);
    expect(sameDrawing(silence, moved)).toBe(false);
  });
});

describe("undo", () => {
  it("goes back and forth", () => {
    let history = changed(changed(historyOf("a"), "b"), "c");
    history = undone(history);
    expect(history.now).toBe("b");
    expect(undone(undone(history)).now).toBe("a");
    expect(redone(history).now).toBe("c");
    expect(redone(changed(history, "d")).now).toBe("d");
  });

  it("takes what was typed in one go back in one go", () => {
    let history = changed(historyOf("a"), "ab", "title", 1_000);
    history = changed(history, "abc", "title", 1_500);
    expect(undone(history).now).toBe("a");
    history = changed(history, "abcd", "title", 9_000);
    expect(undone(history).now).toBe("abc");
    expect(undone(changed(history, "x", "other", 9_001)).now).toBe("abcd");
  });
});
