import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { TipProvider } from "@rapport/ui/tip";
import { Composer, type ComposerMode } from "./composer";
import type { ComposerMenu, MenuChoice } from "./composer-menu";

function Harness({
  onSend,
  onTyping,
  blocked,
  refusal,
  hold,
  menus,
}: {
  onSend: (text: string) => void;
  onTyping?: (on: boolean) => void;
  blocked?: string;
  refusal?: string;
  hold?: string;
  menus?: ComposerMenu[];
}) {
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
        {...(hold ? { hold } : {})}
        {...(menus ? { menus } : {})}
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

  it("says why it does not send, once somebody wants to", async () => {
    const onSend = vi.fn();
    const { rerender } = render(<Harness onSend={onSend} hold="Choose a sender first." />);
    await userEvent.type(screen.getByRole("textbox", { name: "Reply" }), "one");
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Send" }));
    expect(screen.getByRole("alert")).toHaveTextContent("Choose a sender first.");
    rerender(<Harness onSend={onSend} />);
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    await userEvent.type(screen.getByRole("textbox", { name: "Reply" }), "{Enter}");
    expect(onSend).toHaveBeenCalledExactlyOnceWith("one");
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

/** "/" of which a test answers each search. */
function slash() {
  const asked: Record<string, { answer: (...texts: string[]) => void; fail: () => void; times: number }> = {};
  const menu: ComposerMenu = {
    char: "/",
    label: "Canned responses",
    none: "No canned response fits.",
    search: (text) =>
      new Promise((resolve, reject) => {
        const choice = (one: string): MenuChoice => ({
          id: one,
          label: one,
          pick: (insert) => {
            insert(one);
          },
        });
        asked[text] = {
          times: (asked[text]?.times ?? 0) + 1,
          answer: (...texts) => {
            act(() => {
              resolve(texts.map(choice));
            });
          },
          fail: () => {
            act(() => {
              reject(new Error("No server."));
            });
          },
        };
      }),
  };
  const of = (text: string) => {
    const found = asked[text];
    if (!found) throw new Error(`nobody searched for ${text}`);
    return found;
  };
  return { menu, of };
}

describe("the list that a character opens (S3-44, S3-52)", () => {
  const box = () => screen.getByRole("textbox", { name: "Reply" });
  const at = () => screen.getByRole("combobox", { name: "Reply" });
  function compose() {
    const onSend = vi.fn();
    const { menu, of } = slash();
    render(<Harness onSend={onSend} menus={[menu]} />);
    return { onSend, of };
  }

  it.each(["{Enter}", "{Tab}"])("%s waits for the answer to what was typed, and sends nothing", async (key) => {
    const { onSend, of } = compose();
    await userEvent.type(box(), `/refund${key}`);
    expect(at()).toHaveValue("/refund");
    expect(screen.getByRole("status")).toHaveTextContent("Searching");
    of("refund").answer("Your money is on its way.", "Another");
    await waitFor(() => {
      expect(box()).toHaveValue("Your money is on its way.");
    });
    expect(onSend).not.toHaveBeenCalled();
  });

  it("picks nothing of an earlier search", async () => {
    const { onSend, of } = compose();
    await userEvent.type(box(), "/re");
    of("re").answer("Regards");
    await screen.findByRole("option", { name: "Regards" });
    await userEvent.type(at(), "fund{Enter}");
    of("re").answer("Regards");
    expect(at()).toHaveValue("/refund");
    of("refund").answer("Your money is on its way.");
    await waitFor(() => {
      expect(box()).toHaveValue("Your money is on its way.");
    });
    expect(onSend).not.toHaveBeenCalled();
  });

  it("waits no longer once another text is typed", async () => {
    const { of } = compose();
    await userEvent.type(box(), "/re{Enter}fund");
    of("refund").answer("Your money is on its way.");
    expect(await screen.findByRole("option", { name: "Your money is on its way." })).toBeVisible();
    expect(at()).toHaveValue("/refund");
    await userEvent.type(at(), "{Enter}");
    expect(box()).toHaveValue("Your money is on its way.");
  });

  it("sends what nothing fits to, and not by the key that waited", async () => {
    const { onSend, of } = compose();
    await userEvent.type(box(), "1 /2{Enter}");
    of("2").answer();
    expect(await screen.findByText("No canned response fits.")).toBeVisible();
    expect(onSend).not.toHaveBeenCalled();
    await userEvent.type(at(), "{Enter}");
    expect(onSend).toHaveBeenCalledExactlyOnceWith("1 /2");
  });

  it("says that a search has failed; Enter tries again, Escape closes it", async () => {
    const { onSend, of } = compose();
    await userEvent.type(box(), "/refund");
    of("refund").fail();
    expect(await screen.findByRole("alert")).toHaveTextContent("The search has failed.");
    await userEvent.type(at(), "{Enter}");
    await waitFor(() => {
      expect(of("refund").times).toBe(2);
    });
    of("refund").fail();
    expect(await screen.findByRole("alert")).toBeVisible();
    await userEvent.type(at(), "{Escape}");
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    expect(onSend).not.toHaveBeenCalled();
    await userEvent.type(box(), "{Enter}");
    expect(onSend).toHaveBeenCalledExactlyOnceWith("/refund");
  });
});
