import { expect, test } from "../harness/test";

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
  await expect(desk.page.getByText(/^Snoozed until/).first()).toBeVisible();
});
