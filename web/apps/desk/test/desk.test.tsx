import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Bulk } from "@rapport/core/api/views";
import { refusal, visit } from "./world";

const list = () => screen.findByRole("list", { name: "Conversations" });

describe("desk", () => {
  it("shows My work with live counts", async () => {
    await visit("/");
    expect(await screen.findByRole("heading", { name: "My work" })).toBeVisible();
    expect(within(await list()).getAllByRole("listitem")).toHaveLength(3);
    expect(await screen.findByRole("link", { name: "My work 3" })).toBeVisible();
  });

  it("takes a live message into the list and into the open thread", async () => {
    const { server, user, of } = await visit("/mine");
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    await screen.findByRole("textbox", { name: "Reply" });
    server.receive(of("Jonas Weber").id, "In Safari too.");
    expect(await screen.findByText("In Safari too.", { selector: "article *" })).toBeVisible();
    expect(within(await list()).getByText("In Safari too.")).toBeVisible();
  });

  it("sends a reply at once and keeps it when the answer comes", async () => {
    const { user, of } = await visit("/mine");
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    await user.type(await screen.findByRole("textbox", { name: "Reply" }), "We look at it.{Enter}");
    const message = await screen.findByText("We look at it.", { selector: "article *" });
    expect(message).toBeVisible();
    expect(await screen.findByText("Sent")).toBeVisible();
    expect(screen.getAllByText("We look at it.", { selector: "article *" })).toHaveLength(1);
    expect(of("Jonas Weber").last_text).toBe("We look at it.");
  });

  it("rolls a refused reply back with an explanation and keeps the text", async () => {
    const { user } = await visit("/mine", (server) => {
      server.intercept = (method, path) =>
        method === "POST" && path.endsWith("/messages") ? refusal(409, "The conversation was closed meanwhile.") : undefined;
    });
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    await user.type(await screen.findByRole("textbox", { name: "Reply" }), "Too late{Enter}");
    expect(await screen.findByText(/The conversation was closed meanwhile/)).toBeVisible();
    expect(screen.getByRole("textbox", { name: "Reply" })).toHaveValue("Too late");
    expect(screen.queryByText("Too late", { selector: "article *" })).not.toBeInTheDocument();
  });

  it("offers a colleague who joins while the desk is open, and not the asker", async () => {
    const { server, user } = await visit("/mine");
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    await user.click(await screen.findByRole("button", { name: "More actions" }));
    await user.click(await screen.findByRole("menuitem", { name: "Ask colleagues" }));
    const colleagues = within(await screen.findByRole("dialog", { name: "Ask colleagues" })).getByLabelText("Colleague");
    expect(await within(colleagues).findByRole("option", { name: "Ben Sauer" })).toBeInTheDocument();
    expect(within(colleagues).queryByRole("option", { name: "Ana Pires" })).not.toBeInTheDocument();
    const fatou = server.world.agents.find((agent) => agent.id === "fatou");
    if (!fatou) throw new Error("no Fatou");
    const gita = { ...fatou, id: "gita", name: "Gita Rao" };
    server.world.agents.push(gita);
    server.emit("agent.changed", { agent: gita });
    expect(await within(colleagues).findByRole("option", { name: "Gita Rao" })).toBeInTheDocument();
  });

  it("keeps a draft per conversation", async () => {
    const { user } = await visit("/mine");
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    await user.type(await screen.findByRole("textbox", { name: "Reply" }), "Half a thought");
    await user.click(within(await list()).getByRole("link", { name: /Priya/ }));
    await waitFor(() => {
      expect(screen.getByRole("textbox", { name: "Reply" })).toHaveValue("");
    });
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    await waitFor(() => {
      expect(screen.getByRole("textbox", { name: "Reply" })).toHaveValue("Half a thought");
    });
  });

  it("tells who comes second that another agent has it, and updates the list (S3-28)", async () => {
    const { server, user, of } = await visit("/unassigned");
    await user.click(within(await list()).getByRole("link", { name: /Lucía/ }));
    const claim = await screen.findByRole("button", { name: "Claim" });
    // Ben is first; his event has not arrived here.
    const c = of("Lucía Fernández");
    Object.assign(c, { assignee_id: "ben", assignee_name: "Ben Sauer", version: c.version + 1 });
    delete c.waiting;
    await user.click(claim);
    expect(await screen.findByText("Ben Sauer already has this conversation.")).toBeVisible();
    await waitFor(() => {
      expect(within(screen.getByRole("list", { name: "Conversations" })).queryByText("Lucía Fernández")).not.toBeInTheDocument();
    });
    expect(server.world.agents.find((agent) => agent.id === "ana")?.load).toBe(3);
  });

  it("claims, and the conversation goes from Unassigned to My work (S3-27)", async () => {
    const { user } = await visit("/unassigned");
    await user.click(within(await list()).getByRole("link", { name: /Lucía/ }));
    await user.click(await screen.findByRole("button", { name: "Claim" }));
    await waitFor(() => {
      expect(within(screen.getByRole("list", { name: "Conversations" })).queryByText("Lucía Fernández")).not.toBeInTheDocument();
    });
    await user.click(screen.getByRole("link", { name: /^My work/ }));
    expect(await screen.findByRole("link", { name: /Lucía/ })).toBeVisible();
  });

  it("reads what could not be read once the connection is back", async () => {
    let away = true;
    const { server } = await visit("/mine", (at) => {
      at.intercept = (method, path) => (away && method === "GET" && path === "/conversations" ? refusal(503, "The server restarts.") : undefined);
    });
    expect(await screen.findByText(/The server restarts/)).toBeVisible();
    away = false;
    server.cut();
    expect(within(await list()).getAllByRole("listitem")).toHaveLength(3);
    expect(screen.queryByText(/The server restarts/)).not.toBeInTheDocument();
  });

  it("undoes a solve", async () => {
    const { user, of } = await visit("/mine");
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    await screen.findByRole("textbox", { name: "Reply" });
    await user.keyboard("e");
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => {
      expect(of("Jonas Weber").state).toBe("open");
    });
    expect(await screen.findByText("Reopened")).toBeVisible();
  });

  it("asks before it closes", async () => {
    const { user, of } = await visit("/mine");
    const conversation = of("Jonas Weber");
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    await user.click(await screen.findByRole("button", { name: "More actions" }));
    await user.click(await screen.findByRole("menuitem", { name: "Close" }));
    const dialog = await screen.findByRole("alertdialog");
    expect(conversation.state).toBe("open");
    await user.click(within(dialog).getByRole("button", { name: "Yes, close" }));
    expect(await screen.findByText(/You can still write an internal note/)).toBeVisible();
    expect(conversation.state).toBe("closed");
  });

  it("shows who cannot take a transfer and why, and transfers anyway on a second word", async () => {
    const { user, of } = await visit("/mine");
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    await screen.findByRole("textbox", { name: "Reply" });
    await user.keyboard("t");
    const dialog = await screen.findByRole("dialog", { name: "Transfer conversation" });
    await user.click(await within(dialog).findByRole("radio", { name: "Ben Sauer" }));
    expect(within(dialog).getByRole("alert")).toHaveTextContent("Is away.");
    await user.click(within(dialog).getByRole("button", { name: "Transfer anyway" }));
    await waitFor(() => {
      expect(of("Jonas Weber").assignee_id).toBe("ben");
    });
  });

  it("shows a waiting transfer and cancels it (C16)", async () => {
    const { user, of } = await visit("/mine");
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    await screen.findByRole("textbox", { name: "Reply" });
    await user.keyboard("t");
    const dialog = await screen.findByRole("dialog", { name: "Transfer conversation" });
    await user.click(await within(dialog).findByRole("radio", { name: "Returns" }));
    await user.click(within(dialog).getByRole("button", { name: "Transfer" }));
    await user.click(await screen.findByRole("button", { name: "Cancel transfer" }));
    await waitFor(() => {
      expect(of("Jonas Weber").transfer).toBeUndefined();
    });
    expect(of("Jonas Weber").assignee_id).toBe("ana");
  });

  it("opens the reason of an assignment into the decision", async () => {
    const { user } = await visit("/mine");
    await user.click(within(await list()).getByRole("link", { name: /Mara/ }));
    await user.click(await screen.findByRole("button", { name: /^Why this agent/ }));
    const table = await screen.findByRole("table", { name: "Candidates" });
    const row = within(table).getByRole("row", { name: /Chen Li/ });
    expect(row).toHaveTextContent("At capacity");
    expect(row).toHaveTextContent("Holds 2 of 2 conversations.");
    expect(screen.getByText("s3.q7")).toBeVisible();
  });

  it("shows whom the customer belongs to and what was before", async () => {
    const { user } = await visit("/mine");
    await user.click(within(await list()).getByRole("link", { name: /Mara/ }));
    const panel = await screen.findByRole("complementary", { name: "Customer" });
    expect(await within(panel).findByText("Known")).toBeVisible();
    expect(within(panel).getByText("+46701234567")).toBeVisible();
    expect(within(panel).getByText(/Last agent, 2 days ago/)).toBeVisible();
    await user.click(within(panel).getByRole("button", { name: /Perfect, thank you Ana/ }));
    const preview = await screen.findByRole("dialog", { name: /^Mara Lindqvist/ });
    expect(await within(preview).findByText(/I have sent a credit note/)).toBeVisible();
    expect(within(preview).queryByRole("textbox")).not.toBeInTheDocument();
  });

  it("chooses what a text has left of the list, not what it has filtered away", async () => {
    const asked: unknown[] = [];
    const { user, of } = await visit("/all", (server) => {
      server.intercept = (method, path, text) => {
        if (method !== "POST" || path !== "/bulk") return undefined;
        asked.push(JSON.parse(text));
        return refusal(409, "Not today.");
      };
    });
    const bar = () => screen.getByRole("toolbar", { name: "Change the selection" });
    const close = async () => {
      await user.click(within(bar()).getByRole("button", { name: "Status" }));
      await user.click(await screen.findByRole("menuitem", { name: "Close" }));
    };
    const action = { do: "state", state: "closed" };
    const rows = within(await list()).getAllByRole("listitem").length;
    const jonas = of("Jonas Weber");
    await user.type(screen.getByRole("searchbox", { name: "Filter conversations" }), "jonas");
    await waitFor(() => {
      expect(within(screen.getByRole("list", { name: "Conversations" })).getAllByRole("listitem")).toHaveLength(1);
    });
    // By its key: the one that is shown, as one that is chosen by hand.
    await user.click(screen.getByRole("link", { name: /Jonas Weber/ }));
    await user.keyboard("{Control>}{Shift>}a{/Shift}{/Control}");
    expect(bar()).toHaveTextContent("1 selected");
    expect(within(bar()).queryByRole("button", { name: /^Select/ })).not.toBeInTheDocument();
    await close();
    expect(asked).toEqual([{ ids: [jonas.id], action }]);
    // By the button: those that are shown, and it says how many these are.
    await user.click(within(bar()).getByRole("button", { name: "Clear selection" }));
    const field = screen.getByRole("searchbox", { name: "Filter conversations" });
    await user.clear(field);
    await user.type(field, "support");
    const shown = within(screen.getByRole("list", { name: "Conversations" })).getAllByRole("listitem").length;
    expect(shown).toBeGreaterThan(1);
    expect(shown).toBeLessThan(rows);
    await user.click(screen.getByRole("checkbox", { name: "Select Jonas Weber" }));
    await user.click(within(bar()).getByRole("button", { name: `Select the ${shown} shown` }));
    expect(bar()).toHaveTextContent(`${shown} selected`);
    await close();
    expect((asked[1] as { ids: string[] }).ids).toHaveLength(shown);
    // Without the text it is all that match again.
    await user.click(within(bar()).getByRole("button", { name: "Clear selection" }));
    await user.clear(screen.getByRole("searchbox", { name: "Filter conversations" }));
    await user.click(screen.getByRole("checkbox", { name: "Select Jonas Weber" }));
    await user.click(within(bar()).getByRole("button", { name: "Select all that match" }));
    await close();
    expect(asked[2]).toEqual({ match: { view: "all" }, except: [], action });
  });

  it("finds bulk actions again after a reload: what runs at once, what has ended by a command, both read once", async () => {
    const bulk = (id: string, change: Partial<Bulk> = {}): Bulk =>
      ({ id, agent_id: "ana", action: { do: "release" }, total: 3, done: 1, refused: 0, skipped: 0, created_at: new Date().toISOString(), ...change });
    const ended_at = new Date().toISOString();
    const snooze = { do: "snooze", until: ended_at } as const;
    let reads = 0;
    const { server, user } = await visit("/mine", (mock) => {
      mock.intercept = (method, path) => {
        if (method === "POST" && path === "/bulk/b1/undo") return Response.json(bulk("b3", { action: { do: "undo" }, undoes: "b1", total: 5, done: 0 }));
        if (method !== "GET" || path !== "/bulk") return undefined;
        reads += 1;
        return Response.json({ items: [bulk("b2"), bulk("b1", { action: snooze, total: 5, done: 5, ended_at })] });
      };
    });
    const corner = await screen.findByRole("region", { name: "Changes of several conversations" });
    expect(corner).toHaveTextContent("Putting back into the queue1 of 3");
    expect(within(corner).getAllByRole("article")).toHaveLength(1);
    server.emit("bulk.ended", { bulk: bulk("b2", { done: 3, ended_at }) });
    await waitFor(() => {
      expect(corner).toHaveTextContent("3 changed");
    });
    await user.click(within(corner).getByRole("button", { name: "Dismiss" }));
    expect(corner).not.toBeInTheDocument();

    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByPlaceholderText("Type a command"), "bulk{Enter}");
    const recent = await screen.findByRole("dialog", { name: "Recent bulk actions" });
    expect(within(recent).getAllByRole("article").map((one) => one.textContent)).toEqual([
      expect.stringMatching(/^Putting back into the queue.*3 changedUndo$/),
      expect.stringMatching(/^Snoozing.*5 changedUndo$/),
    ]);
    await user.click(within(recent).getAllByRole("button", { name: "Undo" })[1] as HTMLElement);
    await waitFor(() => {
      expect(within(recent).getAllByRole("article").map((one) => one.textContent)).toEqual([
        expect.stringMatching(/^Undoing.*0 of 5$/),
        expect.stringMatching(/^Putting back into the queue.*3 changedUndo$/),
        expect.stringMatching(/^Snoozing.*5 changed · undone$/),
      ]);
    });
    server.emit("bulk.ended", { bulk: bulk("b3", { action: { do: "undo" }, undoes: "b1", total: 5, done: 4, skipped: 1, ended_at }) });
    await user.keyboard("{Escape}");
    expect(await screen.findByRole("region", { name: "Changes of several conversations" })).toHaveTextContent("4 changed · 1 changed meanwhile and left alone");
    expect(reads).toBe(1);
  });

  it("says that the connection is lost and goes on by itself", async () => {
    const { server } = await visit("/mine");
    await list();
    server.cut();
    expect(await screen.findByText(/Connection lost/)).toBeVisible();
    await waitFor(() => {
      expect(screen.queryByText(/Connection lost/)).not.toBeInTheDocument();
    });
  });

  it("leads to the sign-in when the session has ended", async () => {
    const { server } = await visit("/mine");
    await list();
    server.world.signedIn = false;
    server.cut(4401);
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
    expect(screen.getByText("Your session has ended. Sign in again.")).toBeVisible();
  });

  it("says what to do when a list cannot be loaded", async () => {
    let broken = true;
    const { user } = await visit("/mine", (server) => {
      server.intercept = (_method, path) => (broken && path === "/conversations" ? refusal(403, "Not today.") : undefined);
    });
    expect(await screen.findByText("Could not load the conversations")).toBeVisible();
    broken = false;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(within(await list()).getAllByRole("listitem")).toHaveLength(3);
  });

  it("shows what a form's field holds, and takes over what the form offers (S3-85)", async () => {
    const { user } = await visit("/mine", (server) => {
      const jonas = () => server.world.conversations.find((c) => c.contact_name === "Jonas Weber");
      const field = { name: "urgent", label: "Urgent", type: "yesno", default: "no" };
      server.intercept = (method, path) => {
        const answer = (body: unknown) => new Response(JSON.stringify(body), { status: 200, headers: { "content-type": "application/json" } });
        if (path === "/forms") return answer({ items: [{ id: "case", name: "Case", default_for: [jonas()?.queue_id], fields: [field], updated_at: "2026-01-01T00:00:00Z" }] });
        if (method !== "PATCH" || path !== `/conversations/${jonas()?.id ?? ""}`) return undefined;
        return answer(Object.assign(jonas() ?? {}, { fields: { urgent: "no" }, version: (jonas()?.version ?? 0) + 1 }));
      };
    });
    await user.click(within(await list()).getByRole("link", { name: /Jonas Weber/ }));
    const urgent = await screen.findByRole("combobox", { name: "Urgent" });
    expect(urgent).toHaveValue("");
    await user.click(screen.getByRole("button", { name: "Take over: No" }));
    await waitFor(() => {
      expect(screen.getByRole("combobox", { name: "Urgent" })).toHaveValue("no");
    });
    expect(screen.queryByRole("button", { name: /Take over/ })).not.toBeInTheDocument();
  });
});
