import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import "@/features/workflows/builder-page";
import "@/features/workflows/workflows-page";
import { refusal, visit } from "./world";

/** jsdom has no layout, so no canvas: the narrow page with the list of steps. */
beforeEach(() => {
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: query.includes("max-width"), addEventListener: () => undefined, removeEventListener: () => undefined }));
});

const steps = () => screen.findByRole("list", { name: "Steps" });
const act = async (user: Awaited<ReturnType<typeof visit>>["user"], name: string, item: string) => {
  await user.click(await screen.findByRole("button", { name: `Actions for ${name}` }));
  await user.click(await screen.findByRole("menuitem", { name: item }));
};

describe("workflows", () => {
  it("lists state, trigger in words and running conversations", async () => {
    await visit("/admin/workflows");
    const row = await screen.findByRole("row", { name: /Nobody answers within 15 minutes/ });
    expect(row).toHaveTextContent("Live, version 2");
    expect(row).toHaveTextContent("Unpublished changes");
    await waitFor(() => {
      expect(row).toHaveTextContent("Conversation opened, opened by customer");
    });
    expect(screen.getByRole("row", { name: /Out-of-hours/ })).toHaveTextContent("Off");
    expect(screen.getByRole("row", { name: /VIP to Chen/ })).toHaveTextContent("Draft only");
  });

  it("makes one from a template that is shown before (S4)", async () => {
    const { user, server } = await visit("/admin/workflows");
    await user.click(await screen.findByRole("button", { name: "New workflow" }));
    const dialog = await screen.findByRole("dialog", { name: "New workflow" });
    await user.click(await within(dialog).findByRole("radio", { name: /^Nobody answers/ }));
    const preview = await within(dialog).findByRole("region", { name: "Steps of Nobody answers" });
    expect(preview).toHaveTextContent("Wait 15 minutes");
    expect(within(dialog).getByLabelText("Name")).toHaveValue("Nobody answers");
    await user.click(within(dialog).getByRole("button", { name: "Create workflow" }));
    expect(within(await steps()).getAllByRole("listitem")).toHaveLength(6);
    expect(server.flows.workflows.at(-1)?.name).toBe("Nobody answers");
  });

  it("renames, switches off with a way back, duplicates, and deletes only after a yes", async () => {
    const { user, server } = await visit("/admin/workflows");
    await act(user, "VIP to Chen", "Rename");
    const name = await screen.findByLabelText("Name");
    await user.clear(name);
    await user.type(name, "Out-of-hours reply");
    await user.click(screen.getByRole("button", { name: "Rename" }));
    await waitFor(() => {
      expect(server.flows.workflows.at(-1)?.name).toBe("Out-of-hours reply");
    });
    await user.click(screen.getByRole("switch", { name: "Nobody answers within 15 minutes is on" }));
    await waitFor(() => {
      expect(server.flows.workflows[0]?.enabled).toBe(false);
    });
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => {
      expect(server.flows.workflows[0]?.enabled).toBe(true);
    });
    await act(user, "Nobody answers within 15 minutes", "Duplicate");
    expect(await screen.findByRole("row", { name: /15 minutes \(copy\)/ })).toHaveTextContent("Draft only");
    await act(user, "Nobody answers within 15 minutes", "Delete");
    const question = await screen.findByRole("alertdialog");
    expect(question).toHaveTextContent("3 running conversations are stopped");
    await user.click(within(question).getByRole("button", { name: "Yes, delete" }));
    await waitFor(() => {
      expect(server.flows.workflows.some((one) => one.id === "silence")).toBe(false);
    });
  });

  it("keeps agents out", async () => {
    await visit("/admin/workflows", (server) => {
      for (const agent of server.world.agents) if (agent.id === "ana") agent.role = "supervisor";
    });
    expect(await screen.findByRole("heading", { name: "My work" })).toBeVisible();
  });
});

describe("workflow builder", () => {
  it("makes the panel from the vocabulary and saves by itself", async () => {
    const { user, server } = await visit("/admin/workflows/silence");
    await user.click(within(await steps()).getByRole("button", { name: /^\d\. Wait/ }));
    const panel = await screen.findByRole("complementary", { name: "Wait" });
    const long = within(panel).getByLabelText("How long");
    expect(long).toHaveValue("10 minutes");
    await user.clear(long);
    await user.type(long, "2 hours");
    expect(within(await steps()).getByRole("button", { name: /^\d\. Wait/ })).toHaveTextContent("2 hours");
    expect(await screen.findByText("Saved")).toBeVisible();
    await waitFor(() => {
      expect(server.flows.workflows[0]?.draft.steps.find((step) => step.id === "wait")?.with).toEqual({ seconds: 7_200 });
    });
  });

  it("edits groups of conditions", async () => {
    const { user, server } = await visit("/admin/workflows/silence");
    await user.click(within(await steps()).getByRole("button", { name: /^\d\. Still open/ }));
    const panel = await screen.findByRole("complementary", { name: /Still open/ });
    await user.click(within(panel).getByRole("button", { name: "Group" }));
    const group = within(panel).getByRole("group", { name: "Group of conditions" });
    await user.selectOptions(within(group).getByLabelText("Fact"), "Reassignments since the last answer");
    await user.selectOptions(within(group).getByLabelText("Comparison"), "is less than");
    await user.type(within(group).getByLabelText("Value"), "3");
    await user.click(within(panel).getAllByRole("radio", { name: "None" })[0] as HTMLElement);
    await waitFor(() => {
      expect(server.flows.workflows[0]?.draft.steps.find((step) => step.id === "silent")?.with?.["if"]).toEqual({
        not: {
          any: [
            { fact: "conversation.state", op: "is", value: "open" },
            { fact: "since_last_outbound", op: "does_not_exist" },
            { any: [{ fact: "conversation.hops", op: "less", value: 3 }] },
          ],
        },
      });
    });
  });

  it("builds from nothing: trigger, steps and arrows without a mouse on a canvas", async () => {
    const { user, server } = await visit("/admin/workflows/empty");
    await user.click(within(await steps()).getByRole("button", { name: /Choose a trigger/ }));
    await user.selectOptions(await screen.findByLabelText("Starts when"), "Message received");
    await user.click(screen.getByRole("button", { name: "Add a step" }));
    await user.type(await screen.findByPlaceholderText("Add a step as the first step"), "send a mess{Enter}");
    await user.click(await screen.findByLabelText("Text"));
    await user.paste("Hello {{contact.name}}");
    await user.selectOptions(screen.getByLabelText("Then"), "New step…");
    await user.type(await screen.findByPlaceholderText("Add a step after “Send a message”"), "close{Enter}");
    await waitFor(() => {
      const draft = server.flows.workflows.find((one) => one.id === "empty")?.draft;
      expect(draft).toMatchObject({ trigger: { kind: "message_received" }, start: "send" });
      expect(draft?.steps).toMatchObject([
        { id: "send", with: { text: "Hello {{contact.name}}" }, next: { next: "close" } },
        { id: "close" },
      ]);
    });
    await user.keyboard("{Control>}z{/Control}");
    expect(within(await steps()).queryByRole("button", { name: /^\d\. Close/ })).not.toBeInTheDocument();
  });

  it("shows what is wrong on the step and in a list that leads there; it cannot be published before", async () => {
    const { user } = await visit("/admin/workflows/silence");
    await user.click(within(await steps()).getByRole("button", { name: /^\d\. Note/ }));
    await user.clear(await screen.findByLabelText("Text"));
    expect(await within(await steps()).findByRole("button", { name: /^\d\. Note.*Text is missing\./ })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Close panel" }));
    await user.click(screen.getByRole("button", { name: "Publish" }));
    const dialog = await screen.findByRole("dialog", { name: "Not ready to publish" });
    await user.click(within(dialog).getByRole("button", { name: /Text is missing/ }));
    const panel = await screen.findByRole("complementary", { name: "Note" });
    expect(within(panel).getByText("Text is missing.")).toBeVisible();
  });

  it("says what a new version changes, and publishes it (S4-10)", async () => {
    const { user, server } = await visit("/admin/workflows/silence");
    await steps();
    await user.click(screen.getByRole("button", { name: "Publish" }));
    const dialog = await screen.findByRole("dialog", { name: "Publish version 3" });
    expect(dialog).toHaveTextContent("Running conversations finish on the version they began with.");
    expect(within(dialog).getByRole("list", { name: "Changes" })).toHaveTextContent("How long: 15 minutes → 10 minutes");
    await user.type(within(dialog).getByLabelText("Note"), "Faster");
    await user.click(within(dialog).getByRole("button", { name: "Publish" }));
    expect(await screen.findByText("Version 3 is live")).toBeVisible();
    expect(server.flows.versions.get("silence")?.[0]).toMatchObject({ version: 3, note: "Faster" });
    expect(await screen.findByText("Live, version 3")).toBeVisible();
  });

  it("goes back to an earlier version", async () => {
    const { user, server } = await visit("/admin/workflows/silence");
    await steps();
    await user.click(screen.getByRole("button", { name: "Version history" }));
    await user.click(await screen.findByRole("button", { name: /^Version 1/ }));
    await user.click(await screen.findByRole("button", { name: "Go back to this version" }));
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Publish it as version 3" }));
    await waitFor(() => {
      expect(server.flows.workflows[0]?.live?.steps).toHaveLength(4);
    });
    expect(within(await steps()).getAllByRole("listitem")).toHaveLength(5);
  });

  it("tries the draft and shows the path, and what answering changes", async () => {
    const { user } = await visit("/admin/workflows/silence");
    await steps();
    await user.click(screen.getByRole("button", { name: "Test run" }));
    await user.click(await screen.findByRole("button", { name: "Run the test" }));
    const path = await screen.findByRole("list", { name: "Path" });
    expect(path).toHaveTextContent("10 minutes later");
    expect(within(path).getAllByRole("button").at(-1)).toHaveTextContent("Note");
    await user.click(screen.getByRole("button", { name: "Event" }));
    await user.click(screen.getByRole("button", { name: "Run the test" }));
    await waitFor(() => {
      expect(within(path).getAllByRole("button").at(-1)).toHaveTextContent("Still open and not answered? · no");
    });
  });

  it("lists runs by state with their log, and stops one", async () => {
    const { user, server } = await visit("/admin/workflows/silence");
    await steps();
    await user.click(screen.getByRole("button", { name: "Runs" }));
    expect(within(await screen.findByRole("list", { name: "Runs" })).getAllByRole("listitem")).toHaveLength(4);
    await user.selectOptions(screen.getByLabelText("Show runs that are"), "Waiting");
    await waitFor(() => {
      expect(within(screen.getByRole("list", { name: "Runs" })).getAllByRole("button")).toHaveLength(2);
    });
    await user.click(within(screen.getByRole("list", { name: "Runs" })).getAllByRole("button")[0] as HTMLElement);
    expect(await screen.findByRole("list", { name: "Log of the run" })).toHaveTextContent("least load in Support");
    await user.click(screen.getByRole("button", { name: "Stop this run" }));
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Yes, stop it" }));
    await waitFor(() => {
      expect(server.flows.runs[0]?.run.status).toBe("stopped");
    });
  });

  it("says that it could not save, and keeps the edit", async () => {
    let broken = true;
    const { user, server } = await visit("/admin/workflows/silence", (made) => {
      made.intercept = (method) => (broken && method === "PUT" ? refusal(503, "Not now.") : undefined);
    });
    await user.click(within(await steps()).getByRole("button", { name: /^\d\. Wait/ }));
    await user.type(await screen.findByLabelText("Name on the canvas"), "Patience");
    expect(await screen.findByText("Could not save")).toBeVisible();
    broken = false;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => {
      expect(server.flows.workflows[0]?.draft.steps.find((step) => step.id === "wait")?.title).toBe("Patience");
    });
    expect(await screen.findByText("Saved")).toBeVisible();
  });

  it("asks before it overwrites what another admin saved", async () => {
    const { user, server } = await visit("/admin/workflows/silence");
    await user.click(within(await steps()).getByRole("button", { name: /^\d\. Wait/ }));
    const flow = server.flows.workflows[0];
    if (!flow) throw new Error("no workflow");
    flow.draft = { ...flow.draft, steps: flow.draft.steps.map((step) => (step.id === "wait" ? { ...step, title: "Theirs" } : step)) };
    await user.type(await screen.findByLabelText("Name on the canvas"), "Mine");
    expect(await screen.findByText(/Somebody else changed this draft/)).toBeVisible();
    expect(flow.draft.steps.find((step) => step.id === "wait")?.title).toBe("Theirs");
    await user.click(screen.getByRole("button", { name: "Keep mine" }));
    await waitFor(() => {
      expect(flow.draft.steps.find((step) => step.id === "wait")?.title).toBe("Mine");
    });
  });

  it("lists its shortcuts with ?", async () => {
    const { user } = await visit("/admin/workflows/silence");
    await steps();
    await user.keyboard("?");
    const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    expect(within(dialog).getByText("Add a step after this one")).toBeVisible();
  });
});

describe("conversation", () => {
  it("shows the workflows that run on it, with the log", async () => {
    const { user, of } = await visit("/mine", (server) => {
      const mara = server.world.conversations.find((c) => c.contact_name === "Mara Lindqvist" && c.state !== "closed");
      for (const { run } of server.flows.runs.slice(0, 1)) run.conversation_id = mara?.id ?? "";
    });
    await user.click(await screen.findByRole("link", { name: new RegExp(of("Mara Lindqvist").contact_name) }));
    await user.click(await screen.findByRole("button", { name: /Nobody answers within 15 minutes Waiting/ }));
    expect(await screen.findByRole("list", { name: "Log of the run" })).toHaveTextContent("Waits 15 minutes.");
  });
});
