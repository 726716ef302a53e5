import { readFileSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BrowserContext, type Page, expect, test } from "@playwright/test";
import { Demo } from "../harness/demo";
import { routes as pages } from "../harness/routes";

// Issue 4, point 17: the desk in German and from right to left, on the demo, whose content stays English.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const out = fileURLToPath(new URL("../out/german/", import.meta.url));

const routes = [...pages];

/** Parts of what the server says; no German text and nothing in the demo has them. */
const telltale = /\b(Assigned to|Nobody (in|serves)|did not answer|to become available|transferred it|set the priority|Waits for|Holds \d|There is no|cannot be|Claimed by|Next in turn|snoozed it|changed the t(ags|opic)|Only (to|if|this)|Loading)\b/;

/** English texts of the desk and the server that have another text in German. */
function englishTexts(): Set<string> {
  const said = new Set<string>();
  const german = new Set<string>();
  const catalogues = ["lib/saying/de.json"];
  for (const folder of ["web/apps/desk/src", ...readdirSync(`${root}web/packages`).map((name) => `web/packages/${name}/src`)]) {
    for (const path of readdirSync(root + folder, { recursive: true })) if (/(^|\/)de\.json$/.test(String(path))) catalogues.push(`${folder}/${String(path)}`);
  }
  for (const path of catalogues) {
    for (const [key, text] of Object.entries(JSON.parse(readFileSync(root + path, "utf8")) as Record<string, string>)) {
      german.add(text);
      if (key !== text && !key.includes("{")) said.add(key);
    }
  }
  // The demo has them: titles, labels, and values of fields as they rest.
  for (const text of ["Greeting", "Order", "What is wrong", "Urgent", "Support", "Sales", "General", "Offer", "Text", "yes", "no"]) said.delete(text);
  // Of an admin, for customers.
  for (const text of [...said]) if (/^(We have closed|Are you still there)/.test(text)) said.delete(text);
  for (const text of german) said.delete(text);
  return said;
}

/** What can be read on a page, also by screen readers; what people wrote is left out. */
async function texts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const parent = walk.currentNode.parentElement;
      const text = walk.currentNode.textContent?.trim() ?? "";
      if (text && parent && !parent.closest("[data-body], script, style, textarea")) found.push(text);
    }
    for (const name of ["aria-label", "placeholder", "title"]) {
      for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name) ?? "");
    }
    return found;
  });
}

async function complete(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.locator("main, [role=main]").first()).toBeVisible();
  await expect(page.getByRole("status", { name: /^(Lädt|Loading)/ })).toHaveCount(0);
  await expect(page.locator("h1:visible, h2:visible").first()).toBeVisible();
}

test.describe.configure({ mode: "default" });
let demo: Demo;
let context: BrowserContext;
let conversations: string[] = [];

test.beforeAll(async ({ browser }) => {
  await mkdir(out, { recursive: true });
  demo = await Demo.start(0, 60_000);
  context = await browser.newContext({ locale: "de-DE", timezoneId: "Europe/Berlin", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(demo.link);
  await expect(page.getByRole("heading", { name: /Meine Arbeit|Erste Schritte/ }).first()).toBeVisible();
  const answer = (await (await context.request.get(`${demo.url}/api/v1/conversations?view=any&limit=50`)).json()) as { items: { id: string }[] };
  conversations = answer.items.map((one) => `/conversations/${one.id}`);
  const flows = (await (await context.request.get(`${demo.url}/api/v1/workflows`)).json()) as { items: { id: string }[] };
  routes.push(...flows.items.map((one) => `/admin/workflows/${one.id}`));
  await page.close();
});

test.afterAll(async () => {
  await context.close();
  await demo.stop();
});

test("every screen is German, with German dates", async () => {
  test.setTimeout(360_000);
  const english = englishTexts();
  const page = await context.newPage();
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const path of [...routes, ...conversations]) {
    await complete(page, demo.url + path);
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    const shown = await texts(page);
    expect.soft(shown.filter((text) => english.has(text) || telltale.test(text)), path).toEqual([]);
    await page.screenshot({ path: `${out}${path.slice(1).replaceAll("/", "-")}.png` });
  }
  await complete(page, `${demo.url}/admin/audit`);
  await expect(page.getByRole("cell", { name: /\d{2}\.\d{2}\.\d{4}/ }).or(page.locator("time[title*='.20']")).first()).toBeAttached();
  await page.close();
});

test("a refusal of the server is German, and so is why an agent was chosen", async () => {
  const page = await context.newPage();
  await complete(page, `${demo.url}/admin/queues`);
  await page.getByRole("button", { name: "Neue Warteschlange" }).click();
  await page.getByLabel("Name").fill("Support");
  await page.getByRole("dialog").getByRole("button", { name: /hinzufügen|anlegen|speichern|erstellen/i }).last().click();
  await expect(page.getByText("Eine andere Warteschlange heißt schon Support.")).toBeVisible();
  await page.close();
});

test("English, chosen in My settings, shows the same lines in English", async () => {
  const page = await context.newPage();
  await page.addInitScript(() => {
    localStorage.setItem("rapport.language", "en");
  });
  let assigned = 0;
  for (const path of conversations.slice(0, 6)) {
    await complete(page, demo.url + path);
    assigned += await page.getByText(/^(Assigned to|Nobody in|Claimed by)/).count();
  }
  expect(assigned).toBeGreaterThan(0);
  await page.evaluate(() => {
    localStorage.removeItem("rapport.language");
  });
  await page.close();
});

for (const width of [1440, 390]) {
  test(`from right to left nothing leaves the screen at ${width} pixels`, async () => {
    test.setTimeout(240_000);
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme: width === 390 ? "dark" : "light" });
    await page.addInitScript(() => {
      const turn = () => {
        if (document.documentElement.dir !== "rtl") document.documentElement.dir = "rtl";
      };
      new MutationObserver(turn).observe(document, { attributes: true, childList: true, subtree: true });
    });
    for (const path of [...routes, ...conversations.slice(0, 4)]) {
      await complete(page, demo.url + path);
      const outside = await page.evaluate(() => {
        const wide = document.documentElement.scrollWidth > innerWidth + 1 ? ["the page is wider than the screen"] : [];
        const cut = [...document.querySelectorAll("button, a, input, select, textarea, h1, h2, h3, p")].filter((element) => {
          const { left, right, width: size } = element.getBoundingClientRect();
          return size > 1 && element.checkVisibility() && (left < -1 || right > innerWidth + 1) && !element.closest("pre, :has(> table), .react-flow, .sr-only");
        });
        return [...wide, ...cut.map((element) => `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent}`.slice(0, 80))];
      });
      expect.soft(outside, path).toEqual([]);
      await page.screenshot({ path: `${out}rtl-${width}-${path.slice(1).replaceAll("/", "-")}.png` });
    }
    await page.close();
  });
}
