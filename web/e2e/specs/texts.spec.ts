import { faults } from "../harness/axe";
import type { Desk } from "../harness/desk";
import { expect, test } from "../harness/test";
import { serves, type World } from "../harness/world";

// S3-44…S3-51, S3-85: texts, macros, and what is noted about conversations.

/** Opens a page of the navigation and waits for its heading. */
async function page(desk: Desk, link: string): Promise<void> {
  await desk.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link, exact: true }).click();
  await expect(desk.page.getByRole("heading", { name: link, level: 1 })).toBeVisible();
}

test("S3-45 S3-85: an admin makes a template, a form, dispositions and tags", async ({ world, people }) => {
  const support = await world.queue("Support");
  await world.apiInbox("WhatsApp", support, { window_hours: 24 });
  const desk = await people.atDesk(world.admin);
  const at = desk.page;
  const toasted = (text: string) => expect(desk.notifications.or(at.getByRole("status")).getByText(text).first()).toBeVisible();

  await test.step("a template: variables are found in the text, and shown as the customer reads them", async () => {
    await page(desk, "Approved templates");
    await expect(at.getByText("There are no approved templates yet")).toBeVisible();
    await at.getByRole("button", { name: "New template" }).click();
    const dialog = at.getByRole("dialog", { name: "New template" });
    await dialog.getByLabel("Inbox").selectOption("WhatsApp");
    await dialog.getByLabel("Name", { exact: true }).fill("order update");
    await dialog.getByLabel("Text").fill("Hi {{1}}, your order {{2}} is on its way.");
    await dialog.getByLabel("What {{1}} is").fill("First name");
    await dialog.getByLabel("Example").first().fill("Mia");
    await expect(dialog.getByRole("figure")).toContainText("Hi Mia, your order {{2}} is on its way.");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByRole("alert")).toContainText("letters, digits, dots");
    await dialog.getByLabel("Name", { exact: true }).fill("order_update");
    expect(await faults(at)).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    await expect(at.getByRole("row", { name: /order_update/ })).toContainText("Approved");
    expect((await world.api.templates.list({})).items[0]?.variables).toEqual([{ name: "1", label: "First name", example: "Mia" }, { name: "2" }]);
  });

  await test.step("a form with typed fields, in order, with a preview", async () => {
    await page(desk, "Forms");
    await at.getByRole("button", { name: "New form" }).click();
    const dialog = at.getByRole("dialog", { name: "New form" });
    await dialog.getByLabel("Name", { exact: true }).fill("Order");
    const first = dialog.getByRole("listitem").first();
    await first.getByLabel("Label").fill("Order number");
    await expect(first.getByLabel("Name for programs")).toHaveValue("order_number");
    await first.getByLabel("Needed before solving").click();
    await dialog.getByRole("button", { name: "Add a field" }).click();
    const second = dialog.getByRole("listitem").nth(1);
    await second.getByLabel("Label").fill("Reason");
    await second.getByLabel("Type").selectOption("Choice");
    await second.getByLabel("Choices").fill("Late\nBroken");
    const preview = dialog.getByRole("region", { name: "Preview" });
    await expect(preview.getByLabel("Reason")).toContainText("Broken");
    await dialog.getByRole("button", { name: "Move Reason up" }).click();
    await dialog.getByRole("button", { name: "Take out Reason" }).click();
    await expect(dialog.getByRole("listitem")).toHaveCount(1);
    await at.getByRole("button", { name: "Undo" }).click();
    await expect(dialog.getByRole("listitem")).toHaveCount(2);
    await dialog.getByLabel("Support").click();
    expect(await faults(at)).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    const [form] = (await world.api.forms.list()).items;
    expect(form?.default_for).toEqual([support]);
    expect(form?.fields.map((field) => [field.name, field.type, field.required_on_solve ?? false])).toEqual([
      ["reason", "choice", false],
      ["order_number", "text", true],
    ]);
  });

  await test.step("dispositions: in order, switched off with undo, deleted after a question", async () => {
    await page(desk, "Dispositions");
    for (const label of ["Refund in full", "Nothing to do"]) {
      await at.getByRole("button", { name: "New disposition" }).click();
      const dialog = at.getByRole("dialog", { name: "New disposition" });
      await dialog.getByLabel("Label").fill(label);
      await dialog.getByRole("button", { name: "Save" }).click();
      await expect(dialog).toBeHidden();
    }
    await at.getByRole("button", { name: "Move Nothing to do up" }).click();
    await expect(at.getByRole("row").nth(1)).toContainText("NOTHING-TO-DO");
    await at.getByRole("button", { name: "Actions for Nothing to do" }).click();
    await at.getByRole("menuitem", { name: "Disable" }).click();
    await expect(at.getByRole("row", { name: /Nothing to do/ })).toContainText("Off");
    await at.getByRole("button", { name: "Undo" }).click();
    await expect(at.getByRole("row", { name: /Nothing to do/ })).not.toContainText("Off");
    await at.getByRole("button", { name: "Actions for Nothing to do" }).click();
    await at.getByRole("menuitem", { name: "Delete" }).click();
    await at.getByRole("button", { name: "Yes, delete" }).click();
    await expect(at.getByRole("alertdialog")).toHaveCount(0); // it hides the rows while it is open
    await expect(at.getByRole("row", { name: /Nothing to do/ })).toBeHidden();
    expect((await world.api.dispositions.list()).items.map((one) => one.code)).toEqual(["REFUND-IN-FULL"]);
  });

  await test.step("tags: a colour, a new name, and two become one", async () => {
    await page(desk, "Tags");
    for (const name of ["refund", "money back"]) {
      await at.getByRole("button", { name: "New tag" }).click();
      const dialog = at.getByRole("dialog", { name: "New tag" });
      await dialog.getByLabel("Name", { exact: true }).fill(name);
      await dialog.getByRole("radio", { name: "Pink" }).click();
      await dialog.getByRole("button", { name: "Save" }).click();
      await expect(dialog).toBeHidden();
    }
    expect(await faults(at)).toEqual([]);
    await at.getByRole("button", { name: "Actions for money back" }).click();
    await at.getByRole("menuitem", { name: "Rename or merge" }).click();
    const dialog = at.getByRole("dialog", { name: "Rename money back" });
    await dialog.getByLabel("New name").fill("Refund");
    await expect(dialog.getByText(/become one/)).toBeVisible();
    await expect(dialog).toContainText("Used in conversations: 0, macros: 0, saved views: 0.");
    await expect(dialog).not.toContainText("keep the old name");
    await dialog.getByRole("button", { name: "Merge into refund" }).click();
    await expect(at.getByRole("region", { name: "Renamings" })).toContainText("money back became refund in 0 conversations");
    expect((await world.api.tags.list()).items.map((one) => [one.name, one.color])).toEqual([["refund", "#db2777"]]);
  });

  await test.step("the account's switches are found by search and kept", async () => {
    await page(desk, "Settings");
    await at.getByRole("switch", { name: "Tags of the catalogue only" }).click();
    await at.getByRole("switch", { name: "Disposition needed before solving" }).click();
    await at.getByRole("button", { name: "Save settings" }).click();
    await toasted("Settings saved");
    expect((await world.api.settings.read()).details).toEqual({ catalogue_only: true, disposition_required: true });
  });
});

test("S3-44: canned responses are imported from a file that says what is wrong with which line", async ({ world, people }) => {
  await world.queue("Support");
  const desk = await people.atDesk(world.admin);
  await page(desk, "Canned responses");
  await desk.page.getByRole("button", { name: "Import CSV" }).click();
  const dialog = desk.page.getByRole("dialog", { name: "Import canned responses" });
  const csv = 'shortcut,title,body,queues\nhello,Hello,"Hi there,\n\nhow can we help?",Support\nbad code,Bad,x,\nbye,Bye,Take care,Nowhere\n';
  await dialog.getByLabel("CSV file").setInputFiles({ name: "texts.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(dialog.getByRole("row", { name: /bad code/ })).toContainText(/^5/);
  await expect(dialog.getByRole("row", { name: /Bye/ })).toContainText("There is no queue called Nowhere");
  expect(await faults(desk.page)).toEqual([]);
  await dialog.getByRole("button", { name: "Import 1 good line" }).click();
  await expect(dialog).toBeHidden();
  await expect(desk.page.getByRole("row", { name: /\/hello/ })).toContainText("Support");
});

/** A customer's message to an inbox of the API channel. */
async function receives(world: World, inbox: { id: string; token: string }, contact: Record<string, string>, body: string, at = new Date()): Promise<void> {
  const answer = await fetch(`${world.server.url}/in/${inbox.id}/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${inbox.token}`, "content-type": "application/json", "idempotency-key": body },
    body: JSON.stringify({ contact, body, at: at.toISOString() }),
  });
  expect(answer.status, await answer.text()).toBe(202);
}

const mia = { phone: "+49301234567", name: "Mia Lund" };

test("S3-44 S3-45: a slash finds a canned response; Tab goes through its fields", async ({ world, people }) => {
  const support = await world.queue("Support");
  const sales = await world.queue("Sales");
  const ana = await world.person("Ana Pires", serves(support));
  const inbox = await world.apiInbox("Orders", support);
  await world.api.canned.create({ shortcut: "parcel", title: "Parcel is late", body: "Hi {{customer.first_name}}, parcel {{number}} comes on {{day}}." });
  await world.api.canned.create({ shortcut: "price", title: "Price list", body: "Our prices", queues: [sales] });
  const desk = await people.atDesk(ana);
  await receives(world, inbox, mia, "Where is my parcel?");
  await desk.opens("Where is my parcel?");
  await desk.replyBox.click();
  await desk.page.keyboard.type("/p");
  const menu = desk.page.getByRole("listbox", { name: "Canned responses" });
  await expect(menu.getByRole("option")).toHaveCount(1); // that of Sales is not for Support
  await desk.page.keyboard.press("Backspace");
  await desk.page.keyboard.type("late"); // a word of the title does, too
  await expect(menu.getByRole("option", { name: /Parcel is late/ })).toBeVisible();
  await desk.page.keyboard.press("Enter");
  await expect(desk.replyBox).toHaveValue("Hi Mia, parcel {{number}} comes on {{day}}.");
  await desk.page.keyboard.type("17");
  await desk.page.getByRole("button", { name: "Send", exact: true }).hover();
  await expect(desk.page.getByRole("tooltip")).toContainText("Fill in the open fields first: day");
  await desk.page.keyboard.press("Enter"); // sends nothing
  await desk.page.keyboard.press("Tab");
  await desk.page.keyboard.type("Monday");
  await expect(desk.replyBox).toHaveValue("Hi Mia, parcel 17 comes on Monday.");
  await desk.page.keyboard.press("Enter");
  await expect(desk.message("Hi Mia, parcel 17 comes on Monday.")).toBeVisible();
  await expect.poll(async () => (await world.api.canned.list({})).items.find((one) => one.shortcut === "parcel")?.used).toBe(1);

  // So it does where one writes first, filled in for the customer chosen.
  await desk.page.keyboard.press("Escape");
  await desk.page.keyboard.press("+");
  const dialog = desk.page.getByRole("dialog", { name: "New conversation" });
  await dialog.getByRole("button", { name: "From" }).click();
  await desk.page.getByRole("option", { name: /Orders/ }).click();
  await dialog.getByRole("combobox", { name: "To" }).fill("Mia Lund");
  await dialog.getByRole("listbox", { name: "Customers" }).getByRole("option").first().click();
  await dialog.getByRole("textbox", { name: "Message" }).click();
  await desk.page.keyboard.type("About it: /late");
  await expect(menu.getByRole("option", { name: /Parcel is late/ })).toContainText("Hi Mia");
  expect(await faults(desk.page)).toEqual([]);
  await desk.page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(dialog).toBeVisible();
  await desk.page.keyboard.press("Backspace");
  await desk.page.keyboard.type(" /late");
  await expect(menu.getByRole("option")).toHaveCount(1);
  await desk.page.keyboard.press("Enter");
  await expect(dialog.getByRole("textbox", { name: "Message" })).toHaveValue("About it: /lat Hi Mia, parcel {{number}} comes on {{day}}.");
  const chosen = () => dialog.getByRole("textbox", { name: "Message" }).evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd));
  await expect.poll(chosen).toBe("{{number}}");
  await desk.page.keyboard.type("18");
  await desk.page.keyboard.press("Tab");
  await expect.poll(chosen).toBe("{{day}}");
  await desk.page.keyboard.type("Friday");
  await expect(dialog.getByRole("textbox", { name: "Message" })).toHaveValue("About it: /lat Hi Mia, parcel 18 comes on Friday.");
});

test("S3-45 S3-51: a day after the customer wrote only an approved template goes, and taken back it is a template again", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const inbox = await world.apiInbox("WhatsApp", support, { window_hours: 24 });
  await world.api.templates.create({ inbox_id: inbox.id, name: "order_update", language: "en", body: "Hello {{1}}, your order is on its way.", status: "approved", variables: [{ name: "1", label: "First name", example: "Mia" }] });
  await world.api.templates.create({ inbox_id: inbox.id, name: "not_yet", language: "en", body: "Later", status: "pending" });
  await world.api.macros.create({ name: "Ask for the number", effects: { topic: "Order", body: "Which number does it have?" } });
  const desk = await people.atDesk(ana);
  const at = desk.page;
  await receives(world, inbox, mia, "Where is it?", new Date(Date.now() - 25 * 3_600_000));
  await desk.opens("Where is it?");
  const panel = at.getByRole("region", { name: "Approved template" });
  await expect(panel).toContainText("More than 24 hours have passed since Mia Lund wrote");
  await expect(panel.getByRole("combobox")).not.toContainText("not_yet");
  expect(await faults(at)).toEqual([]);
  // The macro fills in what it may; its text waits.
  await at.getByRole("button", { name: "Apply a macro" }).click();
  await at.getByRole("dialog", { name: "Apply a macro" }).getByRole("button", { name: "Apply", exact: true }).click();
  await expect(desk.thread).toContainText("applied the macro Ask for the number");
  await panel.getByRole("combobox").selectOption({ label: "order_update (en)" });
  const send = at.getByRole("button", { name: "Send", exact: true });
  await expect(send).toHaveAttribute("aria-disabled", "true");
  await panel.getByLabel("First name").fill("Mia");
  await expect(panel.getByLabel("Preview")).toHaveText("Hello Mia, your order is on its way.");
  // Taken back within the seconds of undo it is chosen again, with its values.
  await at.evaluate(() => { localStorage.setItem("rapport.undo_seconds", "30"); });
  await at.reload();
  await panel.getByRole("combobox").selectOption({ label: "order_update (en)" });
  await panel.getByLabel("First name").fill("Mia");
  await send.click();
  await at.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(panel.getByLabel("First name")).toHaveValue("Mia");
  await expect(desk.replyBox).toHaveValue("Which number does it have?");
  await at.evaluate(() => { localStorage.setItem("rapport.undo_seconds", "0"); });
  await at.reload();
  await panel.getByRole("combobox").selectOption({ label: "order_update (en)" });
  await panel.getByLabel("First name").fill("Mia");
  await send.click();
  await expect(desk.message("Hello Mia, your order is on its way.")).toBeVisible();
  // Once she answers, the macro's text can go.
  await receives(world, inbox, mia, "Thanks!");
  await expect(panel).toBeHidden();
  await desk.replyBox.press("Enter");
  await expect(desk.message("Which number does it have?")).toBeVisible();
});

test("S3-33 S3-51: templates are those of the way the reply takes, and another way takes any text", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const whatsapp = await world.apiInbox("WhatsApp", support, { window_hours: 24 });
  const letters = await world.apiInbox("Letters", support);
  await world.api.templates.create({ inbox_id: whatsapp.id, name: "hello", language: "en", body: "May we write to you here?", status: "approved" });
  const desk = await people.atDesk(ana);
  const at = desk.page;
  const panel = at.getByRole("region", { name: "Approved template" });
  const goesBy = async (from: string, to: string) => {
    await at.getByRole("button", { name: new RegExp(`^via ${from}`) }).click();
    await at.getByRole("combobox", { name: "Search: Send from" }).fill(to);
    await at.getByRole("option", { name: new RegExp(to) }).first().click();
  };
  await receives(world, whatsapp, mia, "Where is it?", new Date(Date.now() - 25 * 3_600_000));
  await desk.opens("Where is it?");
  await expect(panel).toContainText("More than 24 hours have passed");
  await goesBy("WhatsApp", "Letters");
  await expect(panel).toBeHidden();
  await desk.replies("By letter, then");

  await receives(world, letters, { ...mia, phone: "+49301234567" }, "Do you have WhatsApp?");
  await expect(desk.message("Do you have WhatsApp?")).toBeVisible();
  await goesBy("Letters", "WhatsApp");
  await expect(panel).toContainText("Until they answer, only an approved template can be sent");
  await panel.getByRole("combobox").selectOption({ label: "hello (en)" });
  await at.getByRole("button", { name: "Send", exact: true }).click();
  await expect(desk.message("May we write to you here?")).toBeVisible();
});

test("S3-46 S3-47 S3-48 S3-49: a macro is found, previewed and applied; solving waits for the edited reply and the form", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const orders = await world.apiInbox("Orders", support);
  const letters = await world.apiInbox("Letters", support);
  const form = await world.api.forms.create({ name: "Refund", fields: [{ name: "amount", label: "Amount", type: "number", required_on_solve: true }] });
  await world.api.tags.save("refund", { color: "#db2777" });
  await world.api.macros.create({
    name: "Refund in full",
    tags: ["money"],
    effects: { topic: "Refund", body: "We send the money back.", inbox_id: letters.id, form_id: form.id, priority: "high", add_tags: ["refund"], state: "solved" },
  });
  await world.api.macros.create({ name: "Say hello", tags: ["greeting"], effects: { body: "Hello!" } });
  const desk = await people.atDesk(ana);
  const at = desk.page;
  await receives(world, orders, mia, "It broke");
  await desk.opens("It broke");
  await at.keyboard.press("m");
  const dialog = at.getByRole("dialog", { name: "Apply a macro" });
  await dialog.getByRole("combobox", { name: "Tag" }).selectOption("money");
  await expect(dialog.getByRole("option", { name: /Say hello/ })).toBeHidden();
  await dialog.getByRole("combobox", { name: "Search macros" }).fill("full");
  const preview = dialog.getByRole("region", { name: "What it changes" });
  for (const text of ["Refund", "Letters", "We send the money back.", "High", "With your reply"]) await expect(preview).toContainText(text);
  expect(await faults(at)).toEqual([]);
  await dialog.getByRole("combobox", { name: "Search macros" }).press("Enter");
  await expect(dialog).toBeHidden();
  await expect(desk.thread).toContainText("Ana Pires applied the macro Refund in full: topic, form, priority, tags, sender, body, state with the reply");
  // It is not solved yet: there is time to edit.
  await expect(at.getByRole("group", { name: "With your reply" })).toContainText("Solved");
  await expect(at.getByRole("region", { name: "Conversation", exact: true })).toContainText("via Letters · +49301234567");
  const [before] = (await ana.signed.api.conversations.list({ view: "mine" })).items;
  expect([before?.state, before?.topic, before?.priority, before?.tags]).toEqual(["open", "Refund", "high", ["refund"]]);
  await expect(desk.replyBox).toHaveValue("We send the money back.");
  await desk.replyBox.fill("We send the money back today.");
  await desk.replyBox.press("Enter");
  // The form is needed first; nothing was sent.
  const lacking = at.getByRole("dialog");
  await lacking.getByLabel(/Amount/).fill("12.50");
  await lacking.getByRole("button", { name: /Save|Solve|Send/ }).click();
  await desk.replyBox.press("Enter").catch(() => undefined);
  await expect(desk.message("We send the money back today.")).toBeVisible();
  await expect.poll(async () => (await world.api.conversations.list({ view: "history" })).items[0]?.state).toBe("solved");
  const [after] = (await world.api.conversations.list({ view: "history" })).items;
  expect([after?.fields?.["amount"], after?.inbox_name]).toEqual(["12.50", "Letters"]);
});

test("S3-49: a reply that is taken back brings along what a macro left for it", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const inbox = await world.apiInbox("Orders", support);
  await world.api.macros.create({ name: "Ask", effects: { body: "Which one?", state: "pending" } });
  const desk = await people.atDesk(ana);
  const at = desk.page;
  await at.evaluate(() => { localStorage.setItem("rapport.undo_seconds", "5"); });
  await at.reload();
  await receives(world, inbox, mia, "It is broken.");
  await desk.opens("It is broken.");
  await at.getByRole("button", { name: "Apply a macro" }).click();
  await at.getByRole("dialog", { name: "Apply a macro" }).getByRole("button", { name: "Apply", exact: true }).click();
  const goesAlong = at.getByRole("group", { name: "With your reply" });
  await expect(goesAlong).toContainText("Status: Pending");
  await desk.replyBox.press("Enter");
  await at.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(desk.replyBox).toHaveValue("Which one?");
  await expect(goesAlong).toContainText("Status: Pending");
  await desk.replyBox.press("Enter");
  await expect(desk.message("Which one?")).toBeVisible();
  await expect.poll(async () => (await world.api.conversations.list({ view: "all" })).items[0]?.state).toBe("pending");
  await expect(goesAlong).toBeHidden();
});

test("S3-49: what a macro left for the reply outlives a reload, and comes back with a scheduled reply after one", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const inbox = await world.apiInbox("Orders", support);
  await world.api.macros.create({ name: "Ask", effects: { body: "Which one?", state: "pending" } });
  const desk = await people.atDesk(ana);
  const at = desk.page;
  await receives(world, inbox, mia, "It is broken.");
  await desk.opens("It is broken.");
  await at.getByRole("button", { name: "Apply a macro" }).click();
  await at.getByRole("dialog", { name: "Apply a macro" }).getByRole("button", { name: "Apply", exact: true }).click();
  const goesAlong = at.getByRole("group", { name: "With your reply" });
  await expect(goesAlong).toContainText("Status: Pending");
  await at.reload();
  await expect(desk.replyBox).toHaveValue("Which one?");
  await expect(goesAlong).toContainText("Ask, with your reply:Status: Pending");

  await at.getByRole("button", { name: "Send later" }).click();
  await at.getByRole("dialog", { name: "Send later" }).getByRole("button", { name: /^In 1 hour/ }).click();
  const waiting = at.getByRole("region", { name: "Waiting to leave" });
  await expect(waiting).toContainText("Which one?");
  await expect(goesAlong).toBeHidden();
  await at.reload();
  await waiting.getByRole("button", { name: "Take back" }).click();
  await expect(desk.replyBox).toHaveValue("Which one?");
  await expect(goesAlong).toContainText("Ask, with your reply:Status: Pending");
  await desk.replyBox.press("Enter");
  await expect(desk.message("Which one?")).toBeVisible();
  await expect.poll(async () => (await world.api.conversations.list({ view: "all" })).items[0]?.state).toBe("pending");
});

test("S3-23 S3-48 S3-50 S3-51: a macro fills a new conversation in, is named with what it set, and taken off after a question", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const orders = await world.apiInbox("Orders", support);
  const whatsapp = await world.apiInbox("WhatsApp", support, { window_hours: 24 });
  await world.api.templates.create({ inbox_id: whatsapp.id, name: "hello", language: "en", body: "Hello {{1}}", status: "approved" });
  const form = await world.api.forms.create({ name: "Order", fields: [{ name: "number", label: "Number", type: "number" }] });
  await world.api.macros.create({
    name: "Parcel",
    tags: ["post"],
    effects: { topic: "Parcel", body: "Hi {{customer.first_name}}, it is {{agent.first_name}}.", inbox_id: orders.id, form_id: form.id, fields: { number: "17" }, priority: "high", add_tags: ["parcel"], note: "Called before" },
  });
  const desk = await people.atDesk(ana);
  const at = desk.page;
  const dialog = at.getByRole("dialog", { name: "New conversation" });
  const fills = async () => {
    await dialog.getByRole("button", { name: "Fill in with a macro" }).click();
    const macros = at.getByRole("dialog", { name: "Fill in with a macro" });
    await macros.getByRole("combobox", { name: "Search macros" }).fill("par");
    await macros.getByRole("combobox", { name: "Tag" }).selectOption("post");
    // Shown before it fills anything in (S3-47).
    await expect(macros.getByRole("region", { name: "What it changes" })).toContainText("Called before");
    await macros.getByRole("button", { name: "Apply" }).click();
    await expect(macros).toBeHidden();
  };
  await at.getByRole("button", { name: "New conversation" }).click();
  await dialog.getByRole("textbox", { name: "Message" }).fill("My own words");
  await fills();
  const notice = dialog.getByRole("region", { name: "Filled in by Parcel" });
  for (const text of ["Parcel filled the conversation in", "Topic", "Number", "17", "High", "parcel", "Called before", "Orders"]) await expect(notice).toContainText(text);
  await expect(dialog.getByLabel("Number")).toHaveValue("17");
  await expect(dialog.getByRole("button", { name: "From" })).toHaveText(/Orders/);
  await expect(dialog.getByRole("textbox", { name: "Message" })).toHaveValue("Hi {{customer.first_name}}, it is Ana.");
  expect(await faults(at)).toEqual([]);
  // Taken off, after a question, all is as before.
  await notice.getByRole("button", { name: "Take it off" }).click();
  await at.getByRole("alertdialog").getByRole("button", { name: "Yes, take it off" }).click();
  await expect(notice).toBeHidden();
  await expect(dialog.getByRole("textbox", { name: "Message" })).toHaveValue("My own words");
  await expect(dialog.getByLabel("Number")).toBeHidden();
  await expect(dialog.getByRole("textbox", { name: "Topic" })).toHaveValue("");
  // Again, with a file and an open field that Tab selects.
  await fills();
  await dialog.getByRole("combobox", { name: "To" }).fill("mia@harbour.example");
  await dialog.getByRole("listbox", { name: "Customers" }).getByRole("option").first().click();
  const send = dialog.getByRole("button", { name: "Send", exact: true });
  await expect(dialog.getByText("Fill in the open fields first: customer.first_name")).toBeVisible();
  await expect(send).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Message" }).focus();
  await at.keyboard.press("Tab");
  await at.keyboard.type("Mia");
  await dialog.getByTestId("attach-new").setInputFiles({ name: "list.txt", mimeType: "text/plain", buffer: Buffer.from("one, two") });
  await expect(dialog.getByRole("list", { name: "Goes along" })).toContainText("list.txt");
  await send.click();
  await expect(dialog).toBeHidden();
  await expect(desk.message("Hi Mia, it is Ana.")).toContainText("list.txt");
  await expect(desk.thread).toContainText("Ana Pires applied the macro Parcel: topic, form, Number, tags, priority, note, sender, body");
  await expect(desk.message("Called before")).toBeVisible();
  const [begun] = (await ana.signed.api.conversations.list({ view: "mine" })).items;
  expect([begun?.topic, begun?.form_id, begun?.fields?.["number"], begun?.priority, begun?.tags]).toEqual(["Parcel", form.id, "17", "high", ["parcel"]]);

  // Who never wrote by WhatsApp gets a template first; the text waits for the answer.
  await at.keyboard.press("Escape");
  await at.keyboard.press("+");
  await dialog.getByRole("textbox", { name: "Message" }).fill("How is the lamp?");
  await dialog.getByRole("button", { name: "From" }).click();
  await at.getByRole("option", { name: /WhatsApp/ }).click();
  await dialog.getByRole("combobox", { name: "To" }).fill("+49301234599");
  await dialog.getByRole("listbox", { name: "Customers" }).getByRole("option").first().click();
  const panel = dialog.getByRole("region", { name: "Approved template" });
  await expect(panel).toContainText("has never written here");
  await expect(send).toBeDisabled();
  await panel.getByRole("combobox").selectOption({ label: "hello (en)" });
  await panel.getByLabel("1").fill("Omar");
  await send.click();
  await expect(desk.message("Hello Omar")).toBeVisible();
  await expect(desk.replyBox).toHaveValue("How is the lamp?");
});

test("S3-84 S3-85 S3-88: set-up, details and tags of a conversation; All work is searched and narrowed by disposition", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const inbox = await world.apiInbox("Orders", support);
  await world.api.forms.create({ name: "Order", default_for: [support], fields: [{ name: "number", label: "Number", type: "number" }] });
  await world.api.dispositions.create({ code: "SENT", label: "Sent again" });
  await world.api.tags.save("refund", { color: "#db2777", description: "Money goes back" });
  await world.api.settings.change({ details: { catalogue_only: true, disposition_required: false } });
  const desk = await people.atDesk(ana);
  const at = desk.page;
  await receives(world, inbox, mia, "It never came");
  await receives(world, inbox, { phone: "+49301234568", name: "Omar Haddad" }, "Another matter");
  await desk.opens("It never came");
  // S3-84: from, to, queue, priority and assignee.
  await expect(at.getByRole("region", { name: "Conversation", exact: true })).toContainText("via Orders · +49301234567");
  const header = at.getByRole("region", { name: "Conversation", exact: true }).locator("header").first();
  await expect(header).toContainText("You");
  await expect(header).toContainText("Support");
  await desk.action("More actions").click();
  await at.getByRole("menuitem", { name: /Urgent/ }).click();
  await expect(header).toContainText("Urgent");
  // S3-85: topic, form, disposition, summary, tags of the catalogue.
  const details = at.locator("section").filter({ hasText: "Summary" }).first();
  await details.getByRole("textbox", { name: "Topic" }).fill("Lost parcel");
  await at.keyboard.press("Enter");
  await details.getByRole("textbox", { name: "Number" }).fill("17");
  await at.keyboard.press("Enter");
  await details.getByLabel("Disposition").selectOption("Sent again");
  await details.getByRole("textbox", { name: "Summary" }).fill("We send it again");
  await details.getByRole("textbox", { name: "Topic" }).focus();
  await at.getByRole("button", { name: "Add tag" }).click();
  const tag = at.getByRole("combobox", { name: "Add tag" });
  await tag.fill("made up");
  await expect(at.getByText("The catalogue has no such tag. A supervisor can add it.")).toBeVisible();
  await tag.fill("ref");
  await expect(at.getByRole("option", { name: "refund" })).toBeVisible();
  await tag.press("Enter");
  await expect(at.getByRole("button", { name: "Remove tag refund" })).toBeVisible();
  const noted = async () => {
    const found = (await ana.signed.api.conversations.list({ view: "mine" })).items.find((one) => one.contact_name === "Mia Lund");
    return [found?.topic, found?.fields?.["number"], found?.summary, found?.tags, found?.disposition_id !== undefined, found?.priority];
  };
  await expect.poll(noted).toEqual(["Lost parcel", "17", "We send it again", ["refund"], true, "urgent"]);
  // The colour of the catalogue stands beside the name, in the list, too.
  await expect(desk.list.getByRole("link").filter({ hasText: "Mia Lund" }).locator('[style*="background-color: rgb(219, 39, 119)"]')).toBeVisible();
  // S3-88, and the filter.
  await desk.goTo("/all");
  await expect(desk.entry("Another matter")).toBeVisible();
  await at.getByRole("searchbox", { name: "Filter this list" }).or(at.getByPlaceholder("Filter this list")).first().fill("mia");
  await expect(desk.entry("Another matter")).toBeHidden();
  await expect(desk.entry("It never came")).toBeVisible();
  await at.getByPlaceholder("Filter this list").fill("");
  await at.getByRole("button", { name: /^Filter/ }).first().click();
  const filter = at.getByRole("dialog", { name: "Filter this list" });
  await filter.getByLabel("Sent again").click();
  expect(await faults(at)).toEqual([]);
  await filter.getByRole("button", { name: "Show" }).click();
  await expect(desk.entry("Another matter")).toBeHidden();
  await expect(desk.entry("It never came")).toBeVisible();
});
