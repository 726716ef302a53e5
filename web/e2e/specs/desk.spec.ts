import { type BrowserContext, type Page } from "@playwright/test";
import { faults } from "../harness/axe";
import { routes } from "../harness/routes";
import { expect, test, there } from "../harness/test";
import { serves } from "../harness/world";

/** Headless browsers show no notifications: what the desk shows is noted instead. */
async function noteNotifications(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const shown: { title: string; body: string; tag: string; click: () => void }[] = [];
    class Noted {
      static permission = localStorage.getItem("test.permission") ?? "default";
      static requestPermission(): Promise<string> {
        localStorage.setItem("test.asked", String(Number(localStorage.getItem("test.asked") ?? 0) + 1));
        localStorage.setItem("test.permission", "granted");
        Noted.permission = "granted";
        return Promise.resolve("granted");
      }
      onclick: (() => void) | null = null;
      constructor(title: string, options: { body: string; tag: string }) {
        shown.push({ title, body: options.body, tag: options.tag, click: () => this.onclick?.() });
      }
      close(): void {
        // nothing to take away
      }
    }
    Object.assign(window, { Notification: Noted, shown });
  });
}

const shown = (page: Page) => page.evaluate(() => (window as unknown as { shown: { body: string }[] }).shown.map((one) => one.body));
const asked = (page: Page) => page.evaluate(() => Number(localStorage.getItem("test.asked") ?? 0));

test("S3-01 S3-02 S3-04: permission is asked for in context, each step can be tested, and the page explains what the system holds back", async ({ world, people }) => {
  const ana = await world.person("Ana Pires");
  const context = await people.context();
  await noteNotifications(context);
  await context.addCookies(ana.signed.cookies);
  const page = await context.newPage();
  await page.goto(`${world.server.url}/mine`);
  await expect(page.getByRole("heading", { name: "My work", level: 1 })).toBeVisible();
  expect(await asked(page), "nothing asks while the desk loads").toBe(0);

  await page.goto(`${world.server.url}/settings/notifications`);
  await page.getByRole("button", { name: "Allow notifications" }).click();
  expect(await asked(page)).toBe(1);
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("It came.")).toBeVisible();
  await expect.poll(() => shown(page)).toEqual(["This is a test. Click it."]);
  await page.evaluate(() => {
    (window as unknown as { shown: { click: () => void }[] }).shown[0]?.click();
  });
  await expect(page.getByText("It did.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Try in six seconds" })).toBeVisible();
  await expect(page.getByText("Windows: Focus assist, or Do not disturb")).toBeVisible();
  await expect(page.getByText("macOS: Focus")).toBeVisible();
  await expect(page.getByText("Linux: Do not disturb")).toBeVisible();
});

test("S3-03: nothing is shown while conversations are in front; elsewhere one page of the desk tells, and a click leads there", async ({ world, people }) => {
  const ana = await world.person("Ana Pires");
  await world.webInbox("");
  const context = await people.context();
  await noteNotifications(context);
  await context.addCookies(ana.signed.cookies);
  await ana.signed.api.session.setStatus({ status: "available" });
  const page = await context.newPage();
  await page.goto(`${world.server.url}/mine`);
  await page.evaluate(() => {
    localStorage.setItem("test.permission", "granted");
  });
  await page.reload();
  await expect(page.getByRole("heading", { name: "My work", level: 1 })).toBeVisible();
  await expect.poll(async () => (await ana.signed.api.session.me()).agent.connected).toBe(true);

  const mia = await people.customer();
  await mia.writes("First, while conversations are in front");
  await expect(page.getByRole("list", { name: "Conversations" }).getByRole("link")).toHaveCount(1);
  expect(await shown(page)).toEqual([]);

  // Another page of the product is open, twice: only one of the two tells.
  await page.goto(`${world.server.url}/settings/me`);
  await expect(page.getByRole("heading", { name: "My settings", level: 1 })).toBeVisible();
  const second = await context.newPage();
  await second.goto(`${world.server.url}/settings/me`);
  await expect(second.getByRole("heading", { name: "My settings", level: 1 })).toBeVisible();
  await mia.writes("Second, while another page is open");
  const told = async () => [...(await shown(page)), ...(await shown(second))];
  await expect.poll(told).toHaveLength(1);
  expect((await told())[0]).toContain("Second, while another page is open");

  // Somebody new is told of with their first message.
  const noor = await people.customer();
  await noor.writes("Hello, I am new here");
  await expect.poll(told).toHaveLength(2);
  expect((await told()).join()).toContain("Hello, I am new here");
  const teller = (await shown(page)).length > 0 ? page : second;
  await teller.evaluate(() => {
    (window as unknown as { shown: { click: () => void }[] }).shown[0]?.click();
  });
  await expect(teller.getByRole("region", { name: "Thread" })).toBeVisible();
});

test("own settings hold on every machine: language, time zone and ways of notification", async ({ world, people }) => {
  const ana = await world.person("Ana Pires");
  const desk = await people.atDesk(ana);
  await desk.goTo("/settings/me");
  await desk.page.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await desk.page.getByRole("checkbox", { name: "A customer of mine writes: Sound" }).click();
  await desk.page.getByRole("button", { name: "Save my settings" }).click();
  await expect(desk.page.getByText("Your settings are saved")).toBeVisible();
  await desk.page.getByLabel("Language of the desk").selectOption("de");
  await desk.page.getByRole("button", { name: "Save my settings" }).click();
  await expect(desk.page.getByRole("heading", { name: "Meine Einstellungen", level: 1 })).toBeVisible();

  const context = await people.context();
  await context.addCookies(ana.signed.cookies);
  const page = await context.newPage();
  await page.goto(`${world.server.url}/settings/me`);
  await expect(page.getByRole("heading", { name: "Meine Einstellungen", level: 1 })).toBeVisible();
  await expect(page.getByLabel("Zeitzone")).toHaveValue("Asia/Tokyo");
  await expect(page.getByRole("checkbox", { name: "Ein Kunde von mir schreibt: Ton" })).not.toBeChecked();
});

test("a customer is asked how it was in the widget, and the answer stands in the thread and on the page of supervisors", async ({ world, people }) => {
  const ana = await world.person("Ana Pires");
  const { id: inbox } = await world.webInbox("");
  const rules = { enabled: true, question: "How was it?", scale: "stars" as const, comment: true, thanks: "Thanks a lot!", delay_minutes: 0, after_silence: false, after_software: false };
  await world.api.inboxes.change(inbox, { survey: rules });
  const desk = await people.atDesk(ana);
  const mia = await people.customer();
  await mia.writes("Where is my parcel?");
  await desk.opens("Where is my parcel?");
  await desk.replies("At your neighbour's.");
  await desk.action("Solve").click();
  const survey = mia.page.getByRole("group", { name: "How was it?" });
  await survey.getByRole("button", { name: "4 of 5 stars" }).click();
  await survey.getByRole("textbox").fill("Quick help");
  await survey.getByRole("button", { name: "Send" }).click();
  await expect(mia.page.getByText("Thanks a lot!")).toBeVisible();
  await expect(survey).toBeHidden();

  const boss = await people.atDesk(world.admin);
  await boss.goTo("/satisfaction");
  await expect(boss.page.getByText("Quick help")).toBeVisible();
  await boss.page.getByRole("list", { name: "Latest answers" }).getByRole("link").click();
  await expect(boss.page.getByRole("region", { name: "Thread" })).toContainText("4 of 5");

  // Lists are narrowed by what customers answered, and so are saved views.
  await boss.goTo("/history");
  const narrow = async (...answers: string[]) => {
    await boss.page.getByRole("button", { name: /^Filter this list/ }).click();
    const dialog = boss.page.getByRole("dialog", { name: "Filter this list" });
    await dialog.getByRole("button", { name: "Clear all" }).click();
    await boss.page.getByRole("button", { name: /^Filter this list/ }).click();
    for (const name of answers) await dialog.getByRole("checkbox", { name, exact: true }).check();
    await dialog.getByRole("button", { name: "Show" }).click();
  };
  await narrow("4 of 5", "With a comment");
  await expect(boss.entry("At your neighbour's.")).toBeVisible();
  await expect(boss.page.getByText("Survey: 4 of 5")).toBeVisible();
  await narrow("1 of 5", "No answer");
  await expect(boss.entry("At your neighbour's.")).toHaveCount(0);
});

test("where a channel has no question of its own, the customer answers on the page behind a link, in their language and on a phone", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", serves(support));
  const survey = { enabled: true, question: "Wie war es?", scale: "stars" as const, comment: true, thanks: "", delay_minutes: 0, after_silence: false, after_software: false };
  const inbox = await world.apiInbox("Letters", support, { options: { webhook_url: `${world.website.origin}/hook` } });
  await world.api.inboxes.change(inbox.id, { survey });
  const desk = await people.atDesk(ana);
  await world.receives(inbox, { email: "mia@harbour.example", name: "Mia Lund" }, "Where is my parcel?");
  await desk.opens("Where is my parcel?");
  await desk.replies("At your neighbour's.");
  await desk.action("Solve").click();
  await desk.goTo("/history");
  await desk.opens("At your neighbour's.");
  const link = await desk.message("Wie war es?").getByRole("link").getAttribute("href");
  const { pathname: path } = new URL(link ?? "");

  const context = await people.context({ locale: "de-DE", viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(world.server.url + path);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page).toHaveTitle(/^Ihre Meinung/);
  await expect(page.getByRole("heading", { name: "Wie war es?" })).toBeVisible();
  expect(await faults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), "pixels that stick out").toBeLessThanOrEqual(0);
  await page.getByRole("radio", { name: "4 von 5" }).check();
  await page.getByLabel("Möchten Sie uns mehr dazu sagen?").fill("Schnelle Hilfe");
  await page.getByRole("button", { name: "Senden" }).click();
  await expect(page.getByRole("status")).toHaveText("Vielen Dank!");
  await page.goto(world.server.url + path);
  await expect(page.getByRole("status"), "it is answered once").toHaveText("Vielen Dank!");
  await expect(desk.thread).toContainText("4 of 5");
  await expect(desk.thread).toContainText("Schnelle Hilfe");

  const english = await (await people.context()).newPage();
  await english.goto(world.server.url + path);
  await expect(english.getByRole("status")).toHaveText("Thank you!");
});

test("S3-91: feedback reaches the address that an admin gave", async ({ world, people }) => {
  const boss = await people.atDesk(world.admin);
  await boss.goTo("/admin/feedback");
  await boss.page.getByLabel("Webhook for feedback").fill(`${world.website.origin}/hook`);
  await boss.page.getByRole("button", { name: "Save" }).click();
  await expect(boss.page.getByText("Saved", { exact: true })).toBeVisible();
  const desk = await people.atDesk(await world.person("Ana Pires"));
  await desk.page.getByRole("button", { name: "Status and account" }).click();
  await desk.page.getByRole("menuitem", { name: "Give feedback" }).click();
  const dialog = desk.page.getByRole("dialog", { name: "Give feedback" });
  await dialog.getByLabel("What would you like to say?").fill("The list could be denser");
  await dialog.getByRole("button", { name: "Send feedback" }).click();
  await expect.poll(() => world.website.received.map((body) => JSON.parse(body) as object)).toEqual([expect.objectContaining({ type: "feedback", text: "The list could be denser", page: "/mine" })]);
});

test("S3-91: feedback reaches the list of admins; settings are found by name and marked", async ({ world, people }) => {
  const ana = await world.person("Ana Pires");
  const desk = await people.atDesk(ana);
  await desk.page.getByRole("button", { name: "Status and account" }).click();
  await desk.page.getByRole("menuitem", { name: "Give feedback" }).click();
  const dialog = desk.page.getByRole("dialog", { name: "Give feedback" });
  await dialog.getByLabel("What would you like to say?").fill("The list could be denser");
  await dialog.getByRole("button", { name: "Send feedback" }).click();
  await expect(desk.page.getByText("Thank you for your feedback")).toBeVisible();

  const boss = await people.atDesk(world.admin);
  await boss.goTo("/admin/feedback");
  await expect(boss.page.getByText("The list could be denser")).toBeVisible();
  await boss.goTo("/admin/settings");
  await boss.page.getByRole("searchbox", { name: "Find a setting" }).fill("zeit");
  await boss.page.getByRole("button", { name: "Time zone My settings" }).click();
  await expect(boss.page.getByRole("heading", { name: "My settings", level: 1 })).toBeVisible();
  await expect(boss.page.getByLabel("Time zone")).toBeFocused();
  await boss.goTo("/admin/first-steps");
  await expect(boss.page.getByRole("listitem").filter({ hasText: "Invite colleagues" })).toContainText("Done");
  await expect(boss.page.getByRole("listitem").filter({ hasText: "Add an inbox" })).toContainText("To do");
});

for (const [how, width] of [
  ["in German", 1440],
  ["in German", 390],
  ["from right to left", 1440],
  ["from right to left", 390],
] as const) {
  test(`every page fits ${how}, ${width} pixels wide`, async ({ world, people }) => {
    test.slow();
    const desk = await people.atDesk(world.admin, { viewport: { width, height: 900 } });
    if (how === "in German") await world.api.preferences.change({ language: "de" });
    await desk.page.goto(world.server.url);
    // A page that is in another language than the agent's is loaded once more.
    if (how === "in German") await expect(desk.page.locator("html")).toHaveAttribute("lang", "de");
    const wrong: string[] = [];
    for (const path of routes) {
      await desk.goTo(path);
      await expect(desk.page.getByRole("heading", { level: 1 }).first()).toBeVisible();
      if (how === "in German") await expect(desk.page.locator("html")).toHaveAttribute("lang", "de");
      else await desk.page.evaluate(() => (document.documentElement.dir = "rtl"));
      wrong.push(
        ...(await desk.page.evaluate(
          ([at]) => {
            const found: string[] = [];
            const page = document.documentElement;
            if (page.scrollWidth > page.clientWidth + 1) found.push(`${at} is wider than the screen by ${page.scrollWidth - page.clientWidth}`);
            for (const one of document.querySelectorAll<HTMLElement>("button, h1, h2, label, a")) {
              const box = one.getBoundingClientRect();
              if (box.width === 0 || one.closest(".sr-only, [class*=overflow-x-auto], [class*=truncate]") || one.querySelector("[class*=truncate]")) continue;
              if (one.scrollWidth > one.clientWidth + 2 && getComputedStyle(one).overflow !== "visible") found.push(`${at}: “${one.textContent}” is cut off`);
              if (box.left < -2 || box.right > page.clientWidth + 2) found.push(`${at}: “${one.textContent}” is off the screen`);
            }
            return found;
          },
          [path],
        )),
      );
    }
    expect(wrong).toEqual([]);
  });
}

test("the sheet of shortcuts is printed without the desk around it", async ({ world, people }) => {
  const desk = await people.atDesk(world.admin);
  await desk.page.keyboard.press("?");
  await expect(desk.page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByRole("button", { name: "Print" })).toBeVisible();
  await desk.page.emulateMedia({ media: "print" });
  await expect(desk.page.getByText("Next conversation", { exact: true })).toBeVisible();
  await expect(desk.page.getByRole("navigation", { name: "Main", includeHidden: true }).first()).toBeHidden();
  there(await desk.page.locator("[data-print]").boundingBox() ?? undefined);
});
