import { expect, test } from "../harness/test";

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
