import { readFile } from "node:fs/promises";
import { faults } from "../harness/axe";
import { expect, test, there } from "../harness/test";

// S3-54, S3-55, S3-56: what is known of customers, and who is the same person.
test("a customer is found, described, merged and taken apart again", async ({ world, people }) => {
  const desk = await people.atDesk(world.admin);
  const { page } = desk;
  const { api } = world.admin.signed;
  const ada = await api.customers.create({ name: "Ada Lovelace", points: ["+49 30 901820"] });
  await api.customers.create({ name: "Augusta King", points: ["augusta@example.com"] });

  await test.step("an admin adds an attribute", async () => {
    await desk.goTo("/admin/attributes");
    await page.getByRole("button", { name: "New attribute" }).click();
    const dialog = page.getByRole("dialog", { name: "New attribute" });
    await dialog.getByLabel("Label").fill("Born");
    await dialog.getByLabel("Type").selectOption("Date");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("row", { name: /Born/ })).toBeVisible();
  });

  await test.step("the list is searched", async () => {
    await desk.goTo("/customers");
    await expect(page.getByRole("heading", { name: "Customers", level: 1 })).toBeVisible();
    await page.getByRole("searchbox", { name: "Search customers" }).fill("lovel");
    await expect(page.getByRole("link", { name: "Augusta King" })).toBeHidden();
    await page.getByRole("link", { name: "Ada Lovelace" }).click();
    await expect(page.getByRole("heading", { name: "Ada Lovelace", level: 1 })).toBeVisible();
  });

  await test.step("attributes are checked", async () => {
    await page.getByRole("button", { name: "Set Country" }).click();
    await page.getByRole("textbox", { name: "Country" }).fill("Atlantis");
    await page.keyboard.press("Enter");
    await expect(page.getByText("not a country")).toBeVisible();
    await page.getByRole("button", { name: "Set Country" }).click();
    await page.getByRole("textbox", { name: "Country" }).fill("gb");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Change Country: United Kingdom" })).toBeVisible();
  });

  await test.step("an address of somebody else leads to merging", async () => {
    await page.getByRole("button", { name: "Add contact point" }).click();
    await page.getByLabel("Phone number, e-mail address or @handle").fill("Augusta@example.com");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("alert")).toContainText("already belongs to Augusta King");
    await page.getByRole("button", { name: "Compare with Augusta King" }).click();
    const dialog = page.getByRole("dialog", { name: "Merge two customers" });
    await expect(dialog).toContainText("augusta@example.com");
    await dialog.getByRole("button", { name: "Merge", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("main")).toContainText("augusta@example.com");
    expect((await api.customers.read(ada.id)).points).toHaveLength(2);
  });

  await test.step("undo makes them two again", async () => {
    await page.getByRole("button", { name: "Undo the merge with Augusta King" }).click();
    await expect(page.getByRole("button", { name: "Undo the merge with Augusta King" })).toBeHidden();
    expect((await api.customers.read(ada.id)).points).toHaveLength(1);
  });

  await test.step("one person is erased after the name was typed", async () => {
    await page.getByRole("button", { name: "Erase" }).click();
    const dialog = page.getByRole("dialog", { name: "Erase what is known of Ada Lovelace?" });
    await expect(dialog.getByRole("button", { name: "Erase for good" })).toBeDisabled();
    await dialog.getByLabel("Type Ada Lovelace to confirm").fill("Ada Lovelace");
    await dialog.getByRole("button", { name: "Erase for good" }).click();
    await expect(page.getByText("What was known of this person was erased")).toBeVisible();
  });
});

// S3-56: an unknown customer's conversation is linked to a known one, and a wrong one unlinked.
test("S3-56: a visitor's conversation is linked to the customer who wrote it, stands in their history, and is unlinked again", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const orders = await world.apiInbox("Orders", support);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const { page } = desk;
  await world.receives(orders, { phone: "+49301234567", name: "Mia Lund" }, "Where is my parcel?");
  const visitor = await people.customer();
  await visitor.writes("It is me again, from the website");
  await desk.opens("It is me again, from the website");
  const panel = page.getByRole("complementary");

  await panel.getByRole("button", { name: "Link to a customer" }).click();
  const dialog = page.getByRole("dialog", { name: "Link to a customer" });
  await dialog.getByRole("searchbox", { name: "Search customers" }).fill("1234567");
  expect(await faults(page)).toEqual([]);
  await dialog.getByRole("button", { name: /Mia Lund/ }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("heading", { name: /Mia Lund/ }).first()).toBeVisible();
  await expect(panel.getByText("Where is my parcel?")).toBeVisible();
  await expect(panel.getByRole("button", { name: "Link to a customer" })).toBeHidden();
  const mia = there((await world.api.customers.list({ q: "Mia" })).items[0]);
  expect((await world.api.customers.history(mia.id, "")).items).toHaveLength(2);

  await panel.getByRole("button", { name: "Not this customer" }).click();
  const confirm = page.getByRole("alertdialog", { name: "Take this conversation from Mia Lund?" });
  await confirm.getByRole("button", { name: "Unlink" }).click();
  await expect(page.getByText("Unlinked. The address went with it to a new, unknown customer.")).toBeVisible();
  await expect(panel.getByRole("button", { name: "Link to a customer" })).toBeVisible();
  await expect(panel.getByText("Where is my parcel?")).toBeHidden();
  expect((await world.api.customers.history(mia.id, "")).items).toHaveLength(1);
});

// S3-25, S3-57…S3-61: two customers with an open conversation each in one inbox.
test("S3-57 T14: merging two customers shows what moves, makes one thread of two that are open, and is undone", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const orders = await world.apiInbox("Orders", support);
  await people.atDesk(ana);
  await world.receives(orders, { phone: "+49301234567", name: "Mia Lund" }, "Where is my parcel?");
  await world.receives(orders, { email: "mia@harbour.example", name: "M. Lund" }, "I still wait");
  const desk = await people.atDesk(world.admin);
  const { page } = desk;
  await desk.goTo("/customers");
  await page.getByRole("link", { name: "Mia Lund" }).click();
  await page.getByRole("button", { name: "Merge with another customer" }).click();
  await page.getByRole("dialog").getByRole("searchbox", { name: "Search customers" }).fill("M. Lund");
  await page.getByRole("dialog").getByRole("button", { name: /M\. Lund/ }).click();

  const dialog = page.getByRole("dialog", { name: "Merge two customers" });
  await expect(dialog).toContainText("Mia Lund stays and takes over what M. Lund has.");
  await expect(dialog).toContainText("Contact points: mia@harbour.example");
  await expect(dialog).toContainText("Both have one in Orders. The two become one thread");
  await expect(dialog.getByRole("radio", { name: /Where is my parcel\?/ })).toBeChecked();
  await dialog.getByRole("radio", { name: /I still wait/ }).check();
  expect(await faults(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(dialog).toBeHidden();

  await world.receives(orders, { phone: "+49301234567" }, "Hello?");
  await desk.goTo("/all");
  await expect(desk.list.getByRole("link")).toHaveCount(1);
  await desk.opens("Hello?");
  await expect.poll(() => desk.texts()).toEqual(["Where is my parcel?", "I still wait", "Hello?"]);

  await desk.goTo("/customers");
  await page.getByRole("link", { name: "Mia Lund" }).click();
  await page.getByRole("button", { name: "Undo the merge with M. Lund" }).click();
  await expect(page.getByRole("button", { name: "Undo the merge with M. Lund" })).toBeHidden();
  await desk.goTo("/all");
  await expect(desk.list.getByRole("link")).toHaveCount(2);
  await desk.opens("Where is my parcel?");
  await expect.poll(() => desk.texts()).toEqual(["Where is my parcel?"]);
});

test("customers come from a CSV file after a look at each line, duplicates among them are told apart, and they go into a file", async ({ world, people }) => {
  const desk = await people.atDesk(world.admin);
  const { page } = desk;
  await world.api.customers.create({ name: "Ada Lovelace", points: ["+49 30 901820"] });
  await desk.goTo("/customers");

  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog", { name: "Import customers" });
  const csv = ["name,points,tags,country,city", "Ada King,+49 30 901820,vip,gb,London", "Charles,charles@example.com,,gb,London", "Nobody,,,Atlantis,", '"Charly","charly@example.com;+4930901820 is not one",,,'].join("\n");
  await dialog.getByLabel("CSV file").setInputFiles({ name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(dialog).toContainText("Of 4 lines: 1 new, 1 changed, 0 as they are, 2 bad.");
  await expect(dialog.getByRole("row", { name: /Nobody/ })).toContainText("not a country");
  await expect(dialog.getByRole("row", { name: /Charly/ })).toBeVisible();
  expect(await faults(page)).toEqual([]);
  expect((await world.api.customers.list({ q: "Charles" })).items, "nothing is stored before").toHaveLength(0);
  await dialog.getByRole("button", { name: "Import" }).click();
  await expect(dialog).toContainText("Imported: 1 new, 1 changed");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("link", { name: "Charles" })).toBeVisible();
  expect(there((await world.api.customers.list({ q: "901820" })).items[0]).tags).toEqual(["vip"]);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  const file = await (await download).path();
  const lines = (await readFile(file, "utf8")).trim().split("\r\n").join("\n").split("\n");
  expect(lines[0]).toContain("name");
  expect(lines.filter((line) => /Charles|Ada/.test(line))).toHaveLength(2);

  // A phone number that stands in an attribute is the same person's, perhaps.
  const charles = there((await world.api.customers.list({ q: "Charles" })).items[0]);
  await world.api.contacts.setFields(charles.id, { second_phone: "+49 30 901820" });
  await page.getByRole("link", { name: "Duplicates" }).click();
  await expect(page.getByRole("heading", { name: "Duplicates", level: 1 })).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("list", { name: "Duplicates" })).toContainText("The same phone number", { timeout: 4_000 });
  }).toPass();
  expect(await faults(page)).toEqual([]);
  await page.getByRole("button", { name: "Compare and merge" }).click();
  await expect(page.getByRole("dialog", { name: "Merge two customers" })).toContainText("Charles");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Not the same" }).click();
  await expect(page.getByText("No duplicates")).toBeVisible();

  // One person's data on request.
  await desk.goTo(`/customers/${charles.id}`);
  const dossier = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export this person's data" }).click();
  expect((await dossier).suggestedFilename()).toMatch(/\.zip$/);
  await page.reload();
  await expect(page.getByText("Data handed out")).toBeVisible();
});
