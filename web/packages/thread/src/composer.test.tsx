import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { TipProvider } from "@rapport/ui/tip";
import { Composer, type ComposerMode } from "./composer";

function Harness({ onSend, onTyping, blocked, refusal }: { onSend: (text: string) => void; onTyping?: (on: boolean) => void; blocked?: string; refusal?: string }) {
  const [draft, setDraft] = useState("");
  const [mode, setMode] = useState<ComposerMode>("reply");
  return (
    <TipProvider>
      <Composer
        mode={mode}
        onMode={setMode}
        draft={draft}
        onDraft={setDraft}
        onSend={() => {
          setDraft("");
          onSend(draft.trim());
        }}
        {...(onTyping ? { onTyping } : {})}
        customerName="Mara"
        via="Website"
        blocked={blocked}
        refusal={refusal}
      />
    </TipProvider>
  );
}

describe("composer", () => {
  it("sends with Enter and breaks the line with Shift-Enter", async () => {
    const onSend = vi.fn();
    render(<Harness onSend={onSend} />);
    await userEvent.type(screen.getByRole("textbox", { name: "Reply" }), "one{Shift>}{Enter}{/Shift}two{Enter}");
    expect(onSend).toHaveBeenCalledExactlyOnceWith("one\ntwo");
    expect(screen.getByRole("textbox", { name: "Reply" })).toHaveValue("");
  });

  it("does not send what an input method is still composing", () => {
    const onSend = vi.fn();
    render(<Harness onSend={onSend} />);
    const box = screen.getByRole("textbox", { name: "Reply" });
    fireEvent.change(box, { target: { value: "日本" } });
    fireEvent.keyDown(box, { key: "Enter", isComposing: true });
    expect(onSend).not.toHaveBeenCalled();
  });

  it("sends no empty text", async () => {
    const onSend = vi.fn();
    render(<Harness onSend={onSend} />);
    await userEvent.type(screen.getByRole("textbox", { name: "Reply" }), "   {Enter}");
    expect(onSend).not.toHaveBeenCalled();
  });

  it("says why one may not reply and still takes a note (S3-65, S3-34)", async () => {
    const onSend = vi.fn();
    render(<Harness onSend={onSend} blocked="You are not a member of Billing." />);
    expect(screen.getByText(/You are not a member of Billing/)).toBeVisible();
    expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("radio", { name: "Internal note" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Internal note" }), "Look at this{Enter}");
    expect(onSend).toHaveBeenCalledExactlyOnceWith("Look at this");
  });

  it("tells the customer's side about replies being typed, never about notes", async () => {
    const onTyping = vi.fn();
    render(<Harness onSend={vi.fn()} onTyping={onTyping} />);
    await userEvent.type(screen.getByRole("textbox", { name: "Reply" }), "Hi{Enter}");
    expect(onTyping.mock.calls).toEqual([[true], [false]]);
    await userEvent.click(screen.getByRole("radio", { name: "Internal note" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Internal note" }), "secret");
    expect(onTyping).toHaveBeenCalledTimes(2);
  });

  it("explains why a text came back", () => {
    render(<Harness onSend={vi.fn()} refusal="The conversation is closed." />);
    expect(screen.getByRole("alert")).toHaveTextContent("Not sent. The conversation is closed. Your text is kept below.");
  });

  it("offers no attachments", () => {
    render(<Harness onSend={vi.fn()} />);
    expect(screen.queryByRole("button", { name: /attach/i })).not.toBeInTheDocument();
  });
});
