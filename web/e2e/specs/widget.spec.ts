import { Customer } from "../harness/customer";
import { identity } from "../harness/identity";
import { expect, test } from "../harness/test";
import { type World } from "../harness/world";

/** Rules that real websites bring along, and worse. */
const hostile = `
  * { font-family: cursive !important; color: red !important; letter-spacing: 4px; text-align: center; line-height: 3;
      padding: 9px; transform: rotate(1deg); box-sizing: content-box }
  button, textarea, form, section, header { display: none !important; float: left !important }
  div { display: none !important; opacity: .2 !important; position: static !important }
  body { filter: blur(1px); overflow: hidden }
  :root { --accent: lime; --surface: lime; --text: lime }
`;

async function shop(world: World): Promise<{ tag: string }> {
  const support = await world.queue("Support");
  return world.webInbox(support);
}

test("the page's rules do not reach the widget, and the widget's do not reach the page", async ({ world, people }) => {
  const { tag } = await shop(world);
  const plain = await people.customer();
  const want = await plain.panel.boundingBox();
  const look = (customer: Customer) =>
    customer.text.evaluate((field) => {
      const { color, fontFamily, letterSpacing, lineHeight, textAlign, backgroundColor } = getComputedStyle(field);
      return { color, fontFamily, letterSpacing, lineHeight, textAlign, backgroundColor };
    });
  const untouched = await plain.page.locator("main").evaluate((main) => getComputedStyle(main).fontFamily);

  world.website.show({ tag, css: hostile });
  const customer = await people.customer();
  expect(await customer.panel.boundingBox()).toEqual(want);
  expect(await look(customer)).toEqual(await look(plain));
  await customer.writes("Still works");
  await expect(customer.panel.getByRole("button", { name: "Send" })).toBeVisible();

  world.website.show({ tag: "" });
  await plain.page.reload();
  expect(await plain.page.locator("main").evaluate((main) => getComputedStyle(main).fontFamily)).toBe(untouched);
});

test("the widget lives with a strict Content-Security-Policy and leaves one element, one global and no cookie", async ({
  world,
  people,
}) => {
  const { tag } = await shop(world);
  const { host, origin } = new URL(world.server.url);
  world.website.show({
    tag,
    policy: `default-src 'none'; script-src ${origin}; connect-src ${origin} ws://${host}; require-trusted-types-for 'script'`,
  });
  const context = await people.context();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("favicon")) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(world.website.origin);
  const customer = new Customer(page);
  await customer.opens();
  await customer.writes("Under a strict policy");
  expect(complaints).toEqual([]);
  expect(await context.cookies()).toEqual([]);
  const traces = await page.evaluate(() => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const usual = new Set(Object.getOwnPropertyNames(frame.contentWindow ?? {}));
    frame.remove();
    return {
      globals: Object.getOwnPropertyNames(window).filter((name) => !usual.has(name) && !/^\d+$|^__pw/.test(name)),
      elements: [...document.body.children].map((element) => element.tagName),
    };
  });
  expect(traces).toEqual({ globals: ["Rapport"], elements: ["MAIN", "SCRIPT", "DIV"] });
});

test("a website that is not on the inbox's list gets no chat", async ({ world, people }) => {
  const support = await world.queue("Support");
  const { tag } = await world.webInbox(support, {}, ["https://elsewhere.example"]);
  world.website.show({ tag });
  const page = await (await people.context()).newPage();
  const said = page.waitForEvent("console", (message) => message.text().startsWith("Rapport: the chat of inbox"));
  await page.goto(world.website.origin);
  expect((await said).text()).toContain("cannot be shown");
  await expect(page.getByRole("button", { name: /chat/ })).toHaveCount(0);
});

test("an unread answer shows on the closed widget, also after a reload, and is gone once seen", async ({
  world,
  people,
}) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("Call me back");
  await customer.page.keyboard.press("Escape");
  await desk.opens("Call me back");
  await desk.replies("Here I am");
  await expect(customer.launcher).toHaveAccessibleName("Open chat, 1 unread message");
  await expect(desk.message("Here I am")).not.toContainText("Seen");
  await customer.page.reload();
  await expect(customer.launcher).toHaveAccessibleName("Open chat, 1 unread message");
  await customer.opens();
  await expect(desk.message("Here I am")).toContainText("Seen");
  await customer.page.keyboard.press("Escape");
  await expect(customer.launcher).toHaveAccessibleName("Open chat");
});

test("the widget takes the focus when it is opened, not when a page loads with it open, and gives it back", async ({
  world,
  people,
}) => {
  await shop(world);
  const customer = await people.customer();
  await expect(customer.text).toBeFocused();
  await customer.text.fill("half a thought");
  await customer.page.reload();
  await expect(customer.text).toHaveValue("half a thought");
  await expect(customer.text).not.toBeFocused();

  await customer.panel.getByRole("button", { name: "Close chat" }).click();
  await expect(customer.launcher).toBeFocused();
  const basket = customer.page.getByRole("button", { name: "Add to basket" });
  await basket.focus();
  await customer.page.evaluate(() => (window as unknown as { Rapport: { open(): void } }).Rapport.open());
  await expect(customer.text).toBeFocused();
  await customer.page.keyboard.press("Escape");
  await expect(basket).toBeFocused();
});

test("two tabs of one customer are one conversation", async ({ world, people }) => {
  await shop(world);
  const one = await people.customer();
  const page = await one.page.context().newPage();
  await page.goto(world.website.origin);
  const two = new Customer(page);
  await one.writes("From the first tab");
  await two.opens();
  await expect(two.message("From the first tab")).toBeVisible();
  await two.writes("From the second tab");
  await expect(one.message("From the second tab")).toBeVisible();
  expect((await world.api.conversations.list({ view: "all" })).items).toHaveLength(1);
});

test("a mistake in what the page does on news stays the page's: the chat goes on", async ({ world, people }) => {
  await shop(world);
  const customer = await people.customer();
  const mistakes: string[] = [];
  customer.page.on("pageerror", (error) => mistakes.push(error.message));
  await customer.page.evaluate(() => {
    const { on } = (window as unknown as { Rapport: { on(event: string, handler: () => void): void } }).Rapport;
    on("conversation", () => {
      throw new Error("the page forgot something");
    });
  });
  await customer.writes("First");
  await customer.writes("Second");
  expect(mistakes).toContain("the page forgot something");
});

test("where no socket gets through, the chat works by asking over HTTP", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const context = await people.context();
  await context.routeWebSocket(/\/in\//, (socket) => socket.close());
  const customer = await Customer.visits(context, world.website.origin);
  await customer.writes("Over HTTP");
  await desk.opens("Over HTTP");
  await desk.replies("Understood");
  await expect(customer.message("Understood")).toBeVisible({ timeout: 20_000 });
  await expect(desk.message("Understood")).toContainText("Seen");
});

test("an inbox that requires an identity says so kindly, and opens when the page identifies the visitor", async ({
  world,
  people,
}) => {
  const support = await world.queue("Support");
  const inbox = await world.webInbox(support, { identity: "required" });
  const page = await (await people.context()).newPage();
  await page.goto(world.website.origin);
  const customer = new Customer(page);
  await customer.launcher.click();
  await expect(customer.panel).toContainText("Please sign in on this site first.");
  await expect(customer.text).toHaveCount(0);

  const jwt = identity(inbox.identitySecret, { sub: "customer-1", name: "Mara Lind" });
  await page.evaluate((token) => (window as unknown as { Rapport: { identify(jwt: string): void } }).Rapport.identify(token), jwt);
  await customer.writes("It is me");
  const [conversation] = (await world.api.conversations.list({ view: "all" })).items;
  expect(conversation?.contact_name).toBe("Mara Lind");
});

test("the widget speaks the page's language and follows its direction", async ({ world, people }) => {
  const { tag } = await shop(world);
  world.website.show({ tag, lang: "de_DE" }); // as some systems write it; a browser does not let it pass in a header
  const german = await (await people.context()).newPage();
  await german.goto(world.website.origin);
  await german.getByRole("button", { name: "Chat öffnen" }).click();
  await expect(german.getByRole("textbox", { name: "Nachricht schreiben" })).toBeFocused();

  world.website.show({ tag, lang: "ar", dir: "rtl" });
  const arabic = await people.customer();
  await arabic.writes("مرحبا");
  const send = await arabic.panel.getByRole("button", { name: "Send" }).boundingBox();
  const field = await arabic.text.boundingBox();
  expect(send?.x).toBeLessThan(field?.x ?? 0);
});
