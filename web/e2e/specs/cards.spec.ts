import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { faults } from "../harness/axe";
import { expect, test } from "../harness/test";

/** The other system: it knows one customer. */
class Crm {
  readonly record: Record<string, unknown> = { plan: "silver", city: "Lisbon", since: "2024-03-01", page: "https://example.com/c/17", vip: true };
  broken = false;
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Crm> {
    const server = createServer((request, response) => {
      crm.asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => {
        if (request.headers.authorization !== "Bearer top-secret-token") response.writeHead(401).end();
        else if (crm.broken) response.writeHead(503).end();
        else {
          const change = body ? (JSON.parse(body) as Record<string, unknown>) : {};
          if (change["city"] === "Atlantis") {
            response.writeHead(422, { "content-type": "application/problem+json" }).end('{"detail":"There is no such city."}');
            return;
          }
          Object.assign(crm.record, change);
          response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ customer: crm.record }));
        }
      });
    });
    const crm = new Crm(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return crm;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

test("S3-73: an admin sets a card up and tries it; an agent sees it, changes a field there, and the thread tells", async ({ world, people }) => {
  const crm = await Crm.start();
  try {
    const support = await world.queue("Support");
    const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
    await world.webInbox(support);
    const admin = await people.atDesk(world.admin);
    const page = admin.page;
    await admin.goTo("/admin/cards");
    await expect(page.getByText("No context card yet")).toBeVisible();
    await page.getByRole("button", { name: "New context card" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New context card" });
    await dialog.getByLabel("Name", { exact: true }).fill("Customer file");
    await dialog.getByLabel("Address", { exact: true }).fill(`${crm.url}/customers/{{contact.id}}`);
    await dialog.getByRole("button", { name: "Add header" }).click();
    await dialog.getByRole("group", { name: "Header 1" }).getByLabel("Value").fill("Bearer top-secret-token");
    for (const [n, label, path, type] of [
      [1, "Plan", "$.customer.plan", "Choice"],
      [2, "City", "$.customer.city", "Text"],
      [3, "Since", "$.customer.since", "Date"],
      [4, "Page", "$.customer.page", "Link"],
    ] as const) {
      if (n > 1) await dialog.getByRole("button", { name: "Add field" }).click();
      const field = dialog.getByRole("group", { name: `Field ${n}` });
      await field.getByLabel("Label").fill(label);
      await field.getByLabel("Path in the answer").fill(path);
      await field.getByLabel("Type").selectOption(type);
      if (type === "Choice") await field.getByLabel("Choices").fill("silver\ngold");
    }
    // Where the values are refused, the form says where.
    const city = dialog.getByRole("group", { name: "Field 2" });
    await city.getByLabel("Agents may change it").click();
    await city.getByLabel("Place in the body that is sent").fill("city");
    await dialog.getByLabel("Address for changes").fill(`${crm.url}/customers/{{contact.shoe}}`);
    await dialog.getByRole("button", { name: "Create card" }).click();
    await expect(dialog.getByText(/\{\{contact\.shoe\}\} is not a variable/)).toBeVisible();
    await dialog.getByLabel("Address for changes").fill(`${crm.url}/customers/{{contact.id}}`);
    // The trial asks with a value of one's own.
    const trial = dialog.getByRole("region", { name: "Try it" });
    await trial.getByLabel("contact.id").fill("a b/c");
    await trial.getByRole("button", { name: "Ask now" }).click();
    await expect(trial.getByText("Lisbon", { exact: true })).toBeVisible();
    await expect(trial.getByText("1 Mar 2024")).toBeVisible();
    expect(crm.asked.at(-1)).toBe("GET /customers/a%20b%2Fc");
    expect(await faults(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Create card" }).click();
    await expect(page.getByRole("cell", { name: "Customer file", exact: true })).toBeVisible();
    // The secret is never shown again.
    await page.getByRole("button", { name: "Actions for Customer file" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await expect(page.getByRole("group", { name: "Header 1" }).getByLabel("Value")).toHaveValue("***");
    await page.getByRole("button", { name: "Cancel" }).click();

    const desk = await people.atDesk(ana);
    const customer = await people.customer();
    await customer.writes("Which plan do I have?");
    await desk.opens("Which plan do I have?");
    const panel = desk.page.getByRole("complementary", { name: "Customer" });
    await expect(panel.getByRole("button", { name: "Customer file", exact: true })).toBeVisible();
    await expect(panel.getByText("silver", { exact: true })).toBeVisible();
    await expect(panel.getByRole("link", { name: "example.com/c/17" })).toHaveAttribute("rel", /noopener/);
    await expect(panel.getByText(/^As of/)).toBeVisible();

    // A refusal of the other system is said where it was typed, and what was typed stays.
    await panel.getByRole("button", { name: "Change City: Lisbon" }).click();
    await panel.getByRole("textbox", { name: "City" }).fill("Atlantis");
    await panel.getByRole("button", { name: "Save" }).click();
    await expect(panel.getByRole("alert")).toContainText("There is no such city.");
    await expect(panel.getByRole("textbox", { name: "City" })).toHaveValue("Atlantis");
    // What changed there meanwhile is not overwritten.
    crm.record["city"] = "Faro";
    await panel.getByRole("textbox", { name: "City" }).fill("Porto");
    await panel.getByRole("button", { name: "Save" }).click();
    await expect(panel.getByRole("alert")).toContainText("it is “Faro” now");
    expect(crm.record["city"]).toBe("Faro");
    expect(await faults(desk.page)).toEqual([]);
    await panel.getByRole("button", { name: "Save" }).click();
    await expect(panel.getByRole("button", { name: "Change City: Porto" })).toBeVisible();
    expect(crm.record["city"]).toBe("Porto");
    await expect(desk.page.getByText("Ana Pires changed City from “Faro” to “Porto” (Customer file)")).toBeVisible();

    // What is wrong there is a state of the card.
    crm.broken = true;
    await expect
      .poll(async () => {
        await panel.getByRole("button", { name: "Refresh Customer file" }).click();
        return panel.getByText("The other system is in trouble. Try again later.").isVisible();
      })
      .toBe(true);
  } finally {
    crm.stop();
  }
});
