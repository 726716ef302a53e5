import { faults } from "../harness/axe";
import type { Desk } from "../harness/desk";
import { expect, test } from "../harness/test";
import type { World } from "../harness/world";

// S3-44…S3-51, S3-85: texts, macros, and what is noted about conversations.

const serves = (...queues: string[]) => queues.map((id) => ({ id, can_reply: true }));

/** An inbox of the API channel, as a bridge to WhatsApp would use it; nobody listens at its address. */
async function apiInbox(world: World, name: string, queue_id: string, more: object = {}): Promise<{ id: string; token: string }> {
  const { inbox, secrets } = await world.api.inboxes.create({ channel: "api", name, queue_id, enabled: true, options: {}, ...more });
  return { id: inbox.id, token: secrets["token"] ?? "" };
}

/** Opens a page of the navigation and waits for its heading. */
async function page(desk: Desk, link: string): Promise<void> {
  await desk.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link, exact: true }).click();
  await expect(desk.page.getByRole("heading", { name: link, level: 1 })).toBeVisible();
}

test("S3-45 S3-85: an admin makes a template, a form, dispositions and tags", async ({ world, people }) => {
  const support = await world.queue("Support");
  await apiInbox(world, "WhatsApp", support, { window_hours: 24 });
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
    await expect(dialog.getByRole("status")).toContainText("become one");
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
