import { expect, test } from "../harness/test";

test("the main job needs no mouse: j and k, Enter, r, e, Ctrl-K", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const { keyboard } = desk.page;
  const first = await people.customer();
  await first.writes("First in line");
  await expect(desk.entry("First in line")).toBeVisible();
  const second = await people.customer();
  await second.writes("Second in line");
  await expect(desk.entry("Second in line")).toBeVisible();

  await test.step("j and k move through the list, Enter opens", async () => {
    await keyboard.press("j");
    await expect(desk.entry("First in line").or(desk.entry("Second in line")).and(desk.page.locator(":focus"))).toBeVisible();
    const start = await desk.page.locator(":focus").textContent();
    await keyboard.press("j");
    await expect(desk.page.locator(":focus")).not.toHaveText(start ?? "");
    await keyboard.press("k");
    await expect(desk.page.locator(":focus")).toHaveText(start ?? "");
    await keyboard.press("Enter");
    await expect(desk.thread).toContainText(/(First|Second) in line/);
  });
  const customer = (await desk.thread.textContent())?.includes("First in line") ? first : second;

  await test.step("r answers", async () => {
    await keyboard.press("r");
    await expect(desk.replyBox).toBeFocused();
    await keyboard.type("Answered by keyboard");
    await keyboard.press("Enter");
    await expect(customer.message("Answered by keyboard")).toBeVisible();
    await keyboard.press("Escape");
  });

  await test.step("e solves", async () => {
    await keyboard.press("e");
    await expect(customer.panel).toContainText("This conversation was solved");
  });

  await test.step("Ctrl-K finds any command by name", async () => {
    await keyboard.press("Control+k");
    await keyboard.type("go to history");
    await keyboard.press("Enter");
    await expect(desk.page.getByRole("heading", { name: "History", level: 1 })).toBeVisible();
    await expect(desk.entry("Answered by keyboard")).toBeVisible();
    await keyboard.press("Control+k");
    await keyboard.type("status: away");
    await keyboard.press("Enter");
    await expect.poll(async () => (await ana.signed.api.session.me()).agent.status).toBe("away");
  });

  await test.step("the customer needs none either", async () => {
    await customer.page.keyboard.press("Escape");
    await expect(customer.panel).toBeHidden();
    await expect(customer.launcher).toBeFocused();
    await customer.page.keyboard.press("Enter");
    await expect(customer.text).toBeFocused();
    await customer.page.keyboard.type("one line");
    await customer.page.keyboard.press("Shift+Enter");
    await customer.page.keyboard.type("and another");
    await customer.page.keyboard.press("Enter");
    await expect(customer.message("one line\nand another")).toBeVisible();
  });
});

test("a dialog gives the focus back, so that what is typed next is no shortcut", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const { page } = desk;
  const { keyboard } = page;
  const customer = await people.customer();
  await customer.writes("Where is it?");
  await desk.opens("Where is it?");
  const open = page.locator("[role=dialog], [role=alertdialog]");

  await test.step("half a reply, the palette, and on", async () => {
    await keyboard.press("r");
    await expect(desk.replyBox).toBeFocused();
    await keyboard.type("One moment, ");
    await keyboard.press("Control+k");
    await expect(open).toBeVisible();
    await keyboard.press("Escape");
    await expect(desk.replyBox).toBeFocused();
    await keyboard.type("please");
    await expect(desk.replyBox).toHaveValue("One moment, please");
  });

  await test.step("a dialog that the palette has opened", async () => {
    await keyboard.press("Control+k");
    await keyboard.type("keyboard shortcuts");
    await keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: /shortcuts/i })).toBeVisible();
    await keyboard.press("Escape");
    await expect(desk.replyBox).toBeFocused();
  });

  await test.step("the search in the conversation", async () => {
    await keyboard.press("Control+f");
    await expect(page.getByRole("searchbox", { name: "Find in this conversation" })).toBeFocused();
    await keyboard.press("Escape");
    await expect(desk.replyBox).toBeFocused();
  });

  await test.step("each dialog that a key opens", async () => {
    await desk.thread.focus();
    for (const key of ["t", "z", "w", "m", "?", "q", "+"]) {
      await keyboard.press(key);
      await expect(open, key).toBeVisible();
      await keyboard.press("Escape");
      await expect(open, key).toHaveCount(0);
      await expect(desk.thread, key).toBeFocused();
    }
  });

  await test.step("a dialog that a menu has opened", async () => {
    const more = desk.action("More actions");
    for (const item of ["Transfer", "Close"]) {
      await more.press("Enter");
      await page.getByRole("menuitem", { name: item }).press("Enter");
      await expect(open).toBeVisible();
      await keyboard.press("Escape");
      await expect(open).toHaveCount(0);
      await expect(more).toBeFocused();
    }
  });

  await test.step("what had the focus is gone: the thread has it", async () => {
    await desk.entry("Where is it?").focus();
    await keyboard.press("Control+k");
    await keyboard.type("close");
    await page.getByRole("option", { name: /^Close/ }).first().click();
    await page.getByRole("button", { name: "Yes, close" }).click();
    await expect(desk.entry("Where is it?")).toHaveCount(0);
    await expect(desk.thread).toBeFocused();
  });
});
