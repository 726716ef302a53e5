import { type Locator } from "@playwright/test";
import { faults } from "../harness/axe";
import { type Desk } from "../harness/desk";
import { expect, test } from "../harness/test";

/** Opens an admin page and returns its content. */
async function page(desk: Desk, path: string, heading: string): Promise<Locator> {
  await desk.goTo(path);
  await expect(desk.page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
  return desk.page.getByRole("main");
}

test("the first admin sets the account up, invites an agent, who joins and signs in again", async ({ world, people }) => {
  const desk = await people.atDesk(world.admin);
  const agents = await page(desk, "/admin/agents", "Agents");
  await agents.getByRole("button", { name: "Invite agent" }).click();
  const dialog = desk.page.getByRole("dialog", { name: "Invite agent" });
  await dialog.getByLabel("Name").fill("Ana Pires");
  await dialog.getByLabel("E-mail").fill("ana@harbour.example");
  await dialog.getByRole("button", { name: "Invite" }).click();
  const link = await desk.page.getByRole("dialog", { name: "Invitation for Ana Pires" }).getByRole("code").textContent();

  const invited = await (await people.context()).newPage();
  await invited.goto(link ?? "");
  await invited.getByLabel("Password", { exact: true }).fill("a long enough password");
  await invited.getByRole("button", { name: "Join" }).click();
  await expect(invited.getByRole("heading", { name: "My work", level: 1 })).toBeVisible();
  await invited.getByRole("button", { name: "Status and account" }).click();
  await invited.getByRole("menuitem", { name: "Sign out" }).click();

  await invited.getByLabel("E-mail").fill("ana@harbour.example");
  await invited.getByLabel("Password").fill("not that one");
  await invited.getByRole("button", { name: "Sign in" }).click();
  await expect(invited.getByRole("alert")).toBeVisible();
  await invited.getByRole("button", { name: "Password forgotten?" }).click(); // there is no mail server yet
  await expect(invited.getByLabel("E-mail")).toHaveValue("ana@harbour.example");
  expect(await faults(invited)).toEqual([]);
  await invited.getByRole("button", { name: "Send the link" }).click();
  await expect(invited.getByRole("alert")).toContainText("ask an admin for one");
  await invited.getByRole("button", { name: "Back to signing in" }).click();
  await invited.getByLabel("Password").fill("a long enough password");
  await invited.getByRole("button", { name: "Sign in" }).click();
  await expect(invited.getByRole("heading", { name: "My work", level: 1 })).toBeVisible();

  // Once there is a mail server, links go out by e-mail, too.
  await world.api.mail.change({ enabled: true, host: "mail.harbour.example", port: 587, security: "starttls", from: "desk@harbour.example" });
  await desk.page.reload();
  await desk.page.getByRole("button", { name: "Actions for Ana Pires" }).click();
  await desk.page.getByRole("menuitem", { name: "Link to set a new password" }).click();
  await expect(desk.page.getByRole("dialog", { name: "New password for Ana Pires" })).toContainText("on its way to ana@harbour.example");
});

test("an admin makes a queue and a web inbox; the snippet works on the website it names", async ({ world, people }) => {
  const ana = await world.person("Ana Pires");
  const desk = await people.atDesk(world.admin);

  await test.step("queue", async () => {
    const queues = await page(desk, "/admin/queues", "Queues");
    await queues.getByRole("button", { name: "New queue" }).click();
    const dialog = desk.page.getByRole("dialog", { name: "New queue" });
    await dialog.getByLabel("Name").fill("Support");
    await dialog.getByLabel("Strategy").selectOption("Longest without new work first");
    await dialog.getByRole("checkbox", { name: "Ana Pires" }).click();
    await dialog.getByRole("button", { name: "Create queue" }).click();
    const row = queues.getByRole("row", { name: "Support" });
    await expect(row).toContainText("Longest without new work first");
  });

  await test.step("inbox", async () => {
    const inboxes = await page(desk, "/admin/inboxes", "Inboxes");
    await inboxes.getByRole("button", { name: "New inbox" }).first().click();
    const dialog = desk.page.getByRole("dialog", { name: "New inbox" });
    await dialog.getByLabel("Channel").selectOption("Web chat");
    await dialog.getByLabel("Name").fill("Website");
    await dialog.getByLabel("Queue").selectOption("Support");
    await dialog.getByLabel("Title").fill("Ask the harbour");
    await dialog.getByLabel("Websites").fill(world.website.origin);
    await dialog.getByRole("button", { name: "Create inbox" }).click();
    await expect.poll(async () => (await world.api.inboxes.list()).items[0]?.silence.conduct, "S5-16: a web chat is live").toBe("live");
    const secrets = desk.page.getByRole("dialog", { name: "Secrets of Website" });
    await expect(secrets.getByRole("code")).toContainText("ids_");
    await secrets.getByRole("button", { name: "Done" }).click();
    const snippet = await inboxes.getByRole("region", { name: "Website" }).getByLabel("Snippet", { exact: true }).textContent();
    world.website.show({ tag: snippet ?? "" });
  });

  await test.step("the website shows the chat, and what is written reaches the member", async () => {
    const anas = await people.atDesk(ana);
    const customer = await people.customer();
    await expect(customer.panel).toHaveAccessibleName("Ask the harbour");
    await customer.writes("Ahoy");
    await anas.opens("Ahoy");
    await expect(anas.why).toHaveAccessibleName("Why this agent: Longest idle in Support");
  });

  await test.step("the preview in the desk is the real widget", async () => {
    await desk.page.getByRole("region", { name: "Website" }).getByRole("button", { name: "Preview" }).click();
    const preview = desk.page.frameLocator("iframe[title='Widget of Website']");
    await preview.getByRole("button", { name: "Open chat" }).click();
    await expect(preview.getByRole("dialog", { name: "Ask the harbour" })).toBeVisible();
  });
});

test("S1-10 S1-12 S1-14 S1-18 S1-19 C6 C33: sticky agents: add, refuse a number in another format, disable, delete", async ({
  world,
  people,
}) => {
  await world.person("Ana Pires");
  const desk = await people.atDesk(world.admin);
  const records = await page(desk, "/admin/sticky-agents", "Sticky agents");
  const add = async (title: string, numbers: string) => {
    await records.getByRole("button", { name: "Add sticky agent" }).first().click();
    const dialog = desk.page.getByRole("dialog", { name: "Add sticky agent" });
    await dialog.getByLabel("Title").fill(title);
    await dialog.getByLabel("Customer numbers").fill(numbers);
    await dialog.getByLabel("Agent", { exact: true }).selectOption("Ana Pires");
    await dialog.getByRole("button", { name: "Save" }).click();
    return dialog;
  };

  await add("Key account Lind", "+49 30 901820, mara@lind.example");
  const row = records.getByRole("row", { name: "Key account Lind" });
  await expect(row).toContainText("+49 30 901820, mara@lind.example");
  await expect(row).toContainText("Active");

  const refused = await add("The same number again", "0049 (0)30 90 18 20");
  await expect(refused).toContainText("Key account Lind");
  await refused.getByRole("button", { name: "Cancel" }).click();
  await desk.page.getByRole("alertdialog", { name: "Discard what you entered?" }).getByRole("button", { name: "Discard" }).click();
  await expect(records.getByRole("row", { name: "The same number again" })).toHaveCount(0);

  await row.getByRole("button", { name: "Actions for Key account Lind" }).click();
  await desk.page.getByRole("menuitem", { name: "Disable" }).click();
  await expect(row).toContainText("Inactive");
  await (await add("The same number again", "0049 (0)30 90 18 20")).waitFor({ state: "hidden" });
  await expect(records.getByRole("row", { name: "The same number again" })).toContainText("Active");

  await row.getByRole("button", { name: "Actions for Key account Lind" }).click();
  await desk.page.getByRole("menuitem", { name: "Delete" }).click();
  await desk.page.getByRole("button", { name: "Yes, delete" }).click();
  await expect(row).toHaveCount(0);
});

test("S1-14 S1-16 S1-17: a record can be edited, and the list shows it at once", async ({ world, people }) => {
  const ana = await world.person("Ana Pires");
  await world.person("Ben Sauer");
  await world.api.sticky.create({ title: "Lind", points: "+49 30 901820", agent_id: ana.id, enabled: true });
  const desk = await people.atDesk(world.admin);
  const records = await page(desk, "/admin/sticky-agents", "Sticky agents");
  await expect(records.getByRole("columnheader")).toHaveText(["Title", "Customer numbers", "Agent", "Last updated on", "Status", "Actions"]);
  const today = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" }).format();
  await expect(records.getByRole("row", { name: "Lind" })).toContainText(today);

  await records.getByRole("button", { name: "Actions for Lind" }).click();
  await expect(desk.page.getByRole("menuitem")).toHaveText(["Edit", "Disable", "Delete"]);
  await desk.page.getByRole("menuitem", { name: "Edit" }).click();
  const dialog = desk.page.getByRole("dialog", { name: "Edit “Lind”" });
  await dialog.getByLabel("Title").fill("Okafor");
  await dialog.getByLabel("Customer numbers").fill("+44 7700 900123, ngozi@okafor.example");
  await dialog.getByLabel("Agent", { exact: true }).selectOption("Ben Sauer");
  await dialog.getByLabel("Active").click();
  await dialog.getByRole("button", { name: "Save" }).click();

  const row = records.getByRole("row", { name: "Okafor" });
  await expect(row).toContainText("+44 7700 900123, ngozi@okafor.example");
  await expect(row).toContainText("Ben Sauer");
  await expect(row).toContainText("Inactive");
  await expect(records.getByRole("row", { name: "Lind" })).toHaveCount(0);
});

test("sticky agents: a CSV file is shown line by line before its good lines are imported", async ({ world, people }) => {
  const ana = await world.person("Ana Pires");
  const desk = await people.atDesk(world.admin);
  const records = await page(desk, "/admin/sticky-agents", "Sticky agents");
  await records.getByRole("button", { name: "Import CSV" }).click();
  const dialog = desk.page.getByRole("dialog", { name: "Import sticky agents" });
  const csv = [
    "title,customer,agent,status",
    `Lind,"+49 30 901820, mara@lind.example",${ana.email},active`,
    `Okafor,+44 7700 900123,${ana.email},inactive`,
    `Not a number,12,${ana.email},active`,
    "Nobody,+49 30 901899,nobody@harbour.example,active",
  ];
  await dialog.getByLabel("CSV file").setInputFiles({ name: "sticky.csv", mimeType: "text/csv", buffer: Buffer.from(csv.join("\n")) });
  await expect(dialog.getByRole("status")).toContainText("2 good, 2 bad.");
  const lines = dialog.getByRole("table", { name: "Lines of the file" });
  await expect(lines.getByRole("row", { name: "Not a number" })).toContainText("12");
  await expect(lines.getByRole("row", { name: "Nobody" })).toContainText("nobody@harbour.example");
  expect((await world.api.sticky.list({})).items, "nothing is stored yet").toEqual([]);

  await dialog.getByRole("button", { name: "Import 2 good lines" }).click();
  await expect(records.getByRole("row", { name: "Lind" })).toContainText("Active");
  await expect(records.getByRole("row", { name: "Okafor" })).toContainText("Inactive");
});

test("S2-11: sticky sessions settings are kept, and wrong ones refused with the reason", async ({ world, people }) => {
  const desk = await people.atDesk(world.admin);
  const settings = await page(desk, "/admin/settings", "Settings");
  await expect(settings.getByLabel("Days")).toHaveValue("7");
  await settings.getByLabel("Days").fill("30");
  await settings.getByLabel("Check availability").click();
  await settings.getByRole("button", { name: "Save settings" }).click();
  await expect(desk.notifications).toContainText("Settings saved");
  await desk.page.reload();
  await expect(settings.getByLabel("Days")).toHaveValue("30");
  await expect(settings.getByLabel("Check availability")).not.toBeChecked();

  await settings.getByLabel("Country of phone numbers").fill("D");
  await settings.getByRole("button", { name: "Save settings" }).click();
  await expect(settings).toContainText("is not a two-letter country code");
  expect((await world.api.settings.read()).country).toBe("");
});

test("an admin replaces the secret that requests are signed with; it is shown once", async ({ world, people }) => {
  const desk = await people.atDesk(world.admin);
  await page(desk, "/admin/settings", "Settings");
  await desk.page.getByRole("searchbox", { name: "Find a setting" }).fill("webhook");
  await desk.page.getByRole("button", { name: /^Signing secret/ }).click();
  const make = desk.page.getByRole("region", { name: "Signing secret" }).getByRole("button", { name: "Make a new secret" });
  const secrets = [];
  for (let n = 0; n < 2; n++) {
    await make.click();
    const question = desk.page.getByRole("alertdialog", { name: "Make a new signing secret?" });
    await expect(question).toContainText("refuse them until they know the new one");
    await question.getByRole("button", { name: "Make a new secret" }).click();
    const once = desk.page.getByRole("dialog", { name: "New signing secret" });
    secrets.push(await once.getByRole("code").textContent());
    expect(await faults(desk.page)).toEqual([]);
    await once.getByRole("button", { name: "Done" }).click();
    await expect(once).toBeHidden();
  }
  expect(secrets[0]).toMatch(/^whsec_.{32,}$/);
  expect(secrets[1]).not.toBe(secrets[0]);
});

test("an admin replaces the secrets of an inbox and of a bot; each is shown once, and the old one is refused", async ({ world, people }) => {
  const inbox = await world.apiInbox("Orders", await world.queue("Support"));
  await world.api.bots.create({ name: "Robo", kind: "webhook", options: { url: "https://bot.harbour.example/turn" }, enabled: true, apology: "", handoff_queue: "", timeout_seconds: 10 });
  const desk = await people.atDesk(world.admin);
  const replaced = async (path: string, heading: string, of: string) => {
    await page(desk, path, heading);
    await desk.page.getByRole("button", { name: `Actions for ${of}` }).click();
    await desk.page.getByRole("menuitem", { name: /^Replace / }).first().click();
    const question = desk.page.getByRole("alertdialog", { name: /^Replace .+\?$/ });
    await expect(question).toContainText("The old one stops working at once");
    await question.getByRole("button", { name: "Yes, replace" }).click();
    const once = desk.page.getByRole("dialog", { name: new RegExp(`^New .+ of ${of}$`) });
    const secret = await once.getByRole("code").textContent();
    await once.getByRole("button", { name: "Done" }).click();
    await expect(once).toBeHidden();
    return secret ?? "";
  };
  const token = await replaced("/admin/inboxes", "Inboxes", "Orders");
  expect((await replaced("/admin/bots", "Bots", "Robo")).length).toBeGreaterThan(20);
  const post = async (secret: string) =>
    (
      await fetch(`${world.server.url}/in/${inbox.id}/messages`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", "idempotency-key": "1" },
        body: JSON.stringify({ contact: { phone: "+49301234567" }, body: "Hello" }),
      })
    ).status;
  await expect.poll(() => post(token)).toBe(202); // a moment later
  expect(await post(inbox.token)).toBe(401);
});

test("what admins do is in the audit log, and their tables fit a phone", async ({ world, people }) => {
  await world.queue("Support");
  const desk = await people.atDesk(world.admin);
  const log = await page(desk, "/admin/audit", "Audit log");
  await expect(log.getByRole("row").filter({ hasText: "Support" })).toContainText(world.admin.name);

  await world.api.settings.change({ capacity: 7, details: { catalogue_only: true, disposition_required: false } });
  await log.page().setViewportSize({ width: 390, height: 844 });
  await log.page().reload();
  await expect(log.getByText("Capacity of an agent: 5 → 7")).toBeVisible();
  await expect(log.getByText("Tags of the catalogue only: Off → On")).toBeVisible();
  const wide = (name: string) => log.getByRole("region", { name }).first().evaluate((one) => one.scrollWidth - one.clientWidth);
  expect(await wide("Audit log"), "pixels to scroll sideways on a phone").toBeLessThanOrEqual(0);
  for (const [path, name] of [["/board", "Agents"], ["/admin/agents", "Agents"], ["/admin/queues", "Queues"]] as const) {
    await desk.goTo(path);
    await expect(log.getByRole("region", { name }).first()).toBeVisible();
    expect(await wide(name), `pixels to scroll sideways on ${path}`).toBeLessThanOrEqual(0);
  }
  await log.getByRole("row", { name: "Support" }).getByRole("button", { name: "Actions" }).click();
  await expect(desk.page.getByRole("menuitem", { name: "Edit" })).toBeVisible();
});
