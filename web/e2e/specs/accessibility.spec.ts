import { faults } from "../harness/axe";
import { Customer } from "../harness/customer";
import { lively } from "../harness/lively";
import { screens, show } from "../harness/screens";
import { expect, test } from "../harness/test";

test.slow();

for (const colorScheme of ["light", "dark"] as const) {
  test(`the desk has no serious accessibility fault on any screen, ${colorScheme}`, async ({ world, people }) => {
    const options = { colorScheme };
    const made = await lively(world, async (agent) => (await people.atDesk(agent, options)).page);
    await made.page.setViewportSize({ width: 1440, height: 3600 }); // what is out of sight is not judged
    const outside = await (await people.context(options)).newPage();
    for (const screen of screens) {
      const page = screen.outside ? outside : made.page;
      await show(page, world.server.url, screen, made);
      expect.soft(await faults(page), screen.name).toEqual([]);
    }
  });

  test(`the widget has no serious accessibility fault, ${colorScheme}`, async ({ world, people }) => {
    const support = await world.queue("Support");
    const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
    await world.webInbox(support, { color: "#ffd400" });
    const desk = await people.atDesk(ana);
    const page = await (await people.context({ colorScheme })).newPage();
    await page.goto(world.website.origin);
    const customer = new Customer(page);
    await expect(customer.launcher).toBeVisible();
    expect.soft(await faults(page), "launcher").toEqual([]);

    await customer.opens();
    expect.soft(await faults(page), "empty").toEqual([]);
    await customer.writes("Hello, see https://example.com/orders");
    await desk.opens("Hello, see");
    await desk.replies("Welcome back. See https://example.com/help");
    await expect(customer.message("Welcome back")).toBeVisible();
    expect.soft(await faults(page), "conversation").toEqual([]);
    await world.server.kill();
    await customer.sends("Are you there?");
    await expect(customer.panel).toContainText("The connection is lost");
    expect.soft(await faults(page), "no connection").toEqual([]);
  });
}
