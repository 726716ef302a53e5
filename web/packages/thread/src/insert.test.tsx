import { act, fireEvent, render, screen } from "@testing-library/react";
import { useRef, useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useInsert } from "@rapport/ui/insert";

/** A field that shows a text only 200 ms after it was told, as on a busy machine. */
function Slow({ from, put }: { from: string; put: Parameters<ReturnType<typeof useInsert>> }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [value, setValue] = useState(from);
  const insert = useInsert(field, value, (next) => setTimeout(() => { setValue(next); }, 200));
  return (
    <>
      <textarea ref={field} value={value} readOnly />
      <button onClick={() => { insert(...put); }}>Insert</button>
    </>
  );
}

function after(from: string, ...put: Parameters<ReturnType<typeof useInsert>>) {
  render(<Slow from={from} put={put} />);
  const field = screen.getByRole<HTMLTextAreaElement>("textbox");
  fireEvent.click(screen.getByRole("button"));
  act(() => { vi.advanceTimersByTime(500); });
  expect(field).toHaveFocus();
  return [field.value.slice(0, field.selectionStart), field.value.slice(field.selectionStart, field.selectionEnd), field.value.slice(field.selectionEnd)];
}

describe("inserting into a field (S3-45)", () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  it("selects the part that is still open, however late the text is shown", () => {
    expect(after("On /late", "it is {{day}}.", { from: 3, to: 8 }, { from: 6, to: 13 })).toEqual(["On it is ", "{{day}}", "."]);
  });
  it("goes behind what was inserted", () => {
    expect(after("ab", "-", { from: 1, to: 1 })).toEqual(["a-", "", "b"]);
  });
  it("selects also where the text stays the same", () => {
    expect(after("On {{day}}.", "{{day}}", { from: 3, to: 10 }, { from: 0, to: 7 })).toEqual(["On ", "{{day}}", "."]);
  });
});
