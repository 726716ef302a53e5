import { faults } from "../harness/axe";
import { type Asked, Model, WebhookBot } from "../harness/bot";
import { expect, test } from "../harness/test";

/** Asks what the customer wants, then for the number, then gives up. */
function robin({ messages }: Asked) {
  const said = messages.at(-1)?.body ?? "";
  if (/^refund$/i.test(said)) return { messages: [{ text: "Of course. What is your order number?" }] };
  if (/^\d+$/.test(said)) {
    const fields = { order_number: said, wants: "refund" };
    return {
      messages: [{ text: "Thank you. A colleague will see to it." }],
      actions: [
        { type: "tag", tags: ["returns"] },
        { type: "handoff", reason: "Refund over 100 €", summary: "The lamp arrived broken.", fields },
      ],
    };
  }
  return { messages: [{ text: "Refund or exchange?", buttons: ["Refund", "Exchange"] }] };
}

test("S3-87: a bot answers with buttons and hands off; the agent sees why, gives it back, and a supervisor takes over", async ({ world, people }) => {
  const support = await world.queue("Support");
  const serves = [{ id: support, can_reply: true }];
  const ana = await world.person("Ana Pires", serves);
  const cleo = await world.person("Cleo Marsh", serves, "supervisor");
  const inbox = await world.webInbox(support);
  const bot = await WebhookBot.start(robin);
  await bot.joins(world, "Robin", inbox.id);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();

  await test.step("the bot answers; the view All chatbots shows it, with its count", async () => {
    await customer.writes("My lamp is broken");
    await expect(customer.message("Refund or exchange?")).toBeVisible();
    await expect(desk.page.getByRole("link", { name: "All chatbots 1" })).toBeVisible();
    await desk.page.getByRole("link", { name: "All chatbots 1" }).click();
    await desk.opens("Refund or exchange?");
    await expect(desk.page.getByText(/Robin the bot is answering/)).toBeVisible();
    await expect(desk.thread.getByRole("list", { name: "Answers offered" })).toContainText("Exchange");
    await desk.goTo("/mine");
  });

  await test.step("it hands off: the agent is told, and finds reason, summary, fields and tag", async () => {
    await customer.panel.getByRole("button", { name: "Refund", exact: true }).click();
    await expect(customer.message("What is your order number?")).toBeVisible();
    await customer.writes("7781");
    await expect(desk.notifications).toContainText("handed off by Robin: Refund over 100 €");
    await expect(desk.page).toHaveTitle(/^\(1\) /);
    await desk.page.getByRole("button", { name: "Notifications, 1 unread" }).click();
    await desk.page.getByRole("dialog", { name: "Notifications" }).getByRole("link", { name: /Handed off/ }).click();
    const card = desk.thread.getByRole("region", { name: "Handed off by Robin" });
    await expect(card).toContainText("Refund over 100 €");
    await expect(card).toContainText("The lamp arrived broken.");
    await expect(card).toContainText("Order number: 7781");
    await expect(desk.page).toHaveTitle(/^My work/);
    const panel = desk.page.getByRole("complementary", { name: "Customer" });
    await expect(panel.getByRole("button", { name: "Change Order number: 7781" })).toBeVisible();
    await expect(panel.getByRole("button", { name: "Remove tag returns" })).toBeVisible();
    expect(await faults(desk.page)).toEqual([]);
  });

  await test.step("the transcript is folded, opens by keyboard, and is found open after a reload", async () => {
    await expect(desk.thread.getByText("Refund or exchange?")).toHaveCount(0);
    const fold = desk.thread.getByRole("button", { name: /messages with Robin the bot/ });
    await fold.press("Enter");
    await expect(desk.thread.getByText("Refund or exchange?")).toBeVisible();
    await desk.page.reload();
    await expect(desk.thread.getByText("Refund or exchange?")).toBeVisible();
    await expect(desk.thread.getByRole("listitem").filter({ hasText: "Refund, chosen" }).first()).toBeVisible();
  });

  await test.step("the agent gives it back to the bot, which goes on", async () => {
    await desk.page.keyboard.press("b");
    await desk.page.getByRole("dialog", { name: "Give to a bot" }).getByRole("button", { name: "Give to bot" }).click();
    await expect(desk.page.getByText(/Robin the bot is answering/)).toBeVisible();
    await customer.writes("One more thing");
    await expect(customer.message("Refund or exchange?").nth(1)).toBeVisible();
  });

  await test.step("a supervisor reads along in All chatbots and takes over", async () => {
    const hers = await people.atDesk(cleo);
    await hers.goTo("/chatbots");
    await hers.opens("Refund or exchange?");
    await hers.action("Take over").click();
    await hers.replies("Cleo here, I will see to it.");
    await expect(customer.message("Cleo here, I will see to it.")).toBeVisible();
    await expect(hers.page.getByRole("link", { name: "All chatbots 0" })).toBeVisible();
    const before = bot.asked.length;
    await customer.writes("Thank you!");
    await expect(hers.message("Thank you!")).toBeVisible();
    expect(bot.asked, "the bot is asked no more").toHaveLength(before);
  });
  await bot.dies();
});

test("a bot that is down hands off by itself, with its apology", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const inbox = await world.webInbox(support);
  const bot = await WebhookBot.start(robin);
  await bot.joins(world, "Robin", inbox.id, { timeout_seconds: 5, apology: "Sorry, a colleague takes over." });
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("My lamp is broken");
  await expect(customer.message("Refund or exchange?")).toBeVisible();

  await bot.dies();
  await customer.writes("It is the red one");
  await expect(customer.message("Sorry, a colleague takes over.")).toBeVisible({ timeout: 30_000 });
  await desk.opens("Sorry, a colleague takes over.");
  await expect(desk.thread.getByRole("region", { name: "Handed off by Robin" })).toBeVisible();
  await desk.replies("Ana here. Which lamp is it?");
  await expect(customer.message("Ana here. Which lamp is it?")).toBeVisible();
});

test("an admin connects a bot, tries it, lets it answer first, and deletes it", async ({ world, people }) => {
  const support = await world.queue("Support");
  await world.webInbox(support);
  const bot = await WebhookBot.start(robin);
  const desk = await people.atDesk(world.admin);
  await desk.goTo("/admin/bots");
  const main = desk.page.getByRole("main");
  await expect(main).toContainText("No bot yet");
  await main.getByRole("button", { name: "New bot" }).first().click();
  const dialog = desk.page.getByRole("dialog", { name: "New bot" });
  await dialog.getByLabel("Kind").selectOption("Webhook");
  await dialog.getByLabel("Name").fill("Robin");
  await dialog.getByLabel("Address").fill(bot.url);
  await dialog.getByLabel("Time-out in seconds").fill("2");
  await dialog.getByRole("button", { name: "Create bot" }).click();
  expect(await dialog.getByLabel("Time-out in seconds").evaluate((input: HTMLInputElement) => input.validity.rangeUnderflow)).toBe(true);
  await dialog.getByLabel("Time-out in seconds").fill("20");
  await dialog.getByRole("button", { name: "Create bot" }).click();
  const secrets = desk.page.getByRole("dialog", { name: "Secrets of Robin" });
  await expect(secrets.getByRole("code")).not.toHaveCount(0);
  await secrets.getByRole("button", { name: "Done" }).click();
  expect(await faults(desk.page)).toEqual([]);

  await main.getByRole("row", { name: "Robin" }).getByRole("button", { name: "Try it" }).click();
  const trial = desk.page.getByRole("dialog", { name: "Try Robin" });
  await trial.getByLabel("What a customer writes").fill("My lamp is broken");
  await trial.getByLabel("What a customer writes").press("Enter");
  await trial.getByRole("button", { name: "Refund", exact: true }).click();
  await expect(trial.getByRole("log")).toContainText("What is your order number?");
  await trial.getByLabel("What a customer writes").fill("7781");
  await trial.getByLabel("What a customer writes").press("Enter");
  await expect(trial.getByRole("log")).toContainText("Hands off to");
  expect(await faults(desk.page)).toEqual([]);
  await trial.getByRole("button", { name: "Close dialog" }).click();

  await desk.goTo("/admin/inboxes");
  await main.getByRole("region", { name: "Website" }).getByRole("button", { name: "Edit" }).click();
  await desk.page.getByRole("dialog").getByLabel("Answered first by").selectOption("Robin");
  await desk.page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(main.getByRole("region", { name: "Website" })).toContainText("Robin answers first");

  await desk.goTo("/admin/bots");
  await main.getByRole("button", { name: "Actions for Robin" }).click();
  await desk.page.getByRole("menuitem", { name: "Delete" }).click();
  await desk.page.getByRole("button", { name: "Yes, delete" }).click();
  await expect(desk.page.getByRole("alertdialog"), "an inbox needs it").toContainText("answers first in the inbox Website");
  await bot.dies();
});

test("S5-19: a language model suggests, rewrites and summarises; nothing is sent without the agent", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("My lamp is broken");
  await desk.opens("My lamp is broken");
  await expect(desk.page.getByRole("button", { name: "Suggest a reply" }), "off by default").toHaveCount(0);

  const model = await Model.start();
  await model.helps(world);
  await test.step("a suggestion is a draft, and is taken back", async () => {
    model.says = () => "I am sorry. May I send you a new one?";
    await desk.page.getByRole("button", { name: "Suggest a reply" }).click();
    await expect(desk.replyBox).toHaveValue("I am sorry. May I send you a new one?");
    await expect(desk.page.getByText("A suggestion. Read it before you send it.")).toBeVisible();
    expect(await desk.texts(), "nothing was sent").toEqual(["My lamp is broken"]);
    await desk.replyBox.press("Control+z");
    await expect(desk.replyBox).toHaveValue("");
  });

  await test.step("another tone, by the menu, with undo", async () => {
    model.says = (chat) => (chat[0]?.content.includes("more formal") ? "We apologise for the inconvenience." : "?");
    await desk.replyBox.fill("sorry about that");
    await desk.page.getByRole("button", { name: "Change the tone" }).click();
    await desk.page.getByRole("menuitem", { name: "More formal" }).click();
    await expect(desk.replyBox).toHaveValue("We apologise for the inconvenience.");
    expect(await faults(desk.page)).toEqual([]);
    await desk.page.getByRole("button", { name: "Undo" }).click();
    await expect(desk.replyBox).toHaveValue("sorry about that");
  });

  await test.step("a slow model is cancelled, a failing one explains itself, and the text stays", async () => {
    let speak: (text: string) => void = () => undefined;
    model.says = () => new Promise((resolve) => (speak = resolve));
    await desk.replyBox.press("Control+i");
    await expect(desk.page.getByText("Writing a suggestion …")).toBeVisible();
    await desk.replyBox.press("Escape");
    await expect(desk.page.getByText("Writing a suggestion …")).toHaveCount(0);
    speak("too late");
    model.fails = 400;
    await desk.replyBox.press("Control+i");
    await expect(desk.page.getByRole("button", { name: "Try again" })).toBeVisible();
    await expect(desk.replyBox).toHaveValue("sorry about that");
    model.fails = 0;
  });

  await test.step("the summary fills the reason of a transfer", async () => {
    model.says = (chat) => (chat[0]?.content.startsWith("Summarize") ? "Broken lamp; wants a new one." : "?");
    await desk.action("Transfer").click();
    const dialog = desk.page.getByRole("dialog", { name: "Transfer conversation" });
    await dialog.getByRole("button", { name: "Summarise the conversation" }).click();
    await expect(dialog.getByLabel("Reason")).toHaveValue("Broken lamp; wants a new one.");
  });
  expect(await customer.texts(), "the customer got nothing").not.toContain("We apologise for the inconvenience.");
  await model.stop();
});

test("tags and fields are edited by keyboard, and a colleague sees them at once", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("My lamp is broken");
  await desk.opens("My lamp is broken");
  const panel = desk.page.getByRole("complementary", { name: "Customer" });
  await panel.getByRole("button", { name: "Add tag" }).click();
  await desk.page.keyboard.type("damaged goods");
  await desk.page.keyboard.press("Enter");
  await desk.page.keyboard.press("Escape");
  await expect(panel.getByRole("button", { name: "Remove tag damaged goods" })).toBeVisible();
  await panel.getByRole("button", { name: "Add field to this conversation" }).click();
  await panel.getByLabel("Name of the field").fill("Order number");
  await panel.getByLabel("Value of the field").fill("7781");
  await panel.getByLabel("Value of the field").press("Enter");
  await expect(panel.getByRole("button", { name: "Change Order number: 7781" })).toBeVisible();
  expect(await faults(desk.page)).toEqual([]);

  const other = await people.atDesk(world.admin);
  await other.goTo(new URL(desk.page.url()).pathname.replace("/mine/", "/all/"));
  const theirs = other.page.getByRole("complementary", { name: "Customer" });
  await expect(theirs.getByRole("button", { name: "Remove tag damaged goods" })).toBeVisible();
  await panel.getByRole("button", { name: "Change Order number: 7781" }).click();
  await panel.getByRole("textbox", { name: "Order number" }).fill("7782");
  await panel.getByRole("textbox", { name: "Order number" }).press("Enter");
  await expect(theirs.getByRole("button", { name: "Change Order number: 7782" })).toBeVisible();
});
