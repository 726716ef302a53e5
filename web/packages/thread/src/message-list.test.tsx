import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { item } from "@rapport/core/testing/make";
import { MessageList, type MessageListProps } from "./message-list";

function props(change: Partial<MessageListProps> = {}): MessageListProps {
  return {
    items: [item(1)],
    outgoing: [],
    customerName: "Mara",
    now: Date.parse("2026-03-02T12:00:00Z"),
    more: false,
    loadingOlder: false,
    onOlder: vi.fn(),
    onRetry: vi.fn(),
    onDiscard: vi.fn(),
    ...change,
  };
}

const own = { by: "agent" as const, author_id: "ana", author_name: "Ana" };

describe("message list", () => {
  it("shows messages, notes and events in one ordered list", () => {
    const items = [
      item(1, { body: "Hello" }),
      item(2, { kind: "event", by: "system", body: "Assigned to Ana" }),
      item(3, { ...own, kind: "note", body: "Check the invoice" }),
      item(4, { ...own, body: "Hi Mara", delivery: "sent" }),
    ];
    render(<MessageList {...props({ items })} />);
    const rows = within(screen.getByRole("list", { name: "Messages" })).getAllByRole("listitem");
    const texts = rows.map((row) => row.textContent);
    expect(texts.findIndex((text) => text.includes("Hello"))).toBeLessThan(texts.findIndex((text) => text.includes("Assigned")));
    expect(texts.findIndex((text) => text.includes("Assigned"))).toBeLessThan(texts.findIndex((text) => text.includes("Check")));
    expect(screen.getByRole("article", { name: /^Internal note by Ana/ })).toHaveTextContent("Check the invoice");
    expect(screen.getByRole("article", { name: /^Message by Ana/ })).toHaveTextContent("Hi Mara");
  });

  it.each([
    ["queued", "Queued"],
    ["sent", "Sent"],
    ["delivered", "Delivered"],
    ["seen", "Seen"],
    ["failed", "Not delivered: Number unknown"],
  ] as const)("shows that a message is %s (S3-35)", (delivery, text) => {
    const error = delivery === "failed" ? { error: "Number unknown" } : {};
    render(<MessageList {...props({ items: [item(1, { ...own, delivery, ...error })] })} />);
    expect(screen.getByText(text)).toBeVisible();
  });

  it("offers to try again, or to take back, what could not be sent", async () => {
    const entry = { client_id: "x", conversation_id: "c1", kind: "message" as const, body: "Hi", at: "2026-03-02T10:00:00Z", error: "No server." };
    const onRetry = vi.fn();
    const onDiscard = vi.fn();
    render(<MessageList {...props({ outgoing: [entry], onRetry, onDiscard })} />);
    expect(screen.getByRole("alert")).toHaveTextContent("Not sent. No server.");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(onRetry).toHaveBeenCalledExactlyOnceWith("x");
    await userEvent.click(screen.getByRole("button", { name: "Take back" }));
    expect(onDiscard).toHaveBeenCalledExactlyOnceWith(entry);
  });

  it("reads new messages of the customer aloud, not what was there before", () => {
    const { container, rerender } = render(<MessageList {...props({ items: [item(1, { body: "Old" })] })} />);
    const live = container.querySelector("[aria-live=polite]");
    expect(live).toHaveTextContent("");
    rerender(<MessageList {...props({ items: [item(1, { body: "Old" }), item(2, { body: "New", author_name: "Mara" })] })} />);
    expect(live).toHaveTextContent("Mara: New");
    rerender(<MessageList {...props({ items: [item(1), item(2), item(3, { ...own, body: "Mine" })] })} />);
    expect(live).toHaveTextContent("");
  });

  it("shows who is typing", () => {
    render(<MessageList {...props({ typing: "Mara" })} />);
    expect(screen.getByText("Mara is typing")).toBeVisible();
  });

  it("makes web addresses links that leak nothing, and nothing else markup", () => {
    render(<MessageList {...props({ items: [item(1, { body: "See https://example.com/a. <b>bold</b>" })] })} />);
    const link = screen.getByRole("link", { name: "https://example.com/a" });
    expect(link).toHaveAttribute("rel", expect.stringContaining("noopener"));
    expect(screen.getByText(/<b>bold<\/b>/)).toBeVisible();
  });
});
