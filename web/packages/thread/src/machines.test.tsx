import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import type { Item } from "@rapport/core/api/types";
import { item } from "@rapport/core/testing/make";
import { MessageList } from "./message-list";

const robin = { by: "bot" as const, author_id: "robin", author_name: "Robin" };
const at = (minute: number) => `2026-03-02T10:0${minute}:00Z`;

const transcript: Item[] = [
  item(1, { body: "My lamp is broken", at: at(0) }),
  item(2, { kind: "event", event: "bot", by: "system", at: at(0), data: { bot_name: "Robin" } }),
  item(3, { ...robin, body: "Refund or exchange?", at: at(1), data: { buttons: ["Refund", "Exchange"] } }),
  item(4, { body: "Refund", at: at(2) }),
];
const handoff = item(5, {
  kind: "event",
  event: "handoff",
  ...robin,
  at: at(3),
  data: { bot_name: "Robin", reason: "Refund over 100 €", summary: "The lamp arrived broken.", fields: { order_number: "7781" }, since: Date.parse(at(0)) },
});

function Thread({ items }: { items: Item[] }) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  return (
    <MessageList
      items={items}
      outgoing={[]}
      customerName="Mara"
      now={Date.parse("2026-03-02T12:00:00Z")}
      more={false}
      loadingOlder={false}
      onOlder={vi.fn()}
      onRetry={vi.fn()}
      onDiscard={vi.fn()}
      unfolded={unfolded}
      onUnfold={(key, open) => {
        setUnfolded(open ? new Set([key]) : new Set());
      }}
    />
  );
}

describe("bots in a thread", () => {
  it("folds the transcript above the hand-off card and opens it by keyboard", async () => {
    render(<Thread items={[...transcript, handoff]} />);
    const fold = screen.getByRole("button", { name: /3 messages with Robin the bot/ });
    expect(fold).toHaveAttribute("aria-expanded", "false");
    expect(screen.queryByText("My lamp is broken")).not.toBeInTheDocument();
    fold.focus();
    await userEvent.keyboard("{Enter}");
    expect(screen.getByText("My lamp is broken")).toBeVisible();
    expect(fold).toHaveAttribute("aria-expanded", "true");
  });

  it("shows why it was handed off, the summary and what was collected", () => {
    render(<Thread items={[...transcript, handoff]} />);
    const card = screen.getByRole("region", { name: "Handed off by Robin" });
    expect(within(card).getByText("Refund over 100 €")).toBeVisible();
    expect(within(card).getByText("The lamp arrived broken.")).toBeVisible();
    expect(within(card).getByText("Order number:").parentElement).toHaveTextContent("Order number: 7781");
  });

  it("names who wrote: bots and rules never look like a colleague", () => {
    const automatic = item(5, { by: "system", author_name: "Harbour Goods", body: "We open at nine.", at: at(3) });
    render(<Thread items={[...transcript, automatic]} />);
    expect(screen.getByRole("article", { name: /^Message by Robin \(Bot\)/ })).toBeVisible();
    expect(screen.getByRole("article", { name: /^Message by Harbour Goods \(Automatic\)/ })).toBeVisible();
  });

  it("shows the answers that were offered and the one that was chosen", () => {
    render(<Thread items={transcript} />);
    const offered = within(screen.getByRole("list", { name: "Answers offered" })).getAllByRole("listitem");
    expect(offered.map((one) => one.textContent)).toEqual(["Refund, chosen", "Exchange"]);
  });
});
