import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Keys } from "@rapport/ui/keys";

describe("keys of a shortcut", () => {
  it.each([
    ["+", ["+"]],
    ["g m", ["G", "M"]],
    ["mod+k", ["Ctrl", "K"]],
    ["mod+shift+f", ["Ctrl", "Shift", "F"]],
    ["mod++", ["Ctrl", "+"]],
    ["Enter", ["↵"]],
  ])("of %s are %j", (keys, shown) => {
    const { container } = render(<Keys keys={keys} />);
    expect([...container.querySelectorAll("kbd")].map((key) => key.textContent)).toEqual(shown);
  });
});
