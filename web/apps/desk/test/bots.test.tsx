import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { addBots } from "@rapport/core/testing/bots";
import type { MockServer } from "@rapport/core/testing/server";
import "@/features/bots/bots-page"; // so that it is there at once
import { refusal, visit } from "./world";

beforeEach(() => {
  localStorage.clear();
});

const bots = (server: MockServer) => {
  addBots(server.world, Date.now());
};

const assisted = (server: MockServer) => {
  bots(server);
  server.world.settings.assist = { enabled: true, bot_id: "harbour" };
};

const reply = () => screen.findByRole("textbox", { name: "Reply" });

describe("conversations of bots", () => {
  it("lists what bots hold, with a count, and who holds it (S3-87)", async () => {
    await visit("/chatbots", bots);
    const list = await screen.findByRole("list", { name: "Conversations" });
    expect(within(list).getByRole("link", { name: /Selma Brandt.*Bot Robin/ })).toBeVisible();
    expect(await screen.findByRole("link", { name: "All chatbots 1" })).toBeVisible();
  });

  it("explains why one cannot reply, and takes over with a key", async () => {
    const { server, user } = await visit("/chatbots/cvselma", bots);
    expect(await screen.findByText(/Robin the bot is answering Selma Brandt/)).toBeVisible();
    expect(screen.queryByRole("textbox", { name: "Reply" })).not.toBeInTheDocument();
    await user.keyboard("c");
    expect(await reply()).toBeVisible();
    const c = server.world.conversations.find((one) => one.id === "cvselma");
    expect([c?.assignee_id, c?.bot_id]).toEqual(["ana", undefined]);
  });

  it("gives a conversation to a bot", async () => {
    const { server, user } = await visit("/mine/cvnils", bots);
    await reply();
    await user.keyboard("b");
    const dialog = await screen.findByRole("dialog", { name: "Give to a bot" });
    expect(within(dialog).getAllByRole("radio")).toHaveLength(2);
    await user.click(within(dialog).getByRole("radio", { name: "Harbour assistant" }));
    await user.click(within(dialog).getByRole("button", { name: "Give to bot" }));
    expect(await screen.findByText(/Harbour assistant the bot is answering/)).toBeVisible();
    expect(server.world.conversations.find((one) => one.id === "cvnils")?.bot_id).toBe("harbour");
  });

  it("remembers that a transcript was unfolded", async () => {
    const { user } = await visit("/mine/cvnils", bots);
    await reply();
    await user.click(await screen.findByRole("button", { name: /5 messages with Robin the bot/ }));
    expect(screen.getByText("My lamp arrived broken.", { selector: "article *" })).toBeVisible();
    expect(localStorage.getItem("rapport.unfolded")).toContain("cvnils");
  });

  it("offers no bot where there is none", async () => {
    const { user } = await visit("/mine");
    await user.click(await screen.findByRole("link", { name: /Jonas Weber/ }));
    await user.click(await screen.findByRole("button", { name: "More actions" }));
    expect(screen.queryByRole("menuitem", { name: /Give to a bot/ })).not.toBeInTheDocument();
  });
});

describe("help with writing", () => {
  it("is not there unless an admin wants it (S5-19)", async () => {
    await visit("/mine/cvnils", bots);
    await reply();
    expect(screen.queryByRole("button", { name: "Suggest a reply" })).not.toBeInTheDocument();
  });

  it("makes a draft, sends nothing, and gives the text back", async () => {
    const { server, user } = await visit("/mine/cvnils", assisted);
    const before = server.world.items.get("cvnils")?.length;
    await user.type(await reply(), "my own");
    await user.click(screen.getByRole("button", { name: "Suggest a reply" }));
    await waitFor(() => {
      expect(screen.getByRole("textbox", { name: "Reply" })).toHaveValue(
        "Thank you for the photo! I have just sent the refund; it reaches your account within three working days.",
      );
    });
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(screen.getByRole("textbox", { name: "Reply" })).toHaveValue("my own");
    expect(server.world.items.get("cvnils")).toHaveLength(before ?? 0);
  });

  it("leaves the text alone when the agent went on writing meanwhile", async () => {
    const { server, user } = await visit("/mine/cvnils", assisted);
    await reply();
    let answer: (response: Response) => void = () => undefined;
    const slow = new Promise<Response>((resolve) => (answer = resolve));
    server.intercept = (_method, path) => (path.endsWith("/assist") ? (slow as unknown as Response) : undefined);
    await user.click(screen.getByRole("button", { name: "Suggest a reply" }));
    expect(await screen.findByText("Writing a suggestion …")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Reply" }), "Hello");
    answer(new Response(JSON.stringify({ text: "Too late" }), { status: 200, headers: { "content-type": "application/json" } }));
    expect(await screen.findByText(/You went on writing/)).toBeVisible();
    expect(screen.getByRole("textbox", { name: "Reply" })).toHaveValue("Hello");
  });

  it("explains a failure, and fills the reason of a transfer with a summary", async () => {
    const { server, user } = await visit("/mine/cvnils", assisted);
    await reply();
    server.intercept = (_method, path) => (path.endsWith("/assist") ? refusal(503, "The model does not answer.") : undefined);
    await user.click(screen.getByRole("button", { name: "Suggest a reply" }));
    expect(await screen.findByText("The model does not answer.")).toBeVisible();
    server.intercept = undefined;
    await user.click(screen.getByRole("button", { name: "Dismiss this hint" }));
    await user.keyboard("t");
    const dialog = await screen.findByRole("dialog", { name: "Transfer conversation" });
    await user.click(within(dialog).getByRole("button", { name: "Summarise the conversation" }));
    await waitFor(() => {
      expect(within(dialog).getByRole("textbox", { name: "Reason" })).toHaveValue(
        "The lamp of order 7781 arrived broken. The customer wants a refund and sends a photo. The refund is still to be made.",
      );
    });
  });
});

describe("notifications", () => {
  it("counts what is unread in the bell and the title; who opens the list has read it", async () => {
    const { server, user } = await visit("/mine", bots);
    const bell = await screen.findByRole("button", { name: "Notifications, 2 unread" });
    expect(document.title).toBe("(2) My work · Rapport");
    await user.click(bell);
    const told = within(await screen.findByRole("dialog", { name: "Notifications" })).getAllByRole("listitem");
    expect(told).toHaveLength(5);
    expect(told[1]).toHaveTextContent(/Handed off by a bot.*Nils Aaltonen.*new/);
    await waitFor(() => {
      expect(document.title).toBe("My work · Rapport");
    });
    expect(server.world.notifications.every((one) => one.read_at)).toBe(true);
    await user.click(screen.getByRole("link", { name: /Handed off by a bot/ }));
    expect(await screen.findByRole("region", { name: "Handed off by Robin" })).toBeVisible();
  });

  it("tells with a toast that leads there, unless one is looking at the conversation already", async () => {
    const { server, user } = await visit("/mine/cvnils", bots);
    await reply();
    server.notify({ kind: "comment", conversation_id: "cvnils", text: "Nils: look at this" });
    server.notify({ kind: "assigned", conversation_id: "cvselma", text: "Selma Brandt: assigned to you" });
    const toasts = screen.getByRole("region", { name: "Notifications" });
    expect(await within(toasts).findByText("Selma Brandt: assigned to you")).toBeVisible();
    expect(within(toasts).queryByText("Nils: look at this")).not.toBeInTheDocument();
    await user.click(within(toasts).getByRole("button", { name: "Open" }));
    expect(await screen.findByText(/Robin the bot is answering Selma Brandt/)).toBeVisible();
  });
});

describe("tags and fields", () => {
  it("adds a tag that is suggested, and takes one off", async () => {
    const { server, user } = await visit("/all/cvnils", bots);
    const panel = await screen.findByRole("complementary", { name: "Customer" });
    await user.click(await within(panel).findByRole("button", { name: "Add tag" }));
    await user.keyboard("deli{ArrowDown}{Enter}");
    await within(panel).findByRole("button", { name: "Remove tag delivery" });
    await user.keyboard("{Escape}");
    await user.click(within(panel).getByRole("button", { name: "Remove tag returns" }));
    await waitFor(() => {
      expect(server.world.conversations.find((one) => one.id === "cvnils")?.tags).toEqual(["damaged", "delivery"]);
    });
  });

  it("changes, adds and removes fields of the conversation and of the customer", async () => {
    const { server, user } = await visit("/mine/cvnils", bots);
    const panel = await screen.findByRole("complementary", { name: "Customer" });
    await user.click(await within(panel).findByRole("button", { name: "Change Order number: 7781" }));
    await user.clear(within(panel).getByRole("textbox", { name: "Order number" }));
    await user.type(within(panel).getByRole("textbox", { name: "Order number" }), "7782{Enter}");
    await user.click(within(panel).getByRole("button", { name: "Remove Wants" }));
    await user.click(within(panel).getByRole("button", { name: "Add field to the customer" }));
    await user.type(within(panel).getByRole("textbox", { name: "Name of the field" }), "Shoe size");
    await user.type(within(panel).getByRole("textbox", { name: "Value of the field" }), "43{Enter}");
    await waitFor(() => {
      expect(server.world.conversations.find((one) => one.id === "cvnils")?.fields).toEqual({ order_number: "7782" });
      expect(server.world.contacts.find((one) => one.id === "ctnils")?.fields).toMatchObject({ shoe_size: "43" });
    });
  });
});

describe("administering bots", () => {
  it("makes a language model with a typed key that is never shown again", async () => {
    const { server, user } = await visit("/admin/bots", bots);
    await user.click(await screen.findByRole("button", { name: "New bot" }));
    const dialog = await screen.findByRole("dialog", { name: "New bot" });
    await user.selectOptions(within(dialog).getByRole("combobox", { name: "Kind" }), "Language model");
    await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Helper");
    await user.type(within(dialog).getByRole("textbox", { name: "Address of the API" }), "https://models.example/v1");
    await user.type(within(dialog).getByRole("textbox", { name: "Model" }), "m-1");
    await user.type(within(dialog).getByLabelText("Key"), "sk-1");
    await user.click(within(dialog).getByRole("button", { name: "Create bot" }));
    expect(await screen.findByRole("row", { name: /Helper Language model On/ })).toBeVisible();
    expect(server.world.bots.find((bot) => bot.name === "Helper")?.options).toMatchObject({ key: "sk-1", model: "m-1" });

    await user.click(screen.getByRole("button", { name: "Actions for Harbour assistant" }));
    await user.click(await screen.findByRole("menuitem", { name: "Edit" }));
    const edit = await screen.findByRole("dialog", { name: "Edit Harbour assistant" });
    expect(within(edit).getByLabelText("Key")).toHaveValue("");
    await user.click(within(edit).getByRole("button", { name: "Save" }));
    await waitFor(() => {
      expect(server.world.bots.find((bot) => bot.id === "harbour")?.options["key"]).toBe("***");
    });
  });

  it("tries a bot, and asks before it deletes one", async () => {
    const { server, user } = await visit("/admin/bots", bots);
    const row = await screen.findByRole("row", { name: /Robin Webhook/ });
    await user.click(within(row).getByRole("button", { name: "Try it" }));
    const trial = await screen.findByRole("dialog", { name: "Try Robin" });
    await user.type(within(trial).getByRole("textbox", { name: "What a customer writes" }), "I need a person{Enter}");
    expect(await within(trial).findByText("Hands off to whoever the router finds")).toBeVisible();
    await user.click(within(trial).getByRole("button", { name: "Close dialog" }));
    await user.click(screen.getByRole("button", { name: "Actions for Robin" }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
    const question = await screen.findByRole("alertdialog");
    expect(question).toHaveTextContent("The conversation that it holds is handed off to people.");
    await user.click(within(question).getByRole("button", { name: "Yes, delete" }));
    await waitFor(() => {
      expect(server.world.bots.some((bot) => bot.id === "robin")).toBe(false);
    });
  });
});
