/** Every screen of the desk, by name, and how to get there. */
import { type Page, expect } from "@playwright/test";
import { type Lively } from "./lively";
import { routes } from "./routes";

export interface Screen {
  name: string;
  path: (lively: Lively) => string;
  /** What shows that the screen is there. */
  heading: string | RegExp;
  /** Opens what does not have an address. */
  then?: (page: Page) => Promise<void>;
  /** Before sign-in. */
  outside?: boolean;
}

const press = (keys: string, dialog: string) => async (page: Page) => {
  await page.keyboard.press(keys);
  await expect(page.getByRole("dialog", { name: dialog })).toBeVisible();
};

const opens = (button: string, dialog: string) => async (page: Page) => {
  await page.getByRole("button", { name: button }).click();
  await expect(page.getByRole("dialog", { name: dialog })).toBeVisible();
};

const hours = async (page: Page) => {
  await opens("New queue", "New queue")(page);
  await page.getByRole("tab", { name: "Business hours" }).click();
  await page.getByRole("radio", { name: "Business hours" }).click();
};

const mine = ({ conversation }: Lively) => `/mine/${conversation}`;

const named: Screen[] = [
  { name: "sign-in", path: () => "/sign-in", heading: "Sign in", outside: true },
  { name: "conversation", path: mine, heading: /Mara Lind/ },
  { name: "unassigned", path: () => "/unassigned", heading: "Unassigned" },
  { name: "all", path: () => "/all", heading: "All work" },
  { name: "history", path: () => "/history", heading: "History" },
  { name: "why", path: mine, heading: /Mara Lind/, then: press("w", "Why this agent") },
  { name: "transfer", path: mine, heading: /Mara Lind/, then: press("t", "Transfer conversation") },
  { name: "palette", path: mine, heading: /Mara Lind/, then: press("Control+k", "Command palette") },
  { name: "search", path: mine, heading: /Mara Lind/, then: press("q", "Search everywhere") },
  { name: "shortcuts", path: () => "/all", heading: "All work", then: press("Shift+?", "Keyboard shortcuts") },
  { name: "board", path: () => "/board", heading: "Board" },
  { name: "statuses", path: () => "/statuses", heading: "Statuses" },
  { name: "new-status", path: () => "/statuses", heading: "Statuses", then: opens("New status", "New status") },
  { name: "queue-hours", path: () => "/admin/queues", heading: "Queues", then: hours },
  { name: "sticky-agents", path: () => "/admin/sticky-agents", heading: "Sticky agents" },
  { name: "agents", path: () => "/admin/agents", heading: "Agents" },
  { name: "queues", path: () => "/admin/queues", heading: "Queues" },
  { name: "inboxes", path: () => "/admin/inboxes", heading: "Inboxes" },
  { name: "bots", path: () => "/admin/bots", heading: "Bots" },
  { name: "chatbots", path: () => "/chatbots", heading: "All chatbots" },
  { name: "notifications", path: mine, heading: /Mara Lind/, then: async (page) => { await page.keyboard.press("g"); await press("n", "Notifications")(page); } },
  { name: "settings", path: () => "/admin/settings", heading: "Settings" },
  { name: "audit", path: () => "/admin/audit", heading: "Audit log" },
];

/** Every other page, by its address. */
const others = routes.filter((path) => !named.some((one) => !one.then && one.path({ conversation: "" } as Lively) === path));

export const screens: Screen[] = [...named, ...others.map((path): Screen => ({ name: path.slice(1).replaceAll("/", "-"), path: () => path, heading: /\S/ }))];

/** Goes to a screen and waits until it is complete. */
export async function show(page: Page, url: string, screen: Screen, lively: Lively): Promise<void> {
  await page.goto(url + screen.path(lively));
  await expect(page.getByRole("heading", { name: screen.heading }).first()).toBeVisible();
  await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
  await screen.then?.(page);
}
