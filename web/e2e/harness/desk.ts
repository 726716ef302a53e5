/** What a person does in the desk. Names of buttons and regions are those that screen readers hear. */
import { type BrowserContext, type Locator, type Page, type WebSocket, expect } from "@playwright/test";
import { type Person } from "./world";

export class Desk {
  readonly list: Locator;
  readonly thread: Locator;
  readonly replyBox: Locator;
  readonly notifications: Locator;

  constructor(
    readonly page: Page,
    readonly person: Person,
    readonly url: string,
  ) {
    this.list = page.getByRole("list", { name: "Conversations" });
    this.thread = page.getByRole("region", { name: "Thread" });
    this.replyBox = page.getByRole("textbox", { name: "Reply" });
    this.notifications = page.getByRole("region", { name: "Notifications" });
  }

  /** Opens My work for somebody who is signed in, and waits until the server counts them as there. */
  static async open(context: BrowserContext, person: Person, url: string): Promise<Desk> {
    const desk = new Desk(await context.newPage(), person, url);
    await desk.goTo("/mine");
    await expect(desk.page.getByRole("heading", { name: "My work", level: 1 })).toBeVisible();
    await expect.poll(async () => (await person.signed.api.session.me()).agent.connected).toBe(true);
    return desk;
  }

  /** Opens an address anew, and waits until the desk is live: what happens from then on is told. */
  async goTo(path: string): Promise<void> {
    // One in another language than the agent's is loaded twice, and the first time may end before it is live.
    let hear: (socket: WebSocket) => void = () => undefined;
    const live = new Promise<void>((heard) => {
      hear = (socket) => {
        socket.once("framereceived", () => {
          heard();
        });
      };
    });
    this.page.on("websocket", hear);
    await this.page.goto(this.url + path);
    await live;
    this.page.off("websocket", hear);
  }

  /** Chooses a status in the account menu. */
  async becomes(status: "Available" | "Busy" | "Away" | "Offline"): Promise<void> {
    const account = this.page.getByRole("button", { name: "Status and account" });
    if ((await account.textContent())?.includes(status)) return;
    await account.click();
    await this.page.getByRole("menuitemradio", { name: status }).click();
    await expect(account).toContainText(status);
    const chosen = status.toLowerCase();
    await expect.poll(async () => (await this.person.signed.api.session.me()).agent.status).toBe(chosen);
  }

  /** The entry of the list whose last message is text. */
  entry(text: string): Locator {
    return this.list.getByRole("link").filter({ hasText: text });
  }

  async opens(text: string): Promise<void> {
    await this.entry(text).click();
    await expect(this.thread).toBeVisible();
  }

  async replies(text: string): Promise<void> {
    await this.replyBox.fill(text);
    await this.replyBox.press("Enter");
    await expect(this.message(text)).toBeVisible();
  }

  /** A message or note of the open thread that the server has. */
  message(text: string): Locator {
    return this.thread.getByRole("article", { name: /^(Message|Internal note) by / }).filter({ hasText: text });
  }

  /** The messages of the open thread, in order. */
  async texts(): Promise<string[]> {
    return this.thread.getByRole("article", { name: /^Message by / }).locator(".whitespace-pre-wrap").allTextContents();
  }

  /** A button of the open conversation's toolbar. */
  action(name: string): Locator {
    return this.page.getByRole("toolbar", { name: "Conversation actions" }).getByRole("button", { name, exact: true });
  }

  /** Closes the open conversation for good. */
  async closes(): Promise<void> {
    await this.action("More actions").click();
    await this.page.getByRole("menuitem", { name: "Close" }).click();
    await this.page.getByRole("button", { name: "Yes, close" }).click();
  }

  /** The line that says why this agent has it; a button that opens the decision. */
  get why(): Locator {
    return this.page.getByRole("button", { name: /^(Why this agent|waits .+): / });
  }

  /** Opens the decision and returns the table of candidates. */
  async opensDecision(): Promise<Locator> {
    await this.why.click();
    return this.page.getByRole("dialog", { name: "Why this agent" }).getByRole("table", { name: "Candidates" }).first();
  }
}
