import { expect, test } from "../harness/test";

test("S3-29 S3-30 S3-31: one looks through conversations, messages and customers while typing", async ({ world, people }) => {
  const support = await world.queue("Support");
  const sales = await world.queue("Sales");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const ben = await world.person("Ben Sauer", [{ id: sales, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const { page } = desk;
  const first = await people.customer();
  await first.writes("My package to Große Straße is late");
  await expect(desk.entry("Große Straße")).toBeVisible();
  await desk.opens("Große Straße");
  await desk.replies("We will look for the package");
  const { items } = await ana.signed.api.conversations.list({ view: "mine" });
  const contact = items[0]?.contact_id ?? "";
  await ana.signed.api.contacts.rename(contact, "Jürgen Müller");
  const second = await people.customer();
  await second.writes("Another thing entirely");
  await desk.opens("Another thing");

  const dialog = page.getByRole("dialog", { name: "Search everywhere" });
  const box = dialog.getByRole("combobox", { name: "Search everywhere" });
  /** Types until the index, which follows behind, has it. */
  const finds = async (text: string, what: string | RegExp) => {
    await expect(async () => {
      await box.fill("");
      await box.fill(text);
      await expect(dialog.getByRole("option").filter({ hasText: what }).first()).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
  };

  await test.step("three groups, without regard to case and accents, hits marked", async () => {
    await page.keyboard.press("q");
    await expect(box).toBeFocused();
    await finds("PACK", "My package to Große Straße is late");
    await expect(dialog.getByRole("option").filter({ hasText: "We will look for" })).toBeVisible();
    await expect(dialog.locator("mark").first()).toHaveText("package");
    await finds("strasse", "Große Straße");
    await finds("mueller", "Jürgen Müller");
    await expect(dialog.getByRole("group", { name: "Customers" })).toContainText("Jürgen Müller");
    await expect(dialog.getByRole("group", { name: "Conversations" })).toContainText("Jürgen Müller");
    await finds("mulelr", "Jürgen Müller");
    await expect(dialog.getByText("No customer is called “mulelr”")).toBeVisible();
  });

  await test.step("a message opens its conversation there", async () => {
    await finds("große straße", "My package");
    await dialog.getByRole("option").filter({ hasText: "My package" }).click();
    await expect(dialog).toBeHidden();
    await expect(desk.message("My package to Große Straße is late")).toBeInViewport();
    await expect(page.locator("li[data-seq].bg-accent-soft")).toContainText("My package");
  });

  await test.step("recent searches, by keyboard only", async () => {
    await page.getByRole("region", { name: "Thread" }).focus();
    await page.keyboard.press("Control+Shift+F");
    await expect(dialog.getByRole("option", { name: "große straße" })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(box).toHaveValue("große straße");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  });

  await test.step("a customer opens beside their conversation", async () => {
    await page.keyboard.press("Control+Shift+F");
    await finds("jürgen", "Jürgen Müller");
    await dialog.getByRole("group", { name: "Customers" }).getByRole("option").first().click();
    await expect(page.getByRole("complementary", { name: "Customer" })).toContainText("Jürgen Müller");
  });

  await test.step("whoever may not see it does not find it", async () => {
    const other = await people.atDesk(ben);
    await other.page.keyboard.press("q");
    const theirs = other.page.getByRole("dialog", { name: "Search everywhere" });
    await theirs.getByRole("combobox", { name: "Search everywhere" }).fill("package");
    await expect(theirs.getByText("Nothing found for “package”.")).toBeVisible();
    await theirs.getByRole("combobox", { name: "Search everywhere" }).fill("müller");
    await expect(theirs.getByText("Nothing found for “müller”.")).toBeVisible();
  });
});

test("S3-32: one finds a text in all of a long conversation and jumps to the message", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const { page } = desk;
  const customer = await people.customer();
  await customer.writes("The VOUCHER does not work");
  await expect(desk.entry("VOUCHER")).toBeVisible();
  const { items } = await ana.signed.api.conversations.list({ view: "mine" });
  const id = items[0]?.id ?? "";
  for (let n = 0; n < 500; n++) await ana.signed.api.conversations.note(id, `Note number ${n}`, `n${n}`);
  await ana.signed.api.conversations.note(id, "The voucher was renewed", "last");
  await page.reload();
  await desk.goTo(`/mine/${id}`);
  await expect(desk.message("The voucher was renewed")).toBeVisible();
  await expect(desk.message("The VOUCHER does not work")).toHaveCount(0); // not loaded

  await page.getByRole("region", { name: "Thread" }).focus();
  await page.keyboard.press("Control+f");
  const bar = page.getByRole("search", { name: "Find in this conversation" });
  const box = bar.getByRole("searchbox");
  await expect(box).toBeFocused();
  await box.pressSequentially("vouch");
  await box.press("Enter"); // at once: the step waits for what was typed
  await expect(bar.getByRole("button", { name: /Jump to message/ })).toHaveCount(2);
  await expect(bar.getByRole("status")).toHaveText("2 of 2");
  await expect(desk.message("The voucher was renewed")).toBeInViewport();
  await box.press("Enter");
  await expect(bar.getByRole("status")).toHaveText("1 of 2");
  await expect(desk.message("The VOUCHER does not work")).toBeInViewport();
  expect(await page.evaluate(() => CSS.highlights.get("found")?.size)).toBe(1);

  await page.getByRole("button", { name: "To the newest messages" }).click();
  await expect(desk.message("The voucher was renewed")).toBeInViewport();
  await box.fill("nothing like it");
  await expect(bar.getByRole("status")).toHaveText("0 found");
  await box.press("Escape");
  await expect(bar).toBeHidden();
});
