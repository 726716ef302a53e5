import { type Page, type Route } from "@playwright/test";
import { expect, test, there } from "../harness/test";

/** Holds each page's claim back until all of them have one under way. */
async function together(pages: Page[]): Promise<void> {
  const held: Route[] = [];
  for (const page of pages) {
    await page.route("**/claim", async (route) => {
      held.push(route);
      if (held.length === pages.length) await Promise.all(held.map((one) => one.continue()));
    });
  }
}

test("S3-27 S3-28: two agents claim at the same time: one gets it, the other is told who has it", async ({ world, people }) => {
  const support = await world.queue("Support");
  const agents = [
    await world.person("Ana Pires", [{ id: support, can_reply: true }]),
    await world.person("Ben Sauer", [{ id: support, can_reply: true }]),
  ];
  await world.webInbox(support);
  const desks = [];
  for (const agent of agents) {
    const desk = await people.atDesk(agent);
    await desk.becomes("Busy");
    desks.push(desk);
  }
  const customer = await people.customer();
  await customer.writes("Who takes this one?");
  for (const desk of desks) {
    await desk.goTo("/unassigned");
    await desk.opens("Who takes this one?");
  }

  await together(desks.map((desk) => desk.page));
  await Promise.all(desks.map((desk) => desk.action("Claim").click()));

  const assignee = async () => (await world.api.conversations.list({ view: "all" })).items[0]?.assignee_name;
  await expect.poll(assignee).toBeTruthy();
  const winner = await assignee();
  const won = there(desks.find((desk) => desk.person.name === winner));
  const lost = there(desks.find((desk) => desk.person.name !== winner));
  await expect(lost.notifications).toContainText(`${winner} already has this conversation`);
  await expect(won.notifications).not.toContainText("already has");
  await expect(won.replyBox).toBeVisible();
  await expect(lost.action("Claim")).toBeDisabled();
});
