import { type Customer } from "../harness/customer";
import { type Desk } from "../harness/desk";
import { identity } from "../harness/identity";
import { expect, test, there } from "../harness/test";
import { type World } from "../harness/world";

/** Who holds the one conversation that is not closed. */
async function holder(world: World): Promise<string> {
  const get = async () => (await world.api.conversations.list({ view: "all" })).items[0]?.assignee_name ?? "";
  await expect.poll(get).not.toBe("");
  return get();
}

/** The agent answers and closes; the customer saw it. */
async function helped(desk: Desk, customer: Customer, question: string, answer: string): Promise<void> {
  await desk.opens(question);
  await desk.replies(answer);
  await expect(customer.message(answer)).toBeVisible();
  await desk.closes();
  await expect(customer.panel).toContainText("This conversation was closed. Write to start again.");
}

test("S1-09 S2-01 S2-02 S3-35: first visit by strategy, answered live; the customer returns to the same agent", async ({
  world,
  people,
}) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const ben = await world.person("Ben Sauer", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desks = [await people.atDesk(ana), await people.atDesk(ben)];
  const customer = await people.customer();
  await expect(customer.thread).toContainText("Hello! How can we help you?");

  await customer.writes("My parcel has not arrived");
  const name = await holder(world);
  const mine = there(desks.find((desk) => desk.person.name === name));
  const others = there(desks.find((desk) => desk.person.name !== name));

  await test.step("the strategy's choice sees it without a reload, nobody else does", async () => {
    await expect(mine.entry("My parcel has not arrived")).toBeVisible();
    await expect(others.page.getByText("Nothing on your desk")).toBeVisible();
    await mine.opens("My parcel has not arrived");
    await expect(mine.why).toHaveAccessibleName("Why this agent: Next in turn in Support");
    await expect(customer.answeredBy).toHaveText(`${name} answers you`);
  });

  await test.step("both see the other one typing", async () => {
    await customer.text.pressSequentially("Order 47");
    await expect(mine.thread).toContainText("is typing");
    await customer.text.fill("");
    await expect(mine.thread).not.toContainText("is typing");
    await mine.replyBox.pressSequentially("One mo");
    await expect(customer.thread).toContainText(`${name} is writing…`);
  });

  await test.step("messages arrive live, and both sides see that they were seen", async () => {
    await expect(customer.thread).toContainText("Seen");
    await mine.replies("It is on its way and comes tomorrow.");
    await expect(customer.message("It is on its way and comes tomorrow.")).toBeVisible();
    await expect(customer.thread).not.toContainText("is writing…");
    await expect(mine.message("It is on its way")).toContainText("Seen");
    await customer.writes("Thank you!");
    await expect(mine.message("Thank you!")).toBeVisible();
  });

  await test.step("solved and closed are said to the customer", async () => {
    await mine.action("Solve").click();
    await expect(customer.panel).toContainText("This conversation was solved. Write to open it again.");
    await mine.closes();
    await expect(customer.panel).toContainText("This conversation was closed. Write to start again.");
  });

  await test.step("the customer returns and reaches the same agent, who sees why", async () => {
    await customer.page.reload();
    await expect(customer.message("Thank you!")).toBeVisible();
    await customer.writes("The parcel is damaged");
    await expect.poll(() => holder(world)).toBe(name);
    await mine.goTo("/mine");
    await mine.opens("The parcel is damaged");
    await expect(mine.why).toHaveAccessibleName(/^Why this agent: Same agent as /);
    const candidates = await mine.opensDecision();
    await expect(candidates.getByRole("row", { name })).toContainText(/Last agent\s*Chosen/);
  });
});

test("S2-06 S2-07: the last agent is Away: another agent of the same queue takes over, and the trace says why", async ({
  world,
  people,
}) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const ben = await world.person("Ben Sauer", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const anas = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("First question");
  await helped(anas, customer, "First question", "First answer");

  await anas.becomes("Away");
  const bens = await people.atDesk(ben);
  await customer.writes("Second question");
  await bens.opens("Second question");
  const candidates = await bens.opensDecision();
  await expect(candidates.getByRole("row", { name: "Ana Pires" }).first()).toContainText(/Last agent\s*Not available/);
  await expect(candidates.getByRole("row", { name: "Ben Sauer" })).toContainText("Chosen");
});

test("S2-08: no queue is set and the last agent is Away: an agent of any of that agent's queues, and no other", async ({
  world,
  people,
}) => {
  const support = await world.queue("Support");
  const sales = await world.queue("Sales");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const cleo = await world.person("Cleo Marsh", [{ id: sales, can_reply: true }]);
  const ben = await world.person("Ben Sauer", [{ id: support, can_reply: true }]);
  await world.webInbox("");
  const anas = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("First question");
  await helped(anas, customer, "First question", "First answer");

  await anas.becomes("Away");
  await people.atDesk(cleo);
  const bens = await people.atDesk(ben);
  await customer.writes("Second question");
  await expect(bens.entry("Second question")).toBeVisible();
  expect(await holder(world)).toBe("Ben Sauer");
});

test("S2-09: nobody is available: the conversation waits unassigned and says what it waits for, then goes to who comes", async ({
  world,
  people,
}) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  await desk.becomes("Away");
  const customer = await people.customer();
  await customer.writes("Is anybody there?");
  await desk.goTo("/unassigned");
  await desk.opens("Is anybody there?");
  await expect(desk.why).toHaveAccessibleName(/^waits .+: Nobody in Support can take it: 1 away$/);
  await desk.becomes("Available");
  await desk.goTo("/mine");
  await expect(desk.entry("Is anybody there?")).toBeVisible();
});

test("S1-07 S1-08: a named sticky agent wins over the agent of the last conversation", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const ben = await world.person("Ben Sauer", [{ id: support, can_reply: true }]);
  const inbox = await world.webInbox(support);
  const jwt = identity(inbox.identitySecret, { sub: "customer-7", name: "Mara Lind", phone: "+49 30 901820" });
  world.website.show({ tag: inbox.tag, script: `window.Rapport = [["identify", ${JSON.stringify(jwt)}]]` });

  const anas = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("First question");
  await helped(anas, customer, "First question", "First answer");

  await world.api.sticky.create({ title: "Key account Lind", points: "0049 (0)30 901820", agent_id: ben.id, enabled: true });
  const bens = await people.atDesk(ben);
  await customer.writes("Second question");
  await bens.opens("Second question");
  await expect(bens.page.getByRole("heading", { name: /Mara Lind/ })).toBeVisible();
  await expect(bens.why).toHaveAccessibleName("Why this agent: Named sticky agent (Key account Lind)");
  await expect((await bens.opensDecision()).getByRole("row", { name: "Ben Sauer" })).toContainText("Sticky agent");
});
