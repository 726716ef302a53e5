import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Customer } from "../harness/customer";
import { lively } from "../harness/lively";
import { screens, show } from "../harness/screens";
import { expect, test } from "../harness/test";

const out = fileURLToPath(new URL("../out/screens/", import.meta.url));

const sizes = [
  { name: "1440", viewport: { width: 1440, height: 900 } },
  { name: "390", viewport: { width: 390, height: 844 } },
];

/** Runs in the page: what reaches beyond its right edge. Only tables and code may be scrolled sideways. */
function cutOff(): string[] {
  return [...document.querySelectorAll("button, a, input, select, textarea, h1, h2, h3, p")]
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1)
    .filter((element) => !element.closest("pre, :has(> table)"))
    .map((element) => `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent}`.slice(0, 80));
}

test.slow();
test.beforeAll(() => mkdir(out, { recursive: true }));

for (const { name: size, viewport } of sizes) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`every screen fits ${size} pixels, ${colorScheme}`, async ({ world, people }) => {
      const options = { viewport, colorScheme };
      const made = await lively(world, async (agent) => (await people.atDesk(agent, options)).page);
      const outside = await (await people.context(options)).newPage();
      for (const screen of screens) {
        const page = screen.outside ? outside : made.page;
        await show(page, world.server.url, screen, made);
        await page.screenshot({ path: `${out}${screen.name}-${size}-${colorScheme}.png` });
        expect.soft(await page.evaluate(cutOff), `${screen.name} is cut off`).toEqual([]);
      }

      await outside.goto(world.website.origin);
      const customer = new Customer(outside);
      await expect(customer.launcher).toBeVisible();
      await outside.screenshot({ path: `${out}widget-closed-${size}-${colorScheme}.png` });
      await customer.opens();
      await customer.writes("Hello, is anybody there?");
      await outside.screenshot({ path: `${out}widget-${size}-${colorScheme}.png` });
      const box = await customer.panel.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(viewport.width);
      if (size === "390") expect(box).toEqual({ x: 0, y: 0, ...viewport });
    });
  }
}
