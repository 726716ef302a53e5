/** What a customer does in the widget on the website. */
import { type BrowserContext, type Locator, type Page, expect } from "@playwright/test";

export class Customer {
  readonly panel: Locator;
  readonly thread: Locator;
  readonly launcher: Locator;
  readonly text: Locator;

  constructor(readonly page: Page) {
    this.launcher = page.locator("button[aria-haspopup=dialog]").and(page.getByRole("button", { name: /chat/ }));
    this.panel = page.getByRole("dialog");
    this.thread = this.panel.getByRole("log");
    this.text = this.panel.getByRole("textbox", { name: "Write a message" });
  }

  /** A customer who comes to the website and opens the chat. */
  static async visits(context: BrowserContext, origin: string): Promise<Customer> {
    const page = await context.newPage();
    await page.goto(origin);
    const customer = new Customer(page);
    await customer.opens();
    return customer;
  }

  async opens(): Promise<void> {
    await this.launcher.click();
    await expect(this.text).toBeVisible();
  }

  /** Writes a message and waits until the server has it. */
  async writes(text: string): Promise<void> {
    await this.sends(text);
    await expect(this.message(text)).not.toHaveClass(/waiting|failed/);
  }

  /** Writes a message, whatever becomes of it. */
  async sends(text: string): Promise<void> {
    await this.text.fill(text);
    await this.text.press("Enter");
    await expect(this.message(text)).toBeVisible();
  }

  message(text: string): Locator {
    return this.thread.getByRole("paragraph").filter({ hasText: text });
  }

  /** The texts of the thread, in order, without times and names. */
  async texts(): Promise<string[]> {
    return this.thread.locator(".line").allTextContents();
  }

  /** Who answers, as the header says. */
  get answeredBy(): Locator {
    return this.panel.locator("header p");
  }
}
