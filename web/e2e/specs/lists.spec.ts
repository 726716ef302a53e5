import { mkdirSync } from "node:fs";
import { type Page } from "@playwright/test";
import { expect, test } from "../harness/test";
import type { World } from "../harness/world";

/** Messages of customers through an API inbox, as other systems send them. */
async function inbox(world: World, name: string, queue_id: string): Promise<(customer: string, body: string, priority?: string) => Promise<string>> {
  const made = await world.api.inboxes.create({ channel: "api", name, queue_id, enabled: true, options: {} });
  let n = 0;
  return async (customer, body, priority) => {
    const answer = await fetch(`${world.server.url}/in/${made.inbox.id}/messages`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${made.secrets["token"] ?? ""}`, "Idempotency-Key": `${name}-${n++}` },
      body: JSON.stringify({ contact: { external_id: `${name}-${customer}`, name: customer }, body, ...(priority ? { priority } : {}) }),
    });
    const { conversation_id } = (await answer.json()) as { conversation_id: string };
    return conversation_id;
  };
}

/** The customers of the list as it stands. */
async function names(page: Page): Promise<string[]> {
  const rows = await page.getByRole("list", { name: "Conversations" }).getByRole("link").allTextContents();
  return rows.map((row) => /Zoë|adam|Émile|Berta/.exec(row)?.[0] ?? row);
}

async function sort(page: Page, order: string): Promise<void> {
  await page.getByRole("button", { name: /^Sort: / }).click();
  await page.getByRole("menuitemradio", { name: order }).click();
}

async function picture(page: Page, name: string): Promise<void> {
  if (!process.env["PICTURES"]) return;
  mkdirSync("out/lists", { recursive: true });
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.screenshot({ path: `out/lists/${name}-${theme}.png` });
  }
  await page.emulateMedia({ colorScheme: "light" });
}

test("S3-87 S3-89 S3-90: lists are sorted, filtered, kept as views; many conversations are changed at once and changed back", async ({ world, people }) => {
  test.setTimeout(150_000);
  const sales = await world.queue("Sales");
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }, { id: sales, can_reply: true }]);
  const ben = await world.person("Ben Sauer", [{ id: support, can_reply: true }]);
  const shop = await inbox(world, "Shop", sales);
  const help = await inbox(world, "Help", support);
  await ana.signed.api.session.setStatus({ status: "offline" });
  await shop("Zoë", "Is it in stock?");
  await help("adam", "It does not start.", "high");
  await help("Émile", "Where is my parcel?");
  await shop("Berta", "A question about my bill");

  const desk = await people.atDesk(ana);
  await desk.becomes("Busy");
  const { page } = desk;
  await desk.goTo("/all");
  await expect(page.getByRole("heading", { name: "All work", level: 1 })).toBeVisible();

  // S3-89: oldest pending is the default; then each of the other orders.
  await expect.poll(() => names(page)).toEqual(["Zoë", "adam", "Émile", "Berta"]);
  await sort(page, "Latest pending");
  await expect.poll(() => names(page)).toEqual(["Berta", "Émile", "adam", "Zoë"]);
  await sort(page, "Customer name A–Z");
  await expect.poll(() => names(page)).toEqual(["adam", "Berta", "Émile", "Zoë"]);
  await sort(page, "Queue");
  await expect.poll(() => names(page)).toEqual(["Zoë", "Berta", "adam", "Émile"]);

  // A live change falls into its place.
  await sort(page, "Latest pending");
  await shop("Zoë", "Hello? Is anybody there?");
  await expect.poll(() => names(page)).toEqual(["Zoë", "Berta", "Émile", "adam"]);
  await picture(page, "list");

  // Filters, in words below the title, and as a view.
  await page.getByRole("button", { name: "Filter this list" }).click();
  const filters = page.getByRole("dialog", { name: "Filter this list" });
  await filters.getByRole("checkbox", { name: "Support" }).click();
  await picture(page, "filters");
  await filters.getByRole("button", { name: "Show" }).click();
  await expect.poll(() => names(page)).toEqual(["Émile", "adam"]);
  await page.getByRole("button", { name: "Show as a table" }).click();
  await expect(page.getByRole("button", { name: "Customer", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save as a view" }).click();
  const save = page.getByRole("dialog", { name: "Save as a view" });
  await save.getByLabel("Name").fill("Parcels");
  await expect(save.getByLabel("Who sees it")).toBeDisabled(); // agents keep theirs, supervisors share
  await save.getByRole("button", { name: "Save" }).click();
  const views = page.getByRole("list", { name: "Views" });
  await expect(views.getByRole("link", { name: /Parcels/ })).toContainText("2");
  await expect(page.getByRole("heading", { name: "Parcels", level: 1 })).toBeVisible();
  await picture(page, "table");

  // Bulk: two of support; what was changed meanwhile is left alone by undo.
  await page.getByRole("checkbox", { name: "Select adam" }).click();
  await page.getByRole("list", { name: "Conversations" }).getByRole("link").first().click({ modifiers: ["Shift"] });
  const bar = page.getByRole("toolbar", { name: "Change the selection" });
  await expect(bar).toContainText("2 selected");
  await bar.getByRole("button", { name: "Tags" }).click();
  const tagging = page.getByRole("dialog", { name: "Change tags" });
  await tagging.getByRole("button", { name: "Tag to add" }).click();
  await page.keyboard.type("parcel,check");
  await page.keyboard.press("Enter");
  await expect(tagging.getByRole("button", { name: "Remove tag parcel" })).toBeVisible();
  await picture(page, "bulk");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  const progress = page.getByRole("region", { name: "Changes of several conversations" });
  await expect(progress).toContainText("2 changed");
  await picture(page, "bulk-done");
  const tagged = async () => (await world.api.conversations.list({ view: "all", tag: ["parcel"] })).items.map((c) => c.contact_name).sort();
  expect(await tagged()).toEqual(["adam", "Émile"]);
  const [first] = (await world.api.conversations.list({ view: "all", tag: ["parcel"] })).items;
  await ben.signed.api.conversations.tag(first?.id ?? "", ["parcel"]);
  await progress.getByRole("button", { name: "Undo" }).click();
  await expect(progress).toContainText("1 changed meanwhile and left alone");
  expect(await tagged()).toEqual([first?.contact_name]);
  await progress.getByRole("button", { name: "Which and why" }).click();
  await expect(page.getByRole("dialog", { name: "Not changed" })).toContainText("Somebody changed it meanwhile.");
  await page.keyboard.press("Escape");
  await progress.getByRole("button", { name: "Dismiss" }).click();

  // With the keyboard, all that match: close them; History is sorted by its own orders.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^All work/ }).click();
  await expect.poll(() => names(page)).toHaveLength(4);
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(bar).toContainText("1 selected");
  await bar.getByRole("button", { name: "Select all that match" }).click();
  await bar.getByRole("button", { name: "Status" }).click();
  await page.getByRole("menuitem", { name: "Close" }).click();
  await expect(progress).toContainText("4 changed");
  await expect.poll(() => names(page)).toEqual([]);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^History/ }).click();
  await expect.poll(() => names(page)).toHaveLength(4);
  await sort(page, "Customer name A–Z");
  await expect.poll(() => names(page)).toEqual(["adam", "Berta", "Émile", "Zoë"]);

  // It can be undone for a day, also from a page that did not begin it.
  await page.reload();
  await expect.poll(() => names(page)).toHaveLength(4);
  await expect(progress).toBeHidden();
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("Recent bulk");
  await page.keyboard.press("Enter");
  const recent = page.getByRole("dialog", { name: "Recent bulk actions" });
  await recent.getByRole("button", { name: "Undo" }).click();
  await expect(recent.getByRole("article").first()).toContainText("4 changed");
  await expect(recent.getByRole("article").nth(1)).toContainText("undone");
  await picture(page, "bulk-recent");
  await page.keyboard.press("Escape");
  await expect.poll(() => names(page)).toEqual([]);

  // A view is deleted, and brought back.
  await views.getByRole("link", { name: /Parcels/ }).hover();
  await page.getByRole("button", { name: "Actions of the view Parcels" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByRole("link", { name: /Parcels/ })).toBeHidden();
  await desk.notifications.getByRole("button", { name: "Undo" }).click();
  await expect(views.getByRole("link", { name: /Parcels/ })).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  await desk.goTo("/all?sort=customer");
  await expect.poll(() => names(page)).toEqual(["adam", "Berta", "Émile", "Zoë"]);
  await page.getByRole("checkbox", { name: "Select adam" }).click({ force: true });
  await expect(bar).toBeVisible();
  await picture(page, "phone");
});
