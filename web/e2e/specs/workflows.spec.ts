import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Locator, type Page } from "@playwright/test";
import { faults } from "../harness/axe";
import { type Desk } from "../harness/desk";
import { expect, test } from "../harness/test";

const out = fileURLToPath(new URL("../out/screens/", import.meta.url));
const docs = fileURLToPath(new URL("../../../docs/screenshots/", import.meta.url));

test.slow();

/** What an admin does in the workflow builder. */
class Canvas {
  readonly panel: Locator;
  readonly picker: Locator;

  constructor(readonly page: Page) {
    this.panel = page.locator("aside[data-panel]");
    this.picker = page.getByRole("dialog", { name: /^Add a step/ });
  }

  /** A new workflow from the list; template empty: from nothing. */
  static async create(desk: Desk, name: string, template = ""): Promise<Canvas> {
    await desk.goTo("/admin/workflows");
    await desk.page.getByRole("button", { name: "New workflow" }).first().click();
    const dialog = desk.page.getByRole("dialog", { name: "New workflow" });
    if (template) await dialog.getByRole("radio", { name: template }).check();
    await dialog.getByRole("textbox", { name: "Name" }).fill(name);
    await dialog.getByRole("button", { name: "Create workflow" }).click();
    await expect(desk.page.getByRole("heading", { name })).toBeVisible();
    return new Canvas(desk.page);
  }

  step(name: string | RegExp): Locator {
    return this.page.locator(".react-flow__node").filter({ hasText: name });
  }

  /** Opens the list of steps with A and takes one by typing. */
  async adds(text: string): Promise<void> {
    await this.page.keyboard.press("Escape"); // out of the panel, onto the step
    await this.page.keyboard.press("a");
    await this.takes(text);
  }

  async takes(text: string): Promise<void> {
    await this.picker.getByRole("combobox").fill(text);
    await this.page.keyboard.press("Enter");
    await expect(this.picker).toBeHidden();
  }

  async saved(): Promise<void> {
    await expect(this.page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
  }

  async publishes(note: string): Promise<void> {
    await this.saved();
    await this.page.getByRole("button", { name: "Publish" }).click();
    const dialog = this.page.getByRole("dialog", { name: /^Publish version/ });
    await dialog.getByLabel("Note").fill(note);
    await dialog.getByRole("button", { name: "Publish" }).click();
    await expect(dialog).toBeHidden();
    await expect(this.page.getByText(/^Live, version/)).toBeVisible();
  }
}

test("S4-01 S4-03 S4-04 S4-05 S4-06 S4-07 S4-08 S4-09 S4-10: an admin builds it on the canvas; the silent agent's conversation moves to the second, with a note and a notification", async ({
  world,
  people,
}) => {
  const support = await world.queue("Support");
  const serves = [{ id: support, can_reply: true }];
  const ana = await world.person("Ana Pires", serves);
  const ben = await world.person("Ben Sauer", serves);
  await world.webInbox(support);
  const admin = await people.atDesk(world.admin);
  const canvas = await Canvas.create(admin, "Nobody answers");
  const { page, panel } = canvas;

  await test.step("trigger", async () => {
    await canvas.step(/Conversation opened/).click();
    await panel.getByLabel("Opened by").selectOption("Customer");
  });
  await test.step("steps, with the keyboard", async () => {
    await canvas.adds("assign to a queue");
    await panel.getByLabel("Queue", { exact: false }).first().selectOption("Support");
    await panel.getByLabel("This workflow looks after the answer").click();
    await canvas.adds("wait");
    await panel.getByLabel("How long").fill("3 seconds");
    await canvas.adds("branch");
    for (const [fact, comparison, value] of [
      ["State", "is", "Open"],
      ["Time since the agent's last answer", "does not exist", ""],
    ] as const) {
      await panel.getByRole("button", { name: "Condition", exact: true }).click();
      await panel.getByLabel("Fact").last().selectOption(fact);
      await panel.getByLabel("Comparison").last().selectOption(comparison);
      if (value) await panel.getByLabel("Value").last().selectOption(value);
    }
    await expect(canvas.step(/Branch/)).toContainText("State is Open and time since the agent's last answer does not exist");
    await canvas.adds("assign to a queue");
    const another = panel.getByLabel("Name on the canvas");
    await another.fill("Assign to another agent");
    await panel.getByLabel("Queue", { exact: false }).first().selectOption("Support");
    await panel.getByLabel("Leave it with whoever has it").click();
    await panel.getByLabel("Somebody else than now").click();
    await expect(panel.getByLabel("Only agents who are online")).toBeChecked();
  });
  await test.step("a step is dragged from the palette, and connected by dragging", async () => {
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Close panel" }).click();
    await page.getByRole("button", { name: "Show everything" }).click();
    const another = canvas.step("Assign to another agent");
    const box = (await another.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const flow = page.locator(".react-flow__pane");
    const area = (await flow.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.getByRole("complementary", { name: "Steps" }).getByRole("button", { name: "Note" }).dragTo(flow, {
      targetPosition: { x: box.x - area.x - 160, y: box.y - area.y + 20 },
    });
    await panel.getByLabel("Text").fill("{{contact.name}} waits for an answer. Please take over.");
    await page.getByRole("button", { name: "Close panel" }).click();
    await expect(page.getByText("1 problem", { exact: true })).toBeVisible(); // no arrow leads to it yet
    await another.locator(".react-flow__handle-bottom").first().dragTo(canvas.step("Note").locator(".react-flow__handle-top"));
    await expect(page.getByText("1 problem", { exact: true })).toBeHidden();
    await page.keyboard.press("l"); // arranged by itself
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+Shift+z");
  });
  await test.step("test run", async () => {
    await canvas.saved();
    await page.getByRole("button", { name: "Test run" }).click();
    await panel.getByRole("button", { name: "Run the test" }).click();
    const path = panel.getByRole("list", { name: "Path" });
    await expect(path).toContainText("3 seconds later");
    await expect(path.getByRole("button").last()).toContainText("Note");
    expect.soft(await faults(page), "test run").toEqual([]);
    await page.getByRole("button", { name: "Close panel" }).click();
  });
  await canvas.publishes("First version");

  const anas = await people.atDesk(ana);
  const frames: string[] = [];
  const bens = await people.atDesk(ben);
  bens.page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => frames.push(String(payload)));
  });
  await bens.page.reload();
  await ben.signed.api.session.setStatus({ status: "away" });

  const customer = await people.customer();
  await customer.writes("Is anybody there?");
  await expect(anas.entry("Is anybody there?")).toBeVisible();
  await ben.signed.api.session.setStatus({ status: "available" });

  await bens.opens("Is anybody there?");
  await expect(bens.message("waits for an answer. Please take over.")).toBeVisible();
  await expect(anas.entry("Is anybody there?")).toBeHidden();
  await expect
    .poll(() => frames.filter((frame) => frame.includes('"notification.added"') && frame.includes("Please take over")).length, "Ben is notified")
    .toBe(1);

  await test.step("the run and its log are in the conversation and in the builder", async () => {
    const customerPanel = bens.page.getByRole("complementary", { name: "Customer" });
    await expect(customerPanel.getByRole("button", { name: /Nobody answers Done/ })).toBeVisible();
    await page.getByRole("button", { name: "Runs", exact: true }).click();
    await panel.getByRole("button", { name: /Done/ }).click();
    await expect(panel.getByRole("list", { name: "Log of the run" })).toContainText("Assign to another agent");
  });
});

test("workflows: list and builder have no serious accessibility fault and fit wide and narrow", async ({ world, people }) => {
  await mkdir(out, { recursive: true });
  await world.queue("Support");
  const made = await world.api.workflows.create({ name: "Nobody answers within 15 minutes", template: "unanswered" });
  await world.api.workflows.publish(made.id, "First version");
  const wait = made.draft.steps.map((step) => (step.kind === "wait" ? { ...step, title: "10 minutes", with: { seconds: 600 } } : step));
  await world.api.workflows.saveDraft(made.id, { ...made.draft, steps: wait });
  await world.api.workflows.create({ name: "VIP to a named agent", template: "vip" });
  const hours = await world.api.workflows.create({ name: "Out-of-hours reply", template: "out-of-hours" });
  await world.api.workflows.publish(hours.id, "");
  await world.api.workflows.change(hours.id, { enabled: false });

  for (const [size, viewport] of [
    ["1440", { width: 1440, height: 900 }],
    ["390", { width: 390, height: 844 }],
  ] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      const desk = await people.atDesk(world.admin, { viewport, colorScheme });
      const { page } = desk;
      const shoot = async (name: string) => {
        await page.screenshot({ path: `${out}${name}-${size}-${colorScheme}.png` });
        expect.soft(await faults(page), `${name} ${size} ${colorScheme}`).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect.soft(wide, `${name} ${size} is too wide`).toBe(false);
        if (size === "1440" && colorScheme === "light" && process.env["UPDATE_SCREENSHOTS"] === "1") await page.screenshot({ path: `${docs}${name}.png` });
      };
      await desk.goTo("/admin/workflows");
      await expect(page.getByRole("row", { name: /Nobody answers/ })).toContainText("Conversation opened");
      await shoot("workflows");
      await page.getByRole("button", { name: "New workflow" }).click();
      await page.getByRole("radio", { name: /^Unanswered/ }).check();
      await shoot("workflow-new");
      await page.keyboard.press("Escape");
      await desk.goTo(`/admin/workflows/${made.id}`);
      const narrow = size === "390";
      const step = (name: RegExp) => (narrow ? page.getByRole("list", { name: "Steps" }).getByRole("button", { name }) : page.locator(".react-flow__node").filter({ hasText: name }));
      await expect(step(/not answered\?\s*State/)).toBeVisible();
      await shoot("workflow-builder");
      await step(/not answered\?\s*State/).click();
      await expect(page.getByRole("group", { name: "Condition", exact: true })).toBeVisible();
      await shoot("workflow-step");
      await page.getByRole("button", { name: "Close panel" }).click();
      await page.getByRole("button", { name: "Test run" }).click();
      await page.getByRole("button", { name: "Run the test" }).click();
      await expect(page.getByRole("list", { name: "Path" })).toBeVisible();
      await shoot("workflow-test");
      await page.getByRole("button", { name: "Close panel" }).click();
      await page.getByRole("button", { name: "Version history" }).click();
      await page.getByRole("button", { name: /^Version 1/ }).click();
      await expect(page.getByRole("list", { name: "Changes" })).toBeVisible();
      await shoot("workflow-versions");
      await page.getByRole("button", { name: "Publish" }).click();
      await expect(page.getByRole("dialog", { name: "Publish version 2" })).toBeVisible();
      await shoot("workflow-publish");
    }
  }
});

test("workflows: the keyboard alone moves, opens, adds, removes and undoes", async ({ world, people }) => {
  const made = await world.api.workflows.create({ name: "Keys", template: "unanswered" });
  const desk = await people.atDesk(world.admin);
  const { page } = desk;
  await desk.goTo(`/admin/workflows/${made.id}`);
  const focused = page.locator(".react-flow__node:focus");
  await expect(page.locator(".react-flow__node")).toHaveCount(7);
  await page.keyboard.press("ArrowDown");
  await expect(focused).toHaveAccessibleName(/^Trigger: Conversation opened/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(focused).toHaveAccessibleName(/15 minutes/);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("How long")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(focused).toHaveAccessibleName(/15 minutes/);
  await page.keyboard.press("Delete");
  await expect(page.locator(".react-flow__node")).toHaveCount(6);
  await page.keyboard.press("Control+z");
  await expect(page.locator(".react-flow__node")).toHaveCount(7);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(page.locator(".react-flow__node")).toHaveCount(13);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("remove the selected");
  await page.keyboard.press("Enter");
  await expect(page.locator(".react-flow__node")).toHaveCount(7);
});
