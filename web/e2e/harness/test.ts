/** `test` with a server, a website and people of its own for each test. */
import { type Browser, type BrowserContext, type BrowserContextOptions, test as base } from "@playwright/test";
import { Customer } from "./customer";
import { Desk } from "./desk";
import { Server } from "./server";
import { Website } from "./website";
import { type Person, World } from "./world";

interface Fixtures {
  /** Settings of the server by the environment; {website} is the website's address. */
  settings: Record<string, string>;
  world: World;
  people: People;
}

/** Opens browser contexts, one for each person, and closes them after the test. */
export class People {
  readonly #contexts: BrowserContext[] = [];

  constructor(
    readonly world: World,
    readonly browser: Browser,
  ) {}

  /** An agent at the desk, Available. */
  async atDesk(person: Person, options?: BrowserContextOptions): Promise<Desk> {
    const context = await this.context(options);
    await context.addCookies(person.signed.cookies);
    // What is sent leaves at once, unless a test asks for the time to take it back.
    await context.addInitScript(() => {
      if (localStorage.getItem("rapport.undo_seconds") === null) localStorage.setItem("rapport.undo_seconds", "0");
    });
    await person.signed.api.session.setStatus({ status: "available" });
    return Desk.open(context, person, this.world.server.url);
  }

  /** A customer on the website with the chat open. */
  async customer(options?: BrowserContextOptions): Promise<Customer> {
    return Customer.visits(await this.context(options), this.world.website.origin);
  }

  async context(options?: BrowserContextOptions): Promise<BrowserContext> {
    const context = await this.browser.newContext({ reducedMotion: "reduce", ...options });
    this.#contexts.push(context);
    return context;
  }

  async leave(): Promise<void> {
    for (const context of this.#contexts) await context.close();
  }
}

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  world: async ({ settings }, provide, info) => {
    const website = await Website.start();
    const server = await Server.start(Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value.replace("{website}", website.origin)])));
    try {
      await provide(await World.make(server, website));
    } finally {
      if (info.status !== info.expectedStatus) {
        await info.attach("server log", { body: server.log, contentType: "text/plain" });
      }
      await website.stop();
      await server.stop();
    }
  },
  people: async ({ world, browser }, provide) => {
    const people = new People(world, browser);
    await provide(people);
    await people.leave();
  },
});

/** The value, which must be there. */
export function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("nothing found");
  return value;
}

export { expect } from "@playwright/test";
