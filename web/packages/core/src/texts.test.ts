import { describe, expect, it } from "vitest";
import { blanksOf, formOf, lacking, nextBlank, prefill } from "./texts";

describe("blanks of a text (S3-44, S3-45)", () => {
  const text = "Dear {{name}}, {{ order }} and {{name}}";
  it("are found in their order", () => {
    expect(blanksOf(text).map((one) => text.slice(one.from, one.to))).toEqual(["{{name}}", "{{ order }}", "{{name}}"]);
    expect(blanksOf("no {blank} {{}} {{\n}}")).toEqual([]);
  });
  it("are walked forth and back, and round", () => {
    const [first, second, third] = blanksOf(text);
    expect(nextBlank(text, { from: 0, to: 0 }, 1)).toEqual(first);
    expect(nextBlank(text, first ?? { from: 0, to: 0 }, 1)).toEqual(second);
    expect(nextBlank(text, third ?? { from: 0, to: 0 }, 1)).toEqual(first);
    expect(nextBlank(text, second ?? { from: 0, to: 0 }, -1)).toEqual(first);
    expect(nextBlank(text, first ?? { from: 0, to: 0 }, -1)).toEqual(third);
    expect(nextBlank("plain", { from: 0, to: 0 }, 1)).toBeUndefined();
  });
});

describe("the form of a conversation (S3-85)", () => {
  const forms = [
    { id: "a", name: "A", fields: [{ name: "n", label: "N", type: "number" as const, required_on_solve: true }], default_for: ["q"] },
    { id: "b", name: "B", fields: [] },
  ];
  it("is the chosen one, else that of the queue", () => {
    expect(formOf(forms, { form_id: "b", queue_id: "q" })?.id).toBe("b");
    expect(formOf(forms, { queue_id: "q" })?.id).toBe("a");
    expect(formOf(forms, { queue_id: "other" })).toBeUndefined();
  });
  it("says what stands in the way of solving", () => {
    expect(lacking(forms[0], {}).map((one) => one.name)).toEqual(["n"]);
    expect(lacking(forms[0], { n: "1" })).toEqual([]);
    expect(lacking(undefined, {})).toEqual([]);
  });
});

describe("a macro in a new conversation (S3-23, S3-50)", () => {
  it("fills the draft in, and can be taken out again", () => {
    const draft = { body: "Mine", priority: "normal" as const };
    const { draft: next, before, filled } = prefill(draft, { body: "Macro", topic: "Refund", remove_tags: ["x"] });
    expect(next).toEqual({ body: "Macro", priority: "normal", topic: "Refund" });
    expect(filled).toEqual(["body", "topic"]);
    expect({ ...next, ...before }).toEqual({ body: "Mine", priority: "normal", topic: undefined });
  });
});
