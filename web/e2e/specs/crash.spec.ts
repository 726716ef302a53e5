import { type Page, type Route } from "@playwright/test";
import { expect, test } from "../harness/test";

test("nothing is lost or doubled when the server is killed between message and reply, and both sides reconnect", async ({
  world,
  people,
}) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("Before the crash");
  await desk.opens("Before the crash");
  await expect(desk.replyBox).toBeVisible();

  await world.server.kill();
  await expect(customer.panel).toContainText("The connection is lost. Trying again…");
  await customer.sends("Written while it was down");
  await desk.replyBox.fill("Answered while it was down");
  await desk.replyBox.press("Enter");
  await world.server.run();

  await expect(desk.message("Written while it was down")).toBeVisible({ timeout: 20_000 });
  await expect(customer.message("Answered while it was down")).toBeVisible({ timeout: 20_000 });
  await expect(customer.panel).not.toContainText("The connection is lost");
  await customer.writes("After the crash");
  await desk.replies("Answered after the crash");
  await expect(customer.message("Answered after the crash")).toBeVisible();

  const all = [
    "After the crash",
    "Answered after the crash",
    "Answered while it was down",
    "Before the crash",
    "Written while it was down",
  ];
  const threads = async () => [(await customer.texts()).slice(1).sort(), (await desk.texts()).sort()];
  await expect.poll(threads).toEqual([all, all]);
  await Promise.all([customer.page.reload(), desk.page.reload()]);
  await expect.poll(threads, "also in what the server stored").toEqual([all, all]);
});

test("a message that was answered to the customer but not to the agent's desk reaches it after a restart", async ({
  world,
  people,
}) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  for (let round = 1; round <= 3; round++) {
    await customer.writes(`Message ${round}`);
    await world.server.kill();
    await world.server.run();
  }
  await desk.opens("Message 3");
  await expect.poll(() => desk.texts(), { timeout: 20_000 }).toEqual(["Message 1", "Message 2", "Message 3"]);
  await desk.replies("All three are here");
  await expect(customer.message("All three are here")).toBeVisible({ timeout: 20_000 });
});

test("what the server stored before it was killed, but could not answer any more, is there once", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("First");
  await desk.opens("First");

  /** The next message of a page arrives; then the server dies, and the page never hears of it. */
  const unanswered = async (page: Page, send: () => Promise<void>) => {
    let stored = false;
    const cut = async (route: Route) => {
      stored = (await route.fetch()).ok();
      await world.server.kill();
      await route.abort();
    };
    await page.route("**/messages", cut, { times: 1 });
    const failed = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/messages"));
    await send();
    await failed;
    expect(stored).toBe(true);
    await world.server.run();
  };
  await unanswered(customer.page, () => customer.sends("Sent once"));
  await expect(customer.message("Sent once")).not.toHaveClass(/waiting|failed/, { timeout: 20_000 });
  await expect(desk.message("Sent once")).toBeVisible({ timeout: 20_000 });
  await unanswered(desk.page, async () => {
    await desk.replyBox.fill("Answered once");
    await desk.replyBox.press("Enter");
  });
  await expect(desk.message("Answered once")).toBeVisible({ timeout: 20_000 });
  await expect(customer.message("Answered once")).toBeVisible({ timeout: 20_000 });

  const thread = ["First", "Sent once", "Answered once"];
  await Promise.all([customer.page.reload(), desk.page.reload()]);
  await expect.poll(async () => (await customer.texts()).slice(1)).toEqual(thread);
  await expect.poll(() => desk.texts()).toEqual(thread);
});

test("what is opened for the first time while the server is away comes once it is back, and nothing breaks", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const { page, ...desk } = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("Is it open?");
  await page.getByRole("link", { name: /Is it open/ }).click();
  await expect(desk.replyBox).toBeVisible();
  await world.server.kill();
  await page.getByRole("button", { name: "Transfer" }).click();
  await expect(page.getByText(/Connection lost/)).toBeVisible();
  await world.server.run();
  await expect(page.getByRole("dialog", { name: /Transfer/ })).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press("Escape");

  await world.server.kill();
  await page.getByRole("link", { name: "Customers" }).click();
  await expect(page.getByText(/Connection lost/)).toBeVisible();
  await world.server.run();
  await expect(page.getByRole("heading", { name: "Customers", level: 1 })).toBeVisible({ timeout: 30_000 });
});
