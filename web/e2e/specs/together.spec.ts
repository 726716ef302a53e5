import { faults } from "../harness/axe";
import type { Desk } from "../harness/desk";
import { expect, type People, test } from "../harness/test";
import { serves, type World } from "../harness/world";

test("S3-52: a note names a colleague, who is told and is led to it; it can be pinned", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const ben = await world.person("Ben Sauer", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("Is it broken?");
  await desk.opens("Is it broken?");
  const other = await people.atDesk(ben);

  await desk.page.getByRole("radio", { name: "Internal note" }).click();
  const note = desk.page.getByRole("textbox", { name: "Internal note" }).or(desk.page.getByRole("combobox", { name: "Internal note" }));
  await note.fill("");
  await note.pressSequentially("Look @Ben");
  await desk.page.getByRole("option", { name: /Ben Sauer/ }).click();
  await note.press("Enter");
  await expect(desk.message("Look @Ben Sauer")).toBeVisible();

  await expect.poll(async () => (await ben.signed.api.notifications.list()).items[0]?.kind).toBe("mention");
  await other.goTo("/all");
  await expect(other.page.getByRole("heading", { level: 1 })).toBeVisible();

  await desk.message("Look @Ben Sauer").hover();
  await desk.message("Look @Ben Sauer").getByRole("button", { name: "Pin" }).click();
  await expect(desk.page.getByRole("region", { name: "Pinned" })).toContainText("Look @Ben Sauer");
});

test("what was sent can be taken back, and leaves by itself otherwise; a conversation is snoozed", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("Hello?");
  await desk.opens("Hello?");
  await desk.page.evaluate(() => {
    localStorage.setItem("rapport.undo_seconds", "5");
  });
  await desk.replyBox.fill("Too early");
  await desk.replyBox.press("Enter");
  await desk.page.getByRole("region", { name: "Waiting to leave" }).getByRole("button", { name: "Undo" }).click();
  await expect(desk.replyBox).toHaveValue("Too early");
  await desk.replyBox.fill("Just right");
  await desk.replyBox.press("Enter");
  await expect(customer.message("Just right")).toBeVisible({ timeout: 20_000 });
  await expect(customer.message("Too early")).toHaveCount(0);

  await desk.replyBox.blur();
  await desk.page.keyboard.press("z");
  await desk.page.getByRole("dialog", { name: "Snooze until" }).getByRole("button", { name: /Tomorrow/ }).click();
  const header = desk.page.locator("header");
  await expect(header.getByText(/^Snoozed until/)).toBeVisible();
  await desk.page.keyboard.press("e"); // solved, and taken back: it sleeps on
  await expect(header.getByText(/^Snoozed until/)).toBeHidden();
  await desk.notifications.getByRole("listitem").filter({ hasText: "Solved" }).getByRole("button", { name: "Undo" }).click();
  await expect(header.getByText(/^Snoozed until/)).toBeVisible();
});

/** A conversation of one customer whom two inboxes write to; nobody has it, because all are busy. */
async function unassigned(world: World, people: People) {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const ben = await world.person("Ben Sauer", serves(support));
  const orders = await world.apiInbox("Orders", support);
  await world.apiInbox("Letters", support);
  const desks = [await people.atDesk(ana), await people.atDesk(ben)] as const;
  for (const desk of desks) await desk.becomes("Busy");
  await world.receives(orders, { phone: "+49301234567", email: "mia@harbour.example", name: "Mia Lund" }, "Where is my parcel?");
  for (const desk of desks) {
    await desk.goTo("/unassigned");
    await desk.opens("Where is my parcel?");
  }
  return desks;
}

async function choosesLetters(desk: Desk): Promise<void> {
  await desk.page.getByRole("button", { name: /^via Orders/ }).click();
  await desk.page.getByRole("combobox", { name: "Search: Send from" }).fill("Letters mia@");
  await desk.page.getByRole("option", { name: /Letters · mia@harbour\.example/ }).click();
}

test("who looks and who writes is seen; before two answers collide one is warned, and sending anyway sends all that was chosen", async ({ world, people }) => {
  const [anas, bens] = await unassigned(world, people);
  await expect(anas.page.getByText("Ben Sauer is viewing this")).toBeVisible();
  await choosesLetters(anas);
  await anas.replyBox.fill("It is on the van");
  await bens.replyBox.pressSequentially("I think it ");
  await expect(anas.thread).toContainText("Ben Sauer");
  await anas.replyBox.press("Enter");
  const warning = anas.page.getByRole("alert").filter({ hasText: "Ben Sauer is writing an answer right now." });
  await expect(warning).toBeVisible();
  await expect(anas.message("It is on the van")).toHaveCount(0);
  await warning.getByRole("button", { name: "Send anyway" }).click();
  await expect(anas.message("It is on the van")).toBeVisible();
  await expect(anas.thread).toContainText("via Letters · mia@harbour.example");
  await expect(bens.message("It is on the van")).toBeVisible();
});

test("a message is sent later by the way that was chosen; it can be changed, taken back and sent now", async ({ world, people }) => {
  const [anas] = await unassigned(world, people);
  const waiting = anas.page.getByRole("region", { name: "Waiting to leave" });
  const later = anas.page.getByRole("button", { name: "Send later" });
  await choosesLetters(anas);
  await anas.replyBox.fill("Dear {{name}}");
  await expect(later, "an open field holds it, as it holds Send").toHaveAttribute("aria-disabled", "true");
  await anas.replyBox.fill("It comes tomorrow");
  await later.click();
  await anas.page.getByRole("dialog", { name: "Send later" }).getByRole("button", { name: /^Tomorrow/ }).click();
  await expect(waiting).toContainText("It comes tomorrow");
  await expect(waiting).toContainText("Leaves");

  await waiting.getByRole("button", { name: "Take back" }).click();
  await expect(anas.replyBox).toHaveValue("It comes tomorrow");
  await expect(anas.page.getByRole("button", { name: /^via Letters/ })).toBeVisible();
  await later.click();
  await anas.page.getByRole("dialog", { name: "Send later" }).getByRole("button", { name: /^In 1 hour/ }).click();
  await waiting.getByRole("button", { name: "Edit" }).click();
  const dialog = anas.page.getByRole("dialog", { name: "Edit scheduled message" });
  await expect(dialog.getByRole("textbox", { name: "Message" })).toHaveValue("It comes tomorrow");
  expect(await faults(anas.page)).toEqual([]);
  await dialog.getByRole("textbox", { name: "Message" }).fill("It comes on Monday");
  await dialog.getByRole("button", { name: /^Keep/ }).click();
  await expect(waiting).toContainText("It comes on Monday");
  await waiting.getByRole("button", { name: "Send now" }).click();
  await expect(anas.message("It comes on Monday")).toBeVisible();
  await expect(anas.thread).toContainText("via Letters · mia@harbour.example");
});

test("S3-74: a question to colleagues about a conversation", async ({ world, people }) => {
  const support = await world.queue("Support");
  const billing = await world.queue("Billing");
  const ana = await world.person("Ana Pires", serves(support));
  const ben = await world.person("Ben Sauer", serves(billing));
  const inbox = await world.apiInbox("Shop", support);
  await world.receives(inbox, { external_id: "maria", name: "Maria Lopez" }, "Where is my refund?");
  await world.receives(inbox, { external_id: "omar", name: "Omar Reyes" }, "A parcel of tulips");
  // He may see what the question is about, and is not given conversations of customers.
  await world.api.queues.change(support, { members: [{ agent_id: ana.id, can_reply: true }, { agent_id: ben.id, can_reply: false }] });
  const desk = await people.atDesk(ana);
  const bens = await people.atDesk(ben);
  await desk.goTo("/all");
  await desk.opens("Where is my refund?");
  await expect(desk.thread).toBeVisible();

  await desk.action("More actions").click();
  await desk.page.getByRole("menuitem", { name: "Ask colleagues" }).click();
  const dialog = desk.page.getByRole("dialog", { name: "Ask colleagues" });
  await expect(dialog).toContainText("Linked to the conversation with Maria Lopez");
  // Another conversation, by words and by a pasted address, or none.
  const clear = dialog.getByRole("button", { name: "About no conversation, or another one" });
  await clear.click();
  await expect(dialog).toContainText("A conversation among colleagues; no customer ever sees it.");
  const about = dialog.getByRole("combobox", { name: "About (optional)" });
  await expect(async () => {
    await about.fill("");
    await about.fill("tulips");
    await expect(dialog.getByRole("option", { name: /Omar Reyes/ })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await about.press("Enter");
  await expect(dialog).toContainText("Linked to the conversation with Omar Reyes");
  await clear.click();
  await about.fill(desk.page.url());
  await dialog.getByRole("option", { name: /Maria Lopez/ }).click();
  await dialog.getByLabel("Topic").fill("Refund for Maria");
  await dialog.getByLabel("Queue").selectOption("Billing");
  await dialog.getByLabel("Message").fill("May I refund 40 €?");
  await dialog.getByTestId("attach-question").setInputFiles({ name: "invoice.txt", mimeType: "text/plain", buffer: Buffer.from("Harbour Goods, invoice 17") });
  await expect(dialog.getByRole("list", { name: "Goes along" })).toContainText("25 B");
  await dialog.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(dialog).toHaveCount(0);

  await bens.goTo("/mine");
  await bens.opens("May I refund 40 €?");
  await expect(bens.thread).toContainText("invoice.txt");
  await bens.replies("Yes, you may");
  await bens.page.getByText("Belongs to the conversation with Maria Lopez").first().locator("..").getByRole("link", { name: "Open it" }).click();
  await expect(bens.message("Where is my refund?")).toBeVisible();

  const banner = desk.page.getByText("Question to colleagues: Refund for Maria").locator("..");
  await banner.getByRole("link", { name: "Open it" }).click();
  await expect(desk.message("Yes, you may")).toBeVisible();
  await expect(desk.page.getByText("Belongs to the conversation with Maria Lopez").first()).toBeVisible();
});

test("a conversation and the one that continues it lead to each other", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("Is it broken?");
  await desk.opens("Is it broken?");
  await desk.replies("It was");
  const former = desk.page.url();
  await desk.closes();
  await customer.writes("It is broken again");
  // Who still looks at the former hears of it at once.
  const link = (text: RegExp) => desk.page.getByText(text).locator("..").getByRole("link", { name: "Open it" });
  await link(/^Continued in a newer conversation: “It is broken again”/).click();
  await expect(desk.message("It is broken again")).toBeVisible();
  expect(desk.page.url()).not.toBe(former);
  await link(/^Continues an earlier conversation/).click();
  await expect(desk.message("It was")).toBeVisible();
});
