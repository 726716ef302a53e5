import { faults } from "../harness/axe";
import type { Desk } from "../harness/desk";
import { serves } from "../harness/world";
import { expect, test } from "../harness/test";

async function beginsWith(desk: Desk, from: string, to: string, text: string): Promise<void> {
  const dialog = desk.page.getByRole("dialog", { name: "New conversation" });
  const fromField = dialog.getByRole("button", { name: "From" });
  if (!(await fromField.textContent())?.includes(from)) {
    await fromField.click();
    await desk.page.getByRole("combobox", { name: "Search: From" }).fill(from);
    await desk.page.getByRole("option", { name: from }).click();
  }
  await dialog.getByRole("combobox", { name: "To" }).fill(to);
  await dialog.getByRole("listbox", { name: "Customers" }).getByRole("option").first().click();
  await dialog.getByRole("textbox", { name: "Message" }).fill(text);
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
}

test("S3-20 S3-21 S3-22 S3-24 S3-26: an agent writes first; an ongoing conversation is gone on with, a colleague's blocks", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const ben = await world.person("Ben Sauer", serves(support));
  await world.apiInbox("Orders", support);
  await world.apiInbox("Letters", support);
  const anas = await people.atDesk(ana);
  await anas.page.getByRole("button", { name: "New conversation" }).click();
  expect(await faults(anas.page)).toEqual([]);
  await beginsWith(anas, "Orders", "mia@harbour.example", "Your parcel is here");
  await expect(anas.message("Your parcel is here")).toBeVisible();
  await expect(anas.page.getByRole("heading", { name: /mia@harbour\.example/ })).toBeVisible();
  await expect(anas.why).toContainText("Begun by Ana Pires");

  // One's own is opened, with the text kept.
  await anas.goTo("/mine");
  await expect(anas.page.getByRole("button", { name: "New conversation" })).toBeVisible();
  await anas.page.keyboard.press("+");
  await beginsWith(anas, "Orders", "mia@harbour.example", "And one more thing");
  const own = anas.page.getByRole("alert", { name: "There is a conversation already" });
  await expect(own).toContainText("You have it");
  await own.getByRole("button", { name: "Open it and go on there" }).click();
  await expect(anas.replyBox).toHaveValue("And one more thing");

  // A colleague's blocks, and names the ways out.
  const bens = await people.atDesk(ben);
  await bens.page.getByRole("button", { name: "New conversation" }).click();
  await beginsWith(bens, "Orders", "mia@harbour.example", "Hello from Ben");
  const others = bens.page.getByRole("alert", { name: "There is a conversation already" });
  await expect(others).toContainText("Ana Pires is in conversation with this customer");
  await expect(others.getByRole("listitem")).toHaveCount(3);
  await expect(bens.page.getByRole("dialog").getByRole("button", { name: "Send", exact: true })).toBeDisabled();
});

test("S3-33 S3-42: the agent changes the channel, and the customer's answers join until the end", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const orders = await world.apiInbox("Orders", support);
  const letters = await world.apiInbox("Letters", support);
  const anas = await people.atDesk(ana);
  await world.receives(orders, { phone: "+49301234567", email: "mia@harbour.example", name: "Mia Lund" }, "Where is my parcel?");
  await anas.opens("Where is my parcel?");
  await anas.page.getByRole("button", { name: /^via Orders/ }).click();
  await anas.page.getByRole("combobox", { name: "Search: Send from" }).fill("Letters mia@");
  await anas.page.getByRole("option", { name: /Letters · mia@harbour\.example/ }).click();
  await anas.replies("I write you a letter.");
  await expect(anas.thread).toContainText("via Letters · mia@harbour.example");
  await world.receives(letters, { email: "mia@harbour.example" }, "Got the letter");
  await expect(anas.message("Got the letter")).toBeVisible();
  await world.receives(orders, { phone: "+49301234567" }, "And by phone");
  await expect(anas.message("And by phone")).toBeVisible();
  await expect(anas.page.getByRole("button", { name: /^via Orders/ }), "used last, preselected").toBeVisible();
});

test("S3-57 S3-58 S3-60 S3-61: two conversations become one, and two again", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const orders = await world.apiInbox("Orders", support);
  const letters = await world.apiInbox("Letters", support);
  const anas = await people.atDesk(ana);
  const mia = { email: "mia@harbour.example", name: "Mia Lund" };
  await world.receives(letters, mia, "One, by letter");
  await world.receives(orders, mia, "Two, by order");
  await world.receives(letters, mia, "Three, by letter");
  await anas.opens("Two, by order");
  await anas.action("More actions").click();
  await anas.page.getByRole("menuitem", { name: /^Merge with another conversation/ }).click();
  const dialog = anas.page.getByRole("dialog", { name: "Merge with another conversation" });
  await dialog.getByRole("radio").first().check();
  await expect(dialog.getByRole("list", { name: "Messages after the merge" }).getByRole("listitem")).toHaveCount(3);
  expect(await faults(anas.page)).toEqual([]);
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(anas.message("Three, by letter")).toBeVisible();
  await expect.poll(() => anas.texts()).toEqual(["One, by letter", "Two, by order", "Three, by letter"]);
  await expect(anas.list.getByRole("link")).toHaveCount(1);
  await world.receives(letters, mia, "Four, by letter");
  await expect(anas.message("Four, by letter")).toBeVisible();

  await anas.page.keyboard.press("Control+Shift+M");
  await dialog.getByRole("region", { name: "Merged into this conversation" }).getByRole("button", { name: "Undo" }).click();
  await expect(anas.message("One, by letter")).toHaveCount(0);
  await expect.poll(() => anas.texts()).toEqual(["Two, by order", "Four, by letter"]);
  await expect(anas.list.getByRole("link")).toHaveCount(2);
});

test("S3-63 S3-66 S3-67: an admin names the senders of a queue, and From offers only its default", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  await world.apiInbox("Orders", support);
  await world.apiInbox("Letters", support);
  const admin = await people.atDesk(world.admin);
  await admin.goTo("/admin/queues");
  await admin.page.getByRole("button", { name: "Support" }).first().click();
  await admin.page.getByRole("menuitem", { name: "Edit" }).click();
  const dialog = admin.page.getByRole("dialog");
  await dialog.getByRole("tab", { name: "Senders" }).click();
  await dialog.getByRole("checkbox", { name: "Letters is a sender" }).check();
  await dialog.getByRole("checkbox", { name: "Letters is the default sender of its channel" }).check();
  expect(await faults(admin.page)).toEqual([]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);

  const anas = await people.atDesk(ana);
  await anas.page.getByRole("button", { name: "New conversation" }).click();
  const from = anas.page.getByRole("dialog", { name: "New conversation" }).getByRole("button", { name: "From" });
  await expect(from).toContainText("Letters");
  await from.click();
  const options = anas.page.getByRole("listbox", { name: "From" }).getByRole("option");
  await expect(options).toHaveCount(1);
  await expect(options).toContainText("Default in Support");
});

test("S3-64 S3-66: a queue without a default begins from an empty From, and is answered from its senders only", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const orders = await world.apiInbox("Orders", support);
  const letters = await world.apiInbox("Letters", support);
  await world.apiInbox("Parcels", support);
  await world.receives(orders, { phone: "+49301234567", email: "mia@harbour.example", name: "Mia Lund" }, "Where is my parcel?");
  await world.api.queues.change(support, { senders: { inboxes: [letters.id], defaults: [] } });

  const anas = await people.atDesk(ana);
  await anas.page.getByRole("button", { name: "New conversation" }).click();
  const dialog = anas.page.getByRole("dialog", { name: "New conversation" });
  const from = dialog.getByRole("button", { name: "From" });
  await expect(from).toContainText("Choose an inbox");
  await from.click();
  await expect(anas.page.getByRole("listbox", { name: "From" }).getByRole("option")).toHaveText([/Letters/, /Orders/, /Parcels/]);
  await anas.page.keyboard.press("Escape");
  await anas.page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  // It came by Orders, from which Support does not write: that is said, and nothing goes until a sender is chosen.
  await anas.opens("Where is my parcel?");
  const sender = anas.page.getByRole("button", { name: "Choose a sender" });
  await expect(sender).toBeVisible();
  await anas.replyBox.fill("At your neighbour's.");
  await expect(anas.page.getByRole("button", { name: "Send", exact: true })).toBeDisabled();
  await sender.click();
  const ways = anas.page.getByRole("listbox", { name: "Send from" }).getByRole("option");
  await expect(ways.filter({ hasText: "Parcels" })).toHaveCount(0);
  const last = ways.filter({ hasText: "Orders" });
  await expect(last).toHaveAttribute("aria-disabled", "true");
  await expect(last).toContainText("Support does not write from Orders.");
  await ways.filter({ hasText: "mia@harbour.example" }).filter({ hasText: "Letters" }).click();
  await anas.replyBox.press("Enter");
  await expect(anas.message("At your neighbour's.")).toBeVisible();
  await expect(anas.thread).toContainText("via Letters");
  const { items } = await ana.signed.api.conversations.list({ view: "mine" });
  expect(items.map((one) => one.inbox_name)).toEqual(["Letters"]);
  await expect(ana.signed.api.conversations.reply(items[0]?.id ?? "", "By another way", "forged", { inbox_id: orders.id }), "the server says no, too").rejects.toMatchObject({ code: "sender_not_usable" });
});
