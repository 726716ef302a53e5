import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { MockServer } from "@rapport/core/testing/server";
import { refusal, visit } from "./world";

const csv = (lines: string[]) => new File([["title,customer,agent,status", ...lines].join("\n")], "sticky.csv", { type: "text/csv" });

/** What is around an open dialog. */
function scrim(): Element {
  const found = document.querySelector(".bg-scrim");
  if (!found) throw new Error("no dialog is open");
  return found;
}

/** Whether the page may be loaded again without a question. */
const reload = () => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));

const mail = { enabled: false, host: "", port: 587, security: "starttls", user: "", from: "", password: "", version: 1, failed: 0, public_url: "" };
const answers: Record<string, Response> = {
  "/mail-settings": Response.json(mail),
  "/feedback-settings": Response.json({ email: "", url: "", version: 1 }),
  "/feedback": Response.json({ items: [] }),
};

describe("sticky agents", () => {
  it("lists title, customer numbers, agent, date and status (S1-14, S1-15)", async () => {
    await visit("/admin/sticky-agents");
    const table = await screen.findByRole("table", { name: "Sticky agents" });
    const headings = within(table).getAllByRole("columnheader").map((heading) => heading.textContent);
    expect(headings).toEqual(["Title", "Customer numbers", "Agent", "Last updated on", "Status", "Actions"]);
    expect(within(table).getByRole("row", { name: /Northwind key account/ })).toHaveTextContent("Active");
    expect(within(table).getByRole("row", { name: /Okafor family/ })).toHaveTextContent("Inactive");
  });

  it("adds a record with several customers (S1-12)", async () => {
    const { user, server } = await visit("/admin/sticky-agents");
    await user.click(await screen.findByRole("button", { name: "Add sticky agent" }));
    const dialog = await screen.findByRole("dialog", { name: "Add sticky agent" });
    await user.type(within(dialog).getByLabelText("Title"), "Lind & Sons");
    await user.type(within(dialog).getByLabelText("Customer numbers"), "+49 30 1111, mara@lind.example");
    await user.selectOptions(await within(dialog).findByLabelText("Agent"), "Ben Sauer");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("row", { name: /Lind & Sons/ })).toHaveTextContent("+49 30 1111, mara@lind.example");
    expect(server.world.sticky.at(-1)?.points.map((point) => point.address)).toEqual(["+49301111", "mara@lind.example"]);
  });

  it("takes at most ten customers (S1-12)", async () => {
    const { user } = await visit("/admin/sticky-agents");
    await user.click(await screen.findByRole("button", { name: "Add sticky agent" }));
    const eleven = Array.from({ length: 11 }, (_, n) => `+4930111${n}`).join(",");
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getByLabelText("Customer numbers"));
    await user.paste(eleven);
    expect(within(dialog).getByRole("alert")).toHaveTextContent("At most 10 customers fit into one record; these are 11.");
    expect(within(dialog).getByRole("button", { name: "Save" })).toBeDisabled();
  });

  it("names the record that a number is in already", async () => {
    const { user } = await visit("/admin/sticky-agents");
    await user.click(await screen.findByRole("button", { name: "Add sticky agent" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByLabelText("Title"), "Twice");
    await user.type(within(dialog).getByLabelText("Customer numbers"), "priya@northwind.example");
    await user.selectOptions(await within(dialog).findByLabelText("Agent"), "Ben Sauer");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("“Northwind key account”");
  });

  it("disables, undoes, and deletes only after a yes (S1-18, S1-19)", async () => {
    const { user, server } = await visit("/admin/sticky-agents");
    const act = async (name: string) => {
      await user.click(await screen.findByRole("button", { name: "Actions for Northwind key account" }));
      await user.click(await screen.findByRole("menuitem", { name }));
    };
    await act("Disable");
    await waitFor(() => {
      expect(screen.getByRole("row", { name: /Northwind/ })).toHaveTextContent("Inactive");
    });
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => {
      expect(server.world.sticky[0]?.enabled).toBe(true);
    });

    await act("Delete");
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Cancel" }));
    expect(server.world.sticky).toHaveLength(2);
    await act("Delete");
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Yes, delete" }));
    await waitFor(() => {
      expect(screen.queryByRole("row", { name: /Northwind/ })).not.toBeInTheDocument();
    });
  });

  it("previews an import with the reason for each bad line, and imports the good ones", async () => {
    const { user, server } = await visit("/admin/sticky-agents");
    await user.click(await screen.findByRole("button", { name: "Import CSV" }));
    const file = csv(["North,+49301,ben@harbour.example,active", "South,+49302,nobody@x.example,active"]);
    await user.upload(await screen.findByLabelText("CSV file"), file);
    const lines = await screen.findByRole("table", { name: "Lines of the file" });
    expect(within(lines).getByRole("row", { name: /South/ })).toHaveTextContent("There is no agent nobody@x.example.");
    expect(server.world.sticky).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: "Import 1 good line" }));
    expect(await screen.findByText("1 record imported")).toBeVisible();
  });
});

describe("administration", () => {
  it("invites an agent and shows the link to copy", async () => {
    const { user } = await visit("/admin/agents");
    await user.click(await screen.findByRole("button", { name: "Invite agent" }));
    const dialog = await screen.findByRole("dialog", { name: "Invite agent" });
    await user.type(within(dialog).getByLabelText("Name"), "Gita Rao");
    await user.type(within(dialog).getByLabelText("E-mail"), "gita@harbour.example");
    await user.click(await within(dialog).findByRole("checkbox", { name: "Billing" }));
    await user.click(within(dialog).getByRole("button", { name: "Invite" }));
    const link = await screen.findByRole("dialog", { name: "Invitation for Gita Rao" });
    expect(link).toHaveTextContent("/invite/");
    expect(within(link).getByRole("button", { name: "Copy link" })).toBeVisible();
  });

  it("makes the form of an inbox from what the channel says about itself", async () => {
    const { user, server } = await visit("/admin/inboxes");
    const add = await screen.findByRole("button", { name: "New inbox" });
    await waitFor(() => {
      expect(add).toBeEnabled();
    });
    await user.click(add);
    const dialog = await screen.findByRole("dialog", { name: "New inbox" });
    expect(within(dialog).getByLabelText("Channel")).toHaveDisplayValue("Web chat");
    await user.type(within(dialog).getByLabelText("Name"), "Shop");
    expect(within(dialog).getByLabelText("Greeting")).toHaveValue("Hello! How can we help?");
    expect(within(dialog).queryByLabelText("Identity secret")).not.toBeInTheDocument();
    await user.type(within(dialog).getByLabelText("Allowed origins"), "https://shop.example\n\nhttps://www.shop.example");
    await user.click(within(dialog).getByRole("button", { name: "Create inbox" }));
    const secrets = await screen.findByRole("dialog", { name: "Secrets of Shop" });
    expect(secrets).toHaveTextContent("7b0c2f5e9d314a6f8e21c0b79a5d4432");
    await user.click(scrim());
    await user.keyboard("{Escape}");
    expect(secrets).toBeVisible();
    await user.click(within(secrets).getByRole("button", { name: "Done" }));
    expect(secrets).not.toBeInTheDocument();
    expect(server.world.inboxes.at(-1)?.options["origins"]).toEqual(["https://shop.example", "https://www.shop.example"]);
  });

  it("says that a chat is shown on no website, until it has an address", async () => {
    const { user } = await visit("/admin/inboxes", (server) => {
      for (const inbox of server.world.inboxes) if (inbox.channel === "web") inbox.options["origins"] = [];
    });
    const card = await screen.findByRole("region", { name: "Website" });
    expect(card).toHaveTextContent("Shown on no website yet: add its address.");
    expect(screen.getByRole("region", { name: "Order system" })).not.toHaveTextContent("no website");
    await user.click(within(card).getByRole("button", { name: "Add a website" }));
    const dialog = await screen.findByRole("dialog", { name: "Edit Website" });
    // Right below the name and the queue.
    const labels = within(dialog).getAllByRole("textbox").map((box) => box.getAttribute("id"));
    expect(labels[1]).toBe(within(dialog).getByLabelText("Allowed origins").id);
    await user.type(within(dialog).getByLabelText("Allowed origins"), "https://shop.example");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() => {
      expect(screen.getByRole("region", { name: "Website" })).not.toHaveTextContent("no website");
    });
  });

  it("says in the first steps that the chat is shown on no website", async () => {
    await visit("/admin/first-steps", (server) => {
      for (const inbox of server.world.inboxes) if (inbox.channel === "web") inbox.options["origins"] = [];
      server.intercept = (_method, path) => (path === "/checklist" ? Response.json({ steps: [{ id: "inbox", done: true }, { id: "snippet", done: false }] }) : undefined);
    });
    const step = (await screen.findByRole("heading", { name: "Put the snippet on a website" })).closest("li");
    await waitFor(() => {
      expect(step).toHaveTextContent("Shown on no website yet: add its address.");
    });
  });

  it("lets a queue inherit the account's sticky sessions, or have its own (S2-05)", async () => {
    const { user, server } = await visit("/admin/queues");
    await user.click(await screen.findByRole("button", { name: "Actions for Support" }));
    await user.click(await screen.findByRole("menuitem", { name: "Edit" }));
    const dialog = await screen.findByRole("dialog", { name: "Edit Support" });
    await user.click(within(dialog).getByRole("tab", { name: "Sticky sessions" }));
    expect(dialog).toHaveTextContent("Inherits account settings: On, for 7 days.");
    await user.click(within(dialog).getByRole("radio", { name: "Own settings" }));
    await user.click(within(dialog).getByLabelText("Check availability"));
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() => {
      expect(server.world.queues.find((queue) => queue.id === "support")?.sticky?.availability_check).toBe(false);
    });
  });

  it("keeps the default queue (S3-07)", async () => {
    const { user } = await visit("/admin/queues");
    await user.click(await screen.findByRole("button", { name: "Actions for General" }));
    expect(await screen.findByRole("menuitem", { name: "Delete" })).toHaveAttribute("aria-disabled", "true");
  });

  it("changes the days of sticky sessions (S2-11)", async () => {
    const { user, server } = await visit("/admin/settings");
    const days = await screen.findByLabelText("Days");
    await user.tripleClick(days);
    await user.keyboard("30");
    await user.click(screen.getByRole("button", { name: "Save settings" }));
    expect(await screen.findByText("Settings saved")).toBeVisible();
    expect(server.world.settings.sticky.days).toBe(30);
  });

  it("asks before settings that are not saved are left, and does not once they are", async () => {
    const { user, server } = await visit("/admin/settings");
    const name = await screen.findByLabelText("Account name");
    await user.type(name, " Ltd");
    expect(reload()).toBe(false);
    await user.click(screen.getByRole("link", { name: "Agents" }));
    const question = await screen.findByRole("alertdialog", { name: "Leave without saving?" });
    await user.click(within(question).getByRole("button", { name: "Stay" }));
    expect(screen.getByLabelText("Account name")).toHaveValue(`${server.world.settings.account_name} Ltd`);
    await user.click(screen.getByRole("button", { name: "Save settings" }));
    expect(await screen.findByText("Settings saved")).toBeVisible();
    await waitFor(() => {
      expect(reload()).toBe(true);
    });

    await user.type(screen.getByLabelText("Account name"), ".");
    await user.click(screen.getByRole("link", { name: "Agents" }));
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Leave" }));
    expect(await screen.findByRole("heading", { name: "Agents", level: 1 })).toBeVisible();
  });

  it.each([
    ["/settings/me", "Seconds to undo sending"],
    ["/admin/email", "Server"],
    ["/admin/feedback", "E-mail address for feedback"],
  ])("asks before %s is left", async (path, field) => {
    const { user } = await visit(path, (server) => {
      server.intercept = (method, at) => (method === "GET" ? answers[at] : undefined);
    });
    await user.type(await screen.findByLabelText(field), "7");
    await user.click(screen.getByRole("link", { name: "Agents" }));
    expect(await screen.findByRole("alertdialog", { name: "Leave without saving?" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Leave" }));
    expect(await screen.findByRole("heading", { name: "Agents", level: 1 })).toBeVisible();
  });

  it("keeps what is entered in a dialog until one says to discard it", async () => {
    const { user } = await visit("/admin/queues");
    await user.click(await screen.findByRole("button", { name: "New queue" }));
    const looked = await screen.findByRole("dialog", { name: "New queue" });
    await user.click(within(looked).getByRole("tab", { name: "Sticky sessions" }));
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();

    await user.click(screen.getByRole("button", { name: "New queue" }));
    const chosen = await screen.findByRole("dialog", { name: "New queue" });
    await user.click(within(chosen).getByRole("tab", { name: "Sticky sessions" }));
    await user.click(within(chosen).getByRole("radio", { name: "Own settings" }));
    await user.keyboard("{Escape}");
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Discard" }));

    await user.click(screen.getByRole("button", { name: "New queue" }));
    const dialog = await screen.findByRole("dialog", { name: "New queue" });
    await user.type(within(dialog).getByLabelText("Name"), "Returns");
    await user.click(scrim());
    expect(screen.queryByRole("alertdialog")).not.toBeInTheDocument();
    expect(dialog).toBeVisible();
    await user.keyboard("{Escape}");
    expect(await screen.findByRole("alertdialog", { name: "Discard what you entered?" })).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => {
      expect(within(dialog).getByLabelText("Name")).toHaveFocus();
    });
    expect(within(dialog).getByLabelText("Name")).toHaveValue("Returns");
    await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Discard" }));
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    await waitFor(() => {
      expect(screen.getByRole("button", { name: "New queue" })).toHaveFocus();
    });
  });

  it("keeps agents out of what is not theirs", async () => {
    await visit("/admin/agents", (server) => {
      for (const agent of server.world.agents) if (agent.id === "ana") agent.role = "agent";
    });
    expect(await screen.findByRole("heading", { name: "My work" })).toBeVisible();
    expect(screen.queryByRole("link", { name: "Agents" })).not.toBeInTheDocument();
    expect(screen.queryByRole("link", { name: "Board" })).not.toBeInTheDocument();
  });

  it("says in words what was done, with customers' names", async () => {
    await visit("/admin/audit", (server) => {
      const line = { id: "1", at: "2026-03-02T10:00:00Z", actor: "Dana Whitfield" };
      server.world.audit = [
        { ...line, action: "contact.merged", subject: "06h231", detail: "06h231 took over 2 conversations and 1 contact points of 06h232", names: { "06h231": "Mara Lind", "06h232": "M. Lind" } },
        { ...line, id: "2", action: "contact.not_yet_known", subject: "Something", detail: "" },
      ];
    });
    const table = await screen.findByRole("table", { name: "Audit log" });
    const row = await within(table).findByRole("row", { name: /Customers merged/ });
    expect(row).toHaveTextContent("Mara Lind took over 2 conversations and 1 contact points of M. Lind");
    expect(within(table).getByText("contact: not yet known")).toBeVisible();
  });

  it.each([
    ["/customers/doesnotexist", "Customer", "There is no such customer", "All customers", "/customers"],
    ["/admin/workflows/doesnotexist", "Workflow", "There is no such workflow", "All workflows", "/admin/workflows"],
  ])("leads on from a wrong link: %s", async (path, heading, sentence, link, to) => {
    await visit(path, (server) => {
      server.intercept = (_method, asked) => (/\/doesnotexist$/.test(asked) ? refusal(404, "There is nothing.", "not_found") : undefined);
    });
    expect(await screen.findByText(sentence)).toBeVisible();
    expect(screen.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    expect(screen.getByRole("button", { name: /^Open navigation/ })).toBeInTheDocument();
    expect(within(screen.getByRole("main")).getByRole("link", { name: link })).toHaveAttribute("href", to);
  });

  it("says the same of who is available on the board, in Statuses and in Agents", async () => {
    const full = (server: MockServer) => {
      for (const agent of server.world.agents) if (agent.id === "chen") agent.load = agent.effective_capacity;
    };
    const first = await visit("/board", full);
    // Ana and Chen chose Available; Chen has no room.
    const tile = (await screen.findByText("Agents available")).parentElement;
    expect(tile).toHaveTextContent(/available1$/);
    expect(within(screen.getByRole("table", { name: "Agents" })).getByRole("row", { name: /Chen Li/ })).toHaveTextContent("Busy · Full capacity");
    await first.user.click(screen.getByRole("link", { name: "Statuses" }));
    const statuses = await screen.findByRole("table", { name: "Statuses" });
    await waitFor(() => {
      expect(within(statuses).getByRole("row", { name: /^Available/ })).toHaveTextContent(/1$/);
    });
    expect(within(statuses).getByRole("row", { name: /^Busy/ })).toHaveTextContent(/1$/);
    expect(within(statuses).getByRole("row", { name: /^Offline/ })).toHaveTextContent(/1$/);
    await first.user.click(screen.getByRole("link", { name: "Agents" }));
    expect(await screen.findByRole("row", { name: /Chen Li/ })).toHaveTextContent("Busy · Full capacity");
  });

  it("shows a supervisor who waits, since when and why", async () => {
    await visit("/board");
    const table = await screen.findByRole("table", { name: "Who waits" });
    const row = within(table).getByRole("row", { name: /Tom Okafor/ });
    expect(row).toHaveTextContent("11m");
    expect(row).toHaveTextContent("Ben Sauer is away; the conversation waits for them.");
    expect(row).toHaveTextContent("Ben Sauer to become available");
  });
});
