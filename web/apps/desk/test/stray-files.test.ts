import { beforeEach, describe, expect, it } from "vitest";
import { refuseStrayFiles } from "@/lib/stray-files";

/** Whether the browser would open what is let go there. */
function opens(at: Element, kind: "dragover" | "drop", types = ["Files"]): boolean {
  const event = Object.assign(new Event(kind, { bubbles: true, cancelable: true }), { dataTransfer: { types, dropEffect: "copy" } });
  return at.dispatchEvent(event);
}

describe("a file that is let go", () => {
  beforeEach(() => {
    document.body.innerHTML = '<main><p>Thread</p><input type="file"></main>';
    refuseStrayFiles(window);
  });
  const at = (selector: string) => document.querySelector(selector) ?? document.body;

  it.each(["dragover", "drop"] as const)("beside what takes files does not replace the desk (%s)", (kind) => {
    expect(opens(at("p"), kind)).toBe(false);
  });

  it("reaches a field that chooses files, and text reaches anything", () => {
    expect(opens(at("input"), "drop")).toBe(true);
    expect(opens(at("p"), "drop", ["text/plain"])).toBe(true);
  });
});
