import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { useTicking } from "@/lib/now";
import { refusal, visit, type World } from "./world";

async function editSupport({ user }: World, tab: string): Promise<HTMLElement> {
  await user.click(await screen.findByRole("button", { name: "Actions for Support" }));
  await user.click(await screen.findByRole("menuitem", { name: "Edit" }));
  const dialog = await screen.findByRole("dialog", { name: "Edit Support" });
  await user.click(within(dialog).getByRole("tab", { name: tab }));
  return dialog;
}
const support = (world: World) => world.server.world.queues.find((queue) => queue.id === "support");

describe("queues", () => {
  it("takes business hours: several times a day, copied to other days, with holidays", async () => {
    const world = await visit("/admin/queues");
    const { user } = world;
    const dialog = await editSupport(world, "Business hours");
    await user.click(within(dialog).getByRole("radio", { name: "Business hours" }));
    const monday = within(within(dialog).getByRole("listitem", { name: "Monday" }));
    fireEvent.change(monday.getByLabelText("Monday to"), { target: { value: "12" } });
    await user.click(monday.getByRole("button", { name: "Add a time on Monday" }));
    expect(monday.getAllByLabelText("Monday from")[1]).toHaveValue("13:00");
    await user.click(monday.getByRole("button", { name: "Copy Monday to other days" }));
    await user.click(await screen.findByRole("menuitem", { name: "Saturday" }));

    await user.click(within(dialog).getByRole("button", { name: "Add holiday" }));
    expect(within(dialog).getByRole("button", { name: "Save" })).toBeDisabled();
    fireEvent.change(within(dialog).getByLabelText("Date of holiday 1"), { target: { value: "2026-12-25" } });
    fireEvent.change(within(dialog).getByLabelText("Time zone"), { target: { value: "Asia/Tokyo" } });
    fireEvent.change(within(dialog).getByLabelText("Reply outside the hours"), { target: { value: "Until tomorrow" } });
    await user.selectOptions(within(dialog).getByLabelText("New conversations outside the hours"), "Go to Returns");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await screen.findByText("Support saved");

    const hours = support(world)?.hours;
    expect(hours).toMatchObject({ zone: "Asia/Tokyo", reply: "Until tomorrow", fallback_queue: "returns", holidays: [{ date: "2026-12-25" }] });
    const lunch = [{ from: "09:00", to: "12:00" }, { from: "13:00", to: "17:00" }];
    for (const day of [1, 6]) expect(hours?.blocks.filter((block) => block.day === day).map(({ from, to }) => ({ from, to }))).toEqual(lunch);
    expect(hours?.blocks.filter((block) => block.day === 0)).toEqual([]);
  });

  it("refuses times that overlap before they are sent", async () => {
    const world = await visit("/admin/queues");
    const { user } = world;
    const dialog = await editSupport(world, "Business hours");
    await user.click(within(dialog).getByRole("radio", { name: "Business hours" }));
    const from = within(dialog).getByLabelText("Monday from");
    await user.clear(from);
    await user.type(from, "18:00");
    expect(within(dialog).getByRole("listitem", { name: "Monday" })).toHaveTextContent("18:00 is not before 17:00.");
    expect(within(dialog).getByRole("button", { name: "Save" })).toBeDisabled();
    await user.type(from, "{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}");
    expect(from).toHaveValue("16:45");
    expect(within(dialog).getByRole("button", { name: "Save" })).toBeEnabled();
  });

  it("has a reply timer of its own that says in words what it does (S4-01, C22)", async () => {
    const world = await visit("/admin/queues");
    const { user } = world;
    const dialog = await editSupport(world, "Answering in time");
    expect(dialog).toHaveTextContent("Inherits account settings: An agent has 15 minutes for the first answer.");
    await user.click(within(dialog).getByRole("radio", { name: "Own settings" }));
    fireEvent.change(within(dialog).getByLabelText("Time for an answer"), { target: { value: "2" } });
    await user.selectOptions(within(dialog).getByLabelText("Unit of: Time for an answer"), "hours");
    await user.selectOptions(within(dialog).getByLabelText("After that"), "Move to Returns");
    await user.click(within(dialog).getByLabelText("After every message"));
    expect(dialog).toHaveTextContent("An agent has 2 hours for each answer. Then it moves on to another agent, at most 3 times; after that supervisors are told and it goes to Returns.");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await screen.findByText("Support saved");
    expect(support(world)?.reply_timer).toEqual({
      enabled: true, minutes: 120, business_hours: false, every_message: true, then: "reassign", hops: 3, fallback_queue: "returns",
    });
  });

  it("says how long one waits, and for whom (C25)", async () => {
    const world = await visit("/admin/queues");
    const { user } = world;
    const dialog = await editSupport(world, "Waiting");
    fireEvent.change(within(dialog).getByLabelText("Longest wait"), { target: { value: "20" } });
    await user.selectOptions(within(dialog).getByLabelText("After that"), "Move to General");
    expect(dialog).toHaveTextContent("Who has waited 20 minutes for an agent moves to General, and supervisors are told.");
    await user.click(within(dialog).getByRole("tab", { name: "Sticky sessions" }));
    await user.click(within(dialog).getByRole("radio", { name: "Own settings" }));
    fireEvent.change(within(dialog).getByLabelText("Has no room"), { target: { value: "45" } });
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await screen.findByText("Support saved");
    expect(support(world)).toMatchObject({ max_wait_minutes: 20, fallback_queue: "general", sticky: { hold: { full: 45, busy: 0, away: 0, offline: 0 } } });
  });

  it("leads to the part in which something was refused", async () => {
    const world = await visit("/admin/queues", (server) => {
      server.intercept = (method) =>
        method === "PATCH"
          ? new Response(JSON.stringify({ detail: "Between 0 and 20 reassignments.", field: "reply_timer.hops" }), {
              status: 422,
              headers: { "content-type": "application/problem+json" },
            })
          : undefined;
    });
    const dialog = await editSupport(world, "Answering in time");
    await world.user.click(within(dialog).getByRole("radio", { name: "Own settings" }));
    await world.user.click(within(dialog).getByRole("tab", { name: "Members" }));
    await world.user.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(await within(dialog).findByRole("tab", { name: /Answering in time needs attention/ })).toBeVisible();
  });
});

describe("inboxes and settings", () => {
  it("a live chat closes after 15 minutes unless the inbox says otherwise (S5-17, S5-18)", async () => {
    const { user, server } = await visit("/admin/inboxes");
    await user.click(within(await screen.findByRole("region", { name: "Website" })).getByRole("button", { name: "Edit" }));
    const dialog = await screen.findByRole("dialog", { name: "Edit Website" });
    expect(dialog).toHaveTextContent("closes when we have waited 15 minutes for the customer; 3 minutes before, the customer is told");
    await user.click(within(dialog).getByRole("radio", { name: "Messaging" }));
    expect(dialog).toHaveTextContent("closes when we have waited 2 days for the customer; 2 hours before");
    fireEvent.change(within(dialog).getByLabelText("Warn before"), { target: { value: "0" } });
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await screen.findByText("Website saved");
    expect(server.world.inboxes[0]?.silence).toEqual({ conduct: "messaging", close_minutes: null, warn_minutes: 0 });
  });

  it("shows automatic texts as the customer reads them (C10)", async () => {
    const { user, server } = await visit("/admin/settings");
    const text = await screen.findByLabelText("Assigned to an agent who is not here");
    await user.clear(text);
    await user.click(text);
    await user.paste("{agent} is back soon.");
    expect(screen.getByText("Ana Pires is back soon.")).toBeVisible();
    fireEvent.change(screen.getByLabelText("Grace after going offline"), { target: { value: "2" } });
    await user.click(screen.getByRole("button", { name: "Save settings" }));
    await screen.findByText("Settings saved");
    expect(server.world.settings).toMatchObject({ texts: { unavailable: "{agent} is back soon." }, offline_grace_seconds: 120 });
  });
});

describe("countdowns", () => {
  it("tell in list and header what happens by itself, and what a timer did in the thread", async () => {
    const { user } = await visit("/mine");
    const list = await screen.findByRole("list", { name: "Conversations" });
    expect(within(list).getByRole("link", { name: /Mara/ })).toHaveTextContent("moves on in 4 min");
    expect(within(list).getByRole("link", { name: /Priya/ })).toHaveTextContent("closes in 2 min");
    expect(within(list).getByRole("link", { name: /Jonas/ }).querySelector("[role=timer]")).toBeNull();
    await user.click(within(list).getByRole("link", { name: /Priya/ }));
    const header = await screen.findByRole("region", { name: "Conversation" });
    expect(within(header).getByRole("timer")).toHaveTextContent("closes in 2 min");
    expect(await within(header).findByText(/told that silence closes this conversation soon/)).toBeVisible();
  });

  it("name the agent whom a conversation waits for", async () => {
    await visit("/unassigned");
    const list = await screen.findByRole("list", { name: "Conversations" });
    await waitFor(() => {
      expect(within(list).getByRole("link", { name: /Tom Okafor/ })).toHaveTextContent(/waits for Ben, 0:\d\d left/);
    });
  });

  it("draw only what changes when a second passes", () => {
    vi.useFakeTimers();
    try {
      const draws = { still: 0, moving: 0 };
      function Line({ name, text }: { name: "still" | "moving"; text: (now: number) => string }) {
        draws[name] += 1;
        return <p>{useTicking(text)}</p>;
      }
      const start = Date.now();
      const { unmount } = render(
        <>
          <Line name="still" text={() => "4 min"} />
          <Line name="moving" text={(now) => String(Math.round((now - start) / 1000))} />
        </>,
      );
      const before = { ...draws };
      act(() => {
        vi.advanceTimersByTime(5_000);
      });
      expect(screen.getByText("5")).toBeInTheDocument();
      expect(draws.still).toBe(before.still);
      expect(draws.moving).toBeGreaterThan(before.moving);
      unmount();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("statuses", () => {
  it("chooses a custom status, below the base it counts as (S3-13)", async () => {
    const { user, server } = await visit("/mine");
    await user.click(await screen.findByRole("button", { name: /Status and account/ }));
    const names = (await screen.findAllByRole("menuitemradio")).map((item) => item.textContent).slice(0, 7);
    expect(names.map((name) => name?.replace(/,.*/, ""))).toEqual([
      expect.stringContaining("Available"), "E-mail", expect.stringContaining("Busy"), "Training", expect.stringContaining("Away"), "Lunch", expect.stringContaining("Offline"),
    ]);
    await user.click(screen.getByRole("menuitemradio", { name: /^Lunch/ }));
    await waitFor(() => {
      expect(server.world.agents.find((agent) => agent.id === "ana")).toMatchObject({ status: "away", custom_status_id: "lunch" });
    });
    expect(await screen.findByRole("button", { name: /Ana Pires Lunch Status and account/ })).toBeVisible();
  });

  it("appears at once when a supervisor makes one, and when one sets mine", async () => {
    const { user, server } = await visit("/mine");
    await screen.findByRole("list", { name: "Conversations" });
    const agent = server.world.agents.find((one) => one.id === "ana");
    if (!agent) throw new Error("no ana");
    server.world.statuses.push({ id: "tea", name: "Tea", base: "away", color: "#16a34a", position: 9, created_at: "" });
    act(() => {
      Object.assign(agent, { status: "away", custom_status_id: "tea" });
      server.emit("status.changed", {});
      server.emit("agent.changed", { agent });
    });
    expect(await screen.findByRole("button", { name: /Ana Pires Tea Status and account/ })).toBeVisible();
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox"), "Status: Lunch");
    expect(await screen.findByRole("option", { name: /Status: Lunch/ })).toBeVisible();
  });

  it("supervisors make, order and delete them", async () => {
    const { user, server } = await visit("/statuses");
    await user.click(await screen.findByRole("button", { name: "New status" }));
    const dialog = await screen.findByRole("dialog", { name: "New status" });
    await user.type(within(dialog).getByLabelText("Name"), "Lunch");
    await user.click(within(dialog).getByRole("radio", { name: "Green" }));
    await user.click(within(dialog).getByRole("button", { name: "Create status" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("There is a status “Lunch” already.");
    await user.type(within(dialog).getByLabelText("Name"), " late");
    await user.click(within(dialog).getByRole("button", { name: "Create status" }));
    const table = await screen.findByRole("table", { name: "Statuses" });
    expect(await within(table).findByRole("row", { name: /Lunch late/ })).toHaveTextContent("Counts as Away");
    expect(server.world.statuses.at(-1)).toMatchObject({ name: "Lunch late", base: "away", color: "#16a34a" });

    await user.click(screen.getByRole("button", { name: "Actions for Lunch late" }));
    await user.click(await screen.findByRole("menuitem", { name: "Move up" }));
    await waitFor(() => {
      const order = within(table).getAllByRole("row").map((row) => row.textContent ?? "");
      expect(order.findIndex((text) => text.startsWith("Lunch late"))).toBeLessThan(order.findIndex((text) => /^LunchCounts/.test(text)));
    });

    await user.click(screen.getByRole("button", { name: "Actions for Training" }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
    const confirm = await screen.findByRole("alertdialog");
    expect(confirm).toHaveTextContent("Who has it now becomes Busy.");
    await user.click(within(confirm).getByRole("button", { name: "Yes, delete" }));
    await waitFor(() => {
      expect(within(table).queryByRole("row", { name: /Training/ })).not.toBeInTheDocument();
    });
  });
});

describe("board", () => {
  it("shows each agent's status, since when, load and queues, and follows changes", async () => {
    const { server } = await visit("/board");
    const table = await screen.findByRole("table", { name: "Agents" });
    const row = (name: RegExp) => within(table).getByRole("row", { name });
    await waitFor(() => {
      expect(row(/Dana Whitfield/)).toHaveTextContent(/Training35m0\/5General, Returns/);
    });
    expect(row(/Chen Li/)).toHaveTextContent(/Busy · Full capacity/);
    expect(row(/Ana Pires/)).toHaveTextContent(/Available · Under capacity/);
    const chen = server.world.agents.find((one) => one.id === "chen");
    if (!chen) throw new Error("no chen");
    act(() => {
      Object.assign(chen, { status: "away", custom_status_id: "lunch" });
      server.emit("agent.changed", { agent: chen });
    });
    await waitFor(() => {
      expect(row(/Chen Li/)).toHaveTextContent(/Lunchnow/);
    });
  });

  it("lets a supervisor set a status, and says why not", async () => {
    const { user, server } = await visit("/board");
    await user.click(await screen.findByRole("button", { name: "Actions for Chen Li" }));
    await user.click(await screen.findByRole("menuitemradio", { name: /^Training/ }));
    await waitFor(() => {
      expect(server.world.agents.find((one) => one.id === "chen")).toMatchObject({ status: "busy", custom_status_id: "training" });
    });
    expect(await screen.findByText("Chen Li is Training")).toBeVisible();
    server.intercept = (method) => (method === "PUT" ? refusal(403, "Not yours to set.") : undefined);
    await user.click(screen.getByRole("button", { name: "Actions for Chen Li" }));
    await user.click(await screen.findByRole("menuitemradio", { name: /^Away/ }));
    expect(await screen.findByText("Not yours to set.")).toBeVisible();
  });

  it("adds up how an agent spent a period", async () => {
    const { user } = await visit("/board");
    await user.click(await screen.findByRole("button", { name: "Actions for Chen Li" }));
    await user.click(await screen.findByRole("menuitem", { name: "Utilisation" }));
    const dialog = await screen.findByRole("dialog", { name: "Utilisation of Chen Li" });
    const table = await within(dialog).findByRole("table", { name: "Time in each status" });
    expect(within(table).getByRole("row", { name: /Lunch/ })).toHaveTextContent("45 min10 %");
    expect(dialog).toHaveTextContent("70 %");
  });

  it("says when nothing was recorded", async () => {
    const { user } = await visit("/board");
    await user.click(await screen.findByRole("button", { name: "Actions for Emil Sørensen" }));
    await user.click(await screen.findByRole("menuitem", { name: "Utilisation" }));
    expect(await screen.findByText("Nothing recorded")).toBeVisible();
  });
});
