import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BrowserContext, type Page, expect, test } from "@playwright/test";
import { Demo } from "../harness/demo";

// Issue 4, point 17: the demo shows what the desk can do. With UPDATE_SCREENSHOTS=1 its screens become those of the docs.

const out = fileURLToPath(new URL("../out/demo/", import.meta.url));
const docs = fileURLToPath(new URL("../../../docs/screenshots/", import.meta.url));

test.describe.configure({ mode: "default" });
let demo: Demo;
let agent: BrowserContext;
let admin: BrowserContext;

test.beforeAll(async ({ browser }) => {
  await mkdir(out, { recursive: true });
  demo = await Demo.start(0, 60_000);
  [agent, admin] = await Promise.all(
    ["Chidi Mora", "Ada Weiss"].map(async (name) => {
      const context = await browser.newContext({ reducedMotion: "reduce", locale: "en-GB", viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      await page.goto(demo.linkOf(name));
      await expect(page.getByRole("heading", { level: 1 }).or(page.getByRole("heading", { level: 2 })).first()).toBeVisible();
      return context;
    }),
  ) as [BrowserContext, BrowserContext];
});

test.afterAll(async () => {
  await Promise.all([agent.close(), admin.close()]);
  await demo.stop();
});

async function shoot(page: Page, name: string): Promise<void> {
  const picture = await page.screenshot({ path: `${out}${name}.png` });
  if (process.env["UPDATE_SCREENSHOTS"] === "1") await writeFile(`${docs}${name}.png`, picture);
}

async function at(context: BrowserContext, path: string): Promise<Page> {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(demo.url + path);
  await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
  return page;
}

/** Opens the latest conversation of a customer. */
async function opens(context: BrowserContext, customer: string, having = ""): Promise<Page> {
  const { items } = (await (await context.request.get(`${demo.url}/api/v1/conversations?view=any&limit=100`)).json()) as { items: { id: string; contact_name: string; last_text: string }[] };
  const one = items.find((item) => item.contact_name === customer && item.last_text.includes(having));
  const page = await at(context, `/conversations/${one?.id ?? customer}`);
  await expect(page.getByRole("heading", { name: customer }).first()).toBeVisible();
  return page;
}

test("files, a pinned note with a mention, a form and tags are in a thread", async () => {
  const page = await opens(agent, "Lena Vogt", "invoice");
  await expect(page.getByRole("img", { name: /pot\.png/ }).first()).toBeVisible();
  await expect(page.getByText("invoice-20417.pdf").first()).toBeVisible();
  await expect(page.getByText("could you tell the warehouse").first()).toBeVisible();
  await expect(page.getByText("broken", { exact: true }).first()).toBeVisible();
  await page.locator('input[type="file"]').first().setInputFiles({ name: "delivery-note.txt", mimeType: "text/plain", buffer: Buffer.from("Order 20417: one pot, packed twice") });
  await expect(page.getByText("delivery-note.txt").first()).toBeVisible();
  await page.getByRole("textbox", { name: /Reply|Message/ }).first().fill("The delivery note of the new pot is attached.");
  await shoot(page, "desk");
});

test("saved views, what is snoozed, and who waits are in the lists", async () => {
  const page = await at(admin, "/all");
  await expect(page.getByRole("link", { name: /Broken on arrival/ })).toBeVisible();
  await expect(page.getByText(/Until /).first()).toBeVisible();
  await shoot(page, "lists");
});

test("search finds customers, conversations and messages", async () => {
  const page = await at(admin, "/all");
  await page.getByRole("button", { name: /^Search/ }).first().click();
  await page.getByRole("dialog").getByRole("combobox").or(page.getByRole("dialog").getByRole("searchbox")).first().fill("pot");
  await expect(page.getByRole("dialog").getByText(/Lena Vogt/).first()).toBeVisible();
  await shoot(page, "search");
});

test("an agent begins a conversation", async () => {
  const page = await at(agent, "/mine");
  await page.getByRole("button", { name: "New conversation" }).click();
  const dialog = page.getByRole("dialog", { name: "New conversation" });
  await dialog.getByRole("button", { name: "From" }).click();
  await page.getByRole("combobox", { name: "Search: From" }).fill("Website");
  await page.getByRole("option", { name: /Website/ }).first().click();
  await dialog.getByRole("combobox", { name: "To" }).fill("Vo");
  await expect(dialog.getByRole("listbox", { name: "Customers" }).getByRole("option").first()).toBeVisible();
  await shoot(page, "new-conversation");
});

test("macros are shown before they are applied", async () => {
  const page = await opens(agent, "Lena Vogt", "invoice");
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  await page.keyboard.press("m");
  await expect(page.getByRole("dialog").getByText("Broken on arrival").first()).toBeVisible();
  await shoot(page, "macros");
});

test("a customer has attributes, tags and a history", async () => {
  const { items } = (await (await admin.request.get(`${demo.url}/api/v1/contacts?limit=50`)).json()) as { items: { id: string; name: string }[] };
  const page = await at(admin, `/customers/${items.find((one) => one.name === "Maria Silva")?.id ?? ""}`);
  await expect(page.getByText("Hamburg").first()).toBeVisible();
  await shoot(page, "customer");
});

test("two who may be one person are suggested, and merged after a look at what moves", async () => {
  const page = await at(admin, "/customers/duplicates");
  await expect(page.getByText(/Fischer/).first()).toBeVisible();
  await page.getByRole("button", { name: /Compare|Merge/ }).first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await shoot(page, "merge");
});

test("settings are found by name", async () => {
  const page = await at(admin, "/admin/settings");
  await page.getByRole("searchbox").or(page.getByPlaceholder(/Find a setting/)).first().fill("hours");
  await expect(page.getByText("Queues").first()).toBeVisible();
  await shoot(page, "settings-search");
});

test("texts, forms, dispositions and tags have their pages", async () => {
  for (const [path, text] of [["/canned-responses", "Late parcel"], ["/macros", "To Sales"], ["/tags", "wholesale"], ["/admin/templates", "order_shipped"], ["/admin/forms", "Complaint about an order"], ["/admin/dispositions", "REFUNDED"], ["/satisfaction", "The cacti say thank you."], ["/admin/feedback", "Sending with undo"]] as const) {
    const page = await at(admin, path);
    await expect.soft(page.getByText(text).first(), path).toBeVisible();
  }
});

test("the desk is there in German", async ({ browser }) => {
  const context = await browser.newContext({ reducedMotion: "reduce", locale: "de-DE", timezoneId: "Europe/Berlin", viewport: { width: 1440, height: 900 }, storageState: await agent.storageState() });
  const page = await opens(context, "Lena Vogt", "invoice");
  await expect(page.getByText(/hat eine Notiz angeheftet/)).toBeVisible();
  await shoot(page, "german");
  await context.close();
});
