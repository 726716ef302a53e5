import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { routes } from "../harness/routes";
import { expect, test } from "../harness/test";

// Issue 4, point 17: each screen says what to do when there is nothing yet, and what failed when the server refuses.

const out = fileURLToPath(new URL("../out/states/", import.meta.url));

const name = (path: string) => path.slice(1).replaceAll("/", "-");

async function quiet(page: Page): Promise<void> {
  await expect(page.locator("h1, h2").first()).toBeVisible();
  await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
}

test.beforeAll(() => mkdir(out, { recursive: true }));

test("a new account: every screen says what it is for", async ({ world, people }) => {
  test.setTimeout(180_000);
  const { page } = await people.atDesk(await world.person("Ada", [], "admin"));
  for (const path of routes) {
    await page.goto(world.server.url + path);
    await quiet(page);
    // More than its heading.
    await expect.soft(page.locator("main"), path).toHaveText(/\S[\s\S]{40,}/, { useInnerText: true });
    expect.soft(await page.getByRole("alert").allInnerTexts(), path).toEqual([]);
    await page.screenshot({ path: `${out}new-${name(path)}.png` });
  }
});

test("a server that refuses: every screen says so, and tries again when asked", async ({ world, people }) => {
  test.setTimeout(240_000);
  const { page } = await people.atDesk(await world.person("Ada", [], "admin"));
  let failing = true;
  await page.route(/\/api\/v1\/(?!session|socket|me\b)/, (route) =>
    failing && route.request().method() === "GET"
      ? route.fulfill({ status: 409, contentType: "application/problem+json", body: JSON.stringify({ title: "Conflict", status: 409, code: "conflict", detail: "This is refused on purpose." }) })
      : route.continue(),
  );
  for (const path of routes) {
    // These show what is known without asking.
    if (path.startsWith("/settings/")) continue;
    failing = true;
    await page.goto(world.server.url + path);
    const again = page.locator("main").getByRole("button", { name: /again/i }).first();
    await expect.soft(again, path).toBeVisible();
    await page.screenshot({ path: `${out}failing-${name(path)}.png` });
    failing = false;
    if (!(await again.isVisible())) continue;
    // Parts of a page are asked for by themselves.
    for (let part = 0; part < 4 && (await again.isVisible()); part++) await again.click({ timeout: 2_000 }).catch(() => undefined);
    await expect.soft(again, `${path} after it works again`).toBeHidden();
  }
});
