import { adminRoutes } from "../harness/routes";
import { expect, test } from "../harness/test";

test("an agent sees neither the admin's nor the supervisor's pages", async ({ world, people }) => {
  const ana = await world.person("Ana Pires");
  const desk = await people.atDesk(ana);
  const navigation = desk.page.getByRole("navigation", { name: "Main" });
  for (const name of ["Board", "Sticky agents", "Agents", "Queues", "Inboxes", "Settings", "Audit log"]) {
    await expect(navigation.getByRole("link", { name, exact: true })).toHaveCount(0);
  }
  for (const path of ["/board", "/admin/sticky-agents", ...adminRoutes]) {
    await desk.goTo(path);
    await expect(desk.page.getByRole("heading", { name: "My work", level: 1 }), path).toBeVisible();
  }
  await expect(ana.signed.api.queues.create({ name: "Mine", strategy: "random", capacity: null, sticky: null, members: [] }), "the server says no too").rejects.toMatchObject({ status: 403 });
});

test("a supervisor sees the board and sticky agents, but not the admin's pages", async ({ world, people }) => {
  const cleo = await world.person("Cleo Marsh", [], "supervisor");
  const desk = await people.atDesk(cleo);
  for (const [path, heading] of [["/board", "Board"], ["/admin/sticky-agents", "Sticky agents"]] as const) {
    await desk.goTo(path);
    await expect(desk.page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
  }
  for (const path of adminRoutes) {
    await desk.goTo(path);
    await expect(desk.page.getByRole("heading", { name: "My work", level: 1 }), path).toBeVisible();
  }
});

test("S3-65: an agent who may only look into a queue cannot reply there, and is told why", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const ben = await world.person("Ben Sauer", [{ id: support, can_reply: false }]);
  await world.webInbox(support);
  const anas = await people.atDesk(ana);
  const bens = await people.atDesk(ben);
  const customer = await people.customer();
  await customer.writes("For members only");
  await expect(anas.entry("For members only")).toBeVisible();
  await bens.goTo("/all");
  await bens.opens("For members only");
  await expect(bens.replyBox).toHaveCount(0);
  await expect(bens.page.getByRole("region", { name: "Composer" })).toContainText("You can still write an internal note.");
  // What is noted of it is to be read, too; why it cannot be changed stands beside it.
  const beside = bens.page.getByRole("complementary", { name: "Customer" });
  await expect(beside).toContainText("cannot change what is noted");
  await expect(beside.getByRole("textbox", { name: "Topic" })).toHaveCount(0);

  await bens.page.keyboard.press("n");
  await bens.page.keyboard.type("Only colleagues read this");
  await bens.page.keyboard.press("Enter");
  await anas.opens("For members only");
  await expect(anas.message("Only colleagues read this")).toBeVisible();
  await expect(customer.thread).not.toContainText("Only colleagues read this");
});

test("conversations of a queue are not visible to agents outside it", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const cleo = await world.person("Cleo Marsh");
  await world.webInbox(support);
  const anas = await people.atDesk(ana);
  const cleos = await people.atDesk(cleo);
  const customer = await people.customer();
  await customer.writes("Behind the door");
  await anas.opens("Behind the door");
  const id = anas.page.url().split("/").at(-1) ?? "";
  await cleos.goTo("/all");
  await expect(cleos.page.getByText("No conversations", { exact: true })).toBeVisible();
  await cleos.goTo(`/all/${id}`);
  await expect(cleos.page.getByText("This conversation is not visible to you")).toBeVisible();
});
