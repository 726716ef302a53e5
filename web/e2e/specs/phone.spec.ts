import { expect, test } from "../harness/test";
import { serves } from "../harness/world";

test("S3-86 C14: on a phone an agent begins a conversation, with a template where the channel demands one", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  await world.apiInbox("Orders", support);
  const whatsapp = await world.apiInbox("WhatsApp", support, { window_hours: 24 });
  await world.api.templates.create({ inbox_id: whatsapp.id, name: "hello", language: "en", body: "Hello {{1}}, your lamp is ready.", status: "approved" });
  const desk = await people.atDesk(ana);
  const at = desk.page;
  await at.setViewportSize({ width: 390, height: 844 });
  const dialog = at.getByRole("dialog", { name: "New conversation" });
  const to = async (address: string) => {
    await dialog.getByRole("combobox", { name: "To" }).fill(address);
    await dialog.getByRole("listbox", { name: "Customers" }).getByRole("option").first().click();
  };
  const from = async (inbox: RegExp) => {
    await dialog.getByRole("button", { name: "From" }).click();
    await at.getByRole("option", { name: inbox }).click();
  };

  await at.getByRole("button", { name: "New conversation" }).click();
  await from(/Orders/);
  await to("mia@harbour.example");
  await dialog.getByRole("textbox", { name: "Message" }).fill("Your lamp is ready.");
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  await expect(desk.message("Your lamp is ready.")).toBeVisible();

  await desk.goTo("/mine");
  await at.getByRole("button", { name: "New conversation" }).click();
  await from(/WhatsApp/);
  await to("+49301234599");
  const panel = dialog.getByRole("region", { name: "Approved template" });
  await panel.getByRole("combobox").selectOption({ label: "hello (en)" });
  await panel.getByLabel("1").fill("Omar");
  const overflow = await at.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, "pixels that stick out").toBeLessThanOrEqual(0);
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  await expect(desk.message("Hello Omar, your lamp is ready.")).toBeVisible();
});

test("on a phone, in German, an inbox's buttons leave its name and channel readable", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ada = await world.person("Ada", [], "admin");
  await world.webInbox(support);
  const context = await people.context({ locale: "de-DE", viewport: { width: 390, height: 844 } });
  await context.addCookies(ada.signed.cookies);
  const page = await context.newPage();
  await page.goto(`${world.server.url}/admin/inboxes`);
  const card = page.getByRole("region", { name: "Website" });
  const channel = await card.getByText("Web-Chat · Support").boundingBox();
  const preview = await card.getByRole("button", { name: "Vorschau" }).boundingBox();
  if (!channel || !preview) throw new Error("they are not there");
  expect(channel.height, "on one line").toBeLessThan(24);
  expect(preview.y, "below it").toBeGreaterThanOrEqual(channel.y + channel.height);
});

test("S3-33: on a phone an agent sees and chooses by which way a reply goes", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const orders = await world.apiInbox("Orders", support);
  await world.apiInbox("Letters", support);
  const desk = await people.atDesk(ana, { viewport: { width: 390, height: 844 } });
  const at = desk.page;
  await world.receives(orders, { external_id: "mia", name: "Mia", email: "mia@harbour.example" }, "Where is it?");
  await desk.opens("Where is it?");
  await at.getByRole("button", { name: /^via Orders/ }).click();
  await at.getByRole("option", { name: /^Letters · mia@/ }).click();
  await expect(at.getByRole("button", { name: "via Letters · mia@harbour.example" })).toBeVisible();
  const overflow = await at.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, "pixels that stick out").toBeLessThanOrEqual(0);
  await desk.replies("By post");
  await expect.poll(async () => (await world.api.conversations.list({ view: "all" })).items[0]?.inbox_name).toBe("Letters");
});
