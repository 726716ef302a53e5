import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { toast, Toasts } from "@rapport/ui/toast";

describe("a notice with an action", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const wait = (seconds: number) => {
    act(() => {
      vi.advanceTimersByTime(seconds * 1_000);
    });
  };

  it.each([
    ["is pointed at", (button: HTMLElement) => fireEvent.pointerEnter(button), (button: HTMLElement) => fireEvent.pointerLeave(button)],
    ["has the focus", (button: HTMLElement) => fireEvent.focus(button), (button: HTMLElement) => fireEvent.blur(button)],
  ])("stays while it %s", (_how, come, go) => {
    render(<Toasts />);
    act(() => {
      toast("Solved", { action: { label: "Undo", perform: () => undefined } });
    });
    const undo = screen.getByRole("button", { name: "Undo" });
    const entry = screen.getByRole("listitem");
    wait(8);
    come(entry);
    wait(60);
    expect(undo).toBeVisible();
    go(entry);
    wait(10);
    expect(undo).not.toBeInTheDocument();
  });
});
