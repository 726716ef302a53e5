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
