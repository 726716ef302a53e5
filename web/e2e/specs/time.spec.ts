import type { Sticky } from "@rapport/core/api/types";
import { faults } from "../harness/axe";
import { serves } from "../harness/world";
import { expect, test, there } from "../harness/test";

const sticky: Sticky = { enabled: true, days: 7, availability_check: true, mode: "prefer", min_replies: 1, open_case: true };

test("S4-01 S4-05 C22 C23: who does not answer within the reply timer loses the conversation to somebody else", async ({ world, people }) => {
  // The shortest reply timer is a minute, and the clock is the real one.
  test.slow();
  const timer = { enabled: true, minutes: 1, business_hours: false, every_message: false, then: "reassign" as const, hops: 3 };
  const support = await world.queue("Support", { reply_timer: timer });
  const ana = await world.person("Ana Pires", serves(support));
  const ben = await world.person("Ben Sauer", serves(support));
  await world.webInbox(support);
  const anas = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("Is anybody there?");
  await anas.opens("Is anybody there?");
  await expect(anas.entry("Is anybody there?").getByRole("timer")).toHaveText(/moves on in (1 min|[01]:\d\d)/);
  const bens = await people.atDesk(ben);
  await anas.page.getByRole("radio", { name: "Internal note" }).click();
  await anas.page.getByRole("textbox", { name: "Internal note" }).fill("A note is no answer.");
  await anas.page.keyboard.press("Enter");

  await expect(bens.entry("Is anybody there?")).toBeVisible({ timeout: 90_000 });
  await bens.opens("Is anybody there?");
  await expect(bens.thread).toContainText(/Ana Pires/);
  await expect(anas.entry("Is anybody there?")).toHaveCount(0);
  await bens.replies("Yes, here I am.");
  await expect(customer.message("Yes, here I am.")).toBeVisible();
});

test("S3-10 C10: a returning customer waits for their own agent, sees the place, and may talk to anyone now", async ({ world, people }) => {
  const support = await world.queue("Support", { sticky: { ...sticky, hold: { full: 0, busy: 0, away: 300, offline: 0 } } });
  const ana = await world.person("Ana Pires", serves(support));
  const ben = await world.person("Ben Sauer", serves(support));
  await world.webInbox(support);
  const anas = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("My lamp is broken");
  await anas.opens("My lamp is broken");
  await anas.replies("We send a new one.");
  await anas.closes();
  const bens = await people.atDesk(ben);
  await anas.becomes("Away");

  await customer.writes("The new lamp is broken too");
  await expect(customer.panel).toContainText("You are next.");
  await expect(customer.panel).toContainText("You wait for Ana Pires");
  expect(await faults(customer.page)).toEqual([]);
  await bens.goTo("/unassigned");
  await expect(bens.entry("The new lamp is broken too").getByRole("timer")).toHaveText(/waits for Ana, .+ left/);
  await customer.panel.getByRole("button", { name: "Talk to anyone now" }).click();
  await expect(customer.text).toBeFocused();
  await bens.goTo("/mine");
  await expect(bens.entry("The new lamp is broken too")).toBeVisible();
  await expect(customer.answeredBy).toContainText("Ben Sauer");
  await expect(customer.panel.getByRole("button", { name: "Talk to anyone now" })).toHaveCount(0);
});

test("a hold ends by itself, and the next agent has the conversation", async ({ world, people }) => {
  const support = await world.queue("Support", { sticky: { ...sticky, hold: { full: 0, busy: 2, away: 0, offline: 0 } } });
  const ana = await world.person("Ana Pires", serves(support));
  const ben = await world.person("Ben Sauer", serves(support));
  await world.webInbox(support);
  const anas = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("First question");
  await anas.opens("First question");
  await anas.replies("First answer");
  await anas.closes();
  const bens = await people.atDesk(ben);
  await anas.becomes("Busy");
  await customer.writes("Second question");
  await expect(bens.entry("Second question")).toBeVisible();
  await expect(customer.answeredBy).toContainText("Ben Sauer");
});

test("S3-13: a supervisor makes a status and gives it to an agent, who has it at once", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const cleo = await world.person("Cleo Marsh", [], "supervisor");
  const anas = await people.atDesk(ana);
  const cleos = await people.atDesk(cleo);

  await cleos.goTo("/statuses");
  const main = cleos.page.getByRole("main");
  await main.getByRole("button", { name: "New status" }).click();
  const dialog = cleos.page.getByRole("dialog", { name: "New status" });
  await dialog.getByLabel("Name").fill("Training");
  await dialog.getByRole("radio", { name: "Busy" }).click();
  await dialog.getByRole("radio", { name: "Violet" }).click();
  expect(await faults(cleos.page)).toEqual([]);
  await dialog.getByRole("button", { name: "Create status" }).click();
  await expect(main.getByRole("row", { name: /Training/ })).toContainText("Counts as Busy");

  await cleos.goTo("/board");
  const row = main.getByRole("table", { name: "Agents" }).getByRole("row", { name: /Ana Pires/ });
  await expect(row).toContainText("Available · Idle");
  await row.getByRole("button", { name: "Actions for Ana Pires" }).click();
  await cleos.page.getByRole("menuitemradio", { name: /^Training/ }).click();
  await expect(anas.page.getByRole("button", { name: "Status and account" })).toContainText("Training");
  await expect(row).toContainText("Training");
  expect((await ana.signed.api.session.me()).agent.status).toBe("busy");

  await anas.becomes("Available");
  await expect(row).toContainText("Available · Idle");
  await row.getByRole("button", { name: "Actions for Ana Pires" }).click();
  await cleos.page.getByRole("menuitem", { name: "Utilisation" }).click();
  const report = cleos.page.getByRole("dialog", { name: "Utilisation of Ana Pires" });
  await expect(report.getByRole("list", { name: "Changes" })).toContainText("Training, set by Cleo Marsh");
  expect(await faults(cleos.page)).toEqual([]);
});

test("C25: an admin sets business hours, and a wrong week is not sent", async ({ world, people }) => {
  await world.queue("Support");
  const desk = await people.atDesk(world.admin);
  await desk.goTo("/admin/queues");
  const edit = async () => {
    await desk.page.getByRole("button", { name: "Actions for Support" }).click();
    await desk.page.getByRole("menuitem", { name: "Edit" }).click();
    const dialog = desk.page.getByRole("dialog", { name: "Edit Support" });
    await dialog.getByRole("tab", { name: "Business hours" }).click();
    return dialog;
  };
  const dialog = await edit();
  await dialog.getByRole("radio", { name: "Business hours" }).click();
  await dialog.getByLabel("Time zone").selectOption("Asia/Tokyo");
  const monday = dialog.getByRole("listitem", { name: "Monday" });
  await monday.getByRole("textbox", { name: "Monday to" }).fill("8");
  await expect(monday.getByRole("alert")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();
  await monday.getByRole("textbox", { name: "Monday to" }).fill("12");
  await monday.getByRole("button", { name: "Add a time on Monday" }).click();
  await dialog.getByLabel("Reply outside the hours").fill("We are here again at nine.");
  expect(await faults(desk.page)).toEqual([]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(desk.notifications).toContainText("Support saved");

  const saved = there((await world.api.queues.list()).items.find((queue) => queue.name === "Support"));
  expect(saved.hours).toMatchObject({ zone: "Asia/Tokyo", reply: "We are here again at nine." });
  expect(saved.hours?.blocks.filter((block) => block.day === 1)).toEqual([
    { day: 1, from: "09:00", to: "12:00" },
    { day: 1, from: "13:00", to: "17:00" },
  ]);
  await expect((await edit()).getByRole("textbox", { name: "Monday to" }).first()).toHaveValue("12:00");
});
