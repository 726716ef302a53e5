import { describe, expect, it } from "vitest";
import { type Command, SEQUENCE, Shortcuts, YES } from "./command";

const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, metaKey: false, altKey: false });

function command(id: string, ...keys: string[]): Command<undefined, string> {
  return { id, label: id, group: "", keys, icon: "", enabled: () => YES, perform: () => undefined };
}

function world() {
  let now = 0;
  const all = [command("mine", "g m"), command("history", "g h"), command("move", "m"), command("palette", "mod+k"), command("next", "k")];
  const shortcuts = new Shortcuts(all, () => now);
  const hit = (key: string, ctrl = false) => {
    const found = shortcuts.press(press(key, ctrl));
    return typeof found === "object" ? found.id : found;
  };
  return { hit, wait: (ms: number) => (now += ms) };
}

describe("shortcuts", () => {
  it("recognises a key, a chord and a sequence", () => {
    const { hit } = world();
    expect(hit("m")).toBe("move");
    expect(hit("k", true)).toBe("palette");
    expect(hit("k")).toBe("next");
    expect([hit("g"), hit("m")]).toEqual(["pending", "mine"]);
  });

  it("forgets the first half of a sequence after a while", () => {
    const { hit, wait } = world();
    hit("g");
    wait(SEQUENCE);
    expect(hit("m")).toBe("move");
  });

  it("starts over after a wrong second key", () => {
    const { hit } = world();
    expect([hit("g"), hit("x"), hit("m")]).toEqual(["pending", undefined, "move"]);
  });
});
