import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { faults } from "../harness/axe";
import type { Customer } from "../harness/customer";
import type { Desk } from "../harness/desk";
import { expect, test } from "../harness/test";
import type { World } from "../harness/world";

interface Sent {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const file = (name: string, mimeType: string, content: Buffer | string): Sent => ({ name, mimeType, buffer: Buffer.from(content as string) });

/** A picture of one colour, drawn by the browser. */
async function picture(page: Page, name: string, colour: string, width = 320, height = 200): Promise<Sent> {
  const drawn = await page.evaluate(
    ([fill, w, h]) => {
      const canvas = Object.assign(document.createElement("canvas"), { width: w, height: h });
      const brush = canvas.getContext("2d");
      if (!brush) throw new Error("no canvas");
      brush.fillStyle = fill;
      brush.fillRect(0, 0, w, h);
      return canvas.toDataURL("image/png").split(",")[1] ?? "";
    },
    [colour, width, height] as const,
  );
  return file(name, "image/png", Buffer.from(drawn, "base64"));
}

/** A second of film, recorded by the browser. */
async function film(page: Page): Promise<Sent> {
  const recorded = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 36 });
    const brush = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const ended = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    for (let n = 0; n < 20; n++) {
      brush?.fillRect(n * 3, 0, 3, 36);
      await new Promise(requestAnimationFrame);
    }
    recorder.stop();
    await ended;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  return file("unboxing.webm", "video/webm", Buffer.from(recorded));
}

/** A second of a tone. */
function sound(): Sent {
  const rate = 8000;
  const data = Buffer.alloc(44 + rate);
  data.write("RIFF", 0);
  data.writeUInt32LE(36 + rate, 4);
  data.write("WAVEfmt ", 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(rate, 24);
  data.writeUInt32LE(rate, 28);
  data.writeUInt16LE(1, 32);
  data.writeUInt16LE(8, 34);
  data.write("data", 36);
  data.writeUInt32LE(rate, 40);
  for (let n = 0; n < rate; n++) data[44 + n] = 128 + Math.round(60 * Math.sin(n / 3));
  return file("voice.wav", "audio/wav", data);
}

/** Lets files fall onto an element, or pastes them into it. */
async function hands(how: "drop" | "paste", target: Locator, files: Sent[]): Promise<void> {
  await target.evaluate(
    (element, { how, files }) => {
      const carried = new DataTransfer();
      for (const one of files) carried.items.add(new File([Uint8Array.from(atob(one.data), (c) => c.charCodeAt(0))], one.name, { type: one.type }));
      const real = { bubbles: true, cancelable: true };
      if (how === "paste") element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, ...real }));
      else for (const kind of ["dragover", "drop"]) element.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, ...real }));
    },
    { how, files: files.map((one) => ({ name: one.name, type: one.mimeType, data: one.buffer.toString("base64") })) },
  );
}

/** An agent with an open conversation, and its customer. */
async function meeting(world: World, people: { atDesk: (person: World["admin"]) => Promise<Desk>; customer: () => Promise<Customer> }) {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("Something about my order");
  await desk.opens("Something about my order");
  await expect(desk.replyBox).toBeVisible();
  return { ana, support, desk, customer };
}

const attached = (desk: Desk) => desk.page.getByTestId("attach");
const tray = (desk: Desk) => desk.page.getByRole("list", { name: "Goes along" });
const send = (desk: Desk) => desk.page.getByRole("region", { name: "Composer" }).getByRole("button", { name: /^(Send|Add note)$/ });
const chooser = (customer: Customer) => customer.panel.locator("input[type=file]");

test("S3-36: files that were dropped, pasted and chosen reach the customer, who sends some back", async ({ world, people }) => {
  const { desk, customer } = await meeting(world, people);
  const { page } = desk;
  const composer = page.getByRole("region", { name: "Composer" });

  await hands("drop", desk.replyBox, [await picture(page, "front.png", "teal"), await picture(page, "back.png", "orange", 200, 300)]);
  await hands("paste", desk.replyBox, [await picture(page, "pasted.png", "purple")]);
  await attached(desk).setInputFiles(file("invoice.txt", "text/plain", "Harbour Goods, invoice 17"));
  await expect(tray(desk).getByRole("listitem")).toHaveCount(4);
  await tray(desk).getByRole("button", { name: "Remove pasted.png" }).click();
  await expect(tray(desk).getByRole("progressbar")).toHaveCount(0);
  expect(await faults(page)).toEqual([]);
  await desk.replyBox.fill("Both sides, and the invoice");
  await desk.replyBox.press("Enter");
  await expect(tray(desk)).toBeHidden();

  const sent = desk.message("Both sides, and the invoice");
  await expect(sent.getByRole("list", { name: "Pictures" }).getByRole("img")).toHaveCount(2);
  await expect(sent.getByRole("link", { name: /^Download invoice\.txt/ })).toBeVisible();
  await expect(sent.getByText("pasted.png")).toHaveCount(0);
  await expect(customer.thread.getByRole("img", { name: "front.png" })).toBeVisible();
  await expect.poll(() => customer.thread.getByRole("img", { name: "back.png" }).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  const saved = await customer.page.request.get((await customer.thread.getByRole("link", { name: /invoice\.txt/ }).getAttribute("href")) ?? "");
  expect(await saved.text()).toBe("Harbour Goods, invoice 17");

  // The customer answers with a picture alone, dropped, and with a file that was chosen.
  await hands("drop", customer.text, [await picture(page, "broken.png", "red")]);
  await customer.panel.getByRole("button", { name: "Send" }).click();
  await expect(customer.thread.getByRole("img", { name: "broken.png" })).toBeVisible();
  await chooser(customer).setInputFiles(file("terms.pdf", "application/pdf", "%PDF-1.4\n%%EOF\n"));
  await customer.text.fill("And the terms I got");
  await customer.panel.getByRole("button", { name: "Send" }).click();
  await expect(desk.message("And the terms I got").getByRole("link", { name: /^Download terms\.pdf/ })).toBeVisible();

  // A picture is seen in full, turned by the keyboard, and closed.
  await sent.getByRole("button", { name: "Show front.png" }).click();
  const light = page.getByRole("dialog", { name: "front.png" });
  await expect(light).toContainText("1/2");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("dialog", { name: "back.png" })).toBeVisible();
  expect(await faults(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "back.png" })).toBeHidden();
  await expect(sent.getByRole("button", { name: "Show front.png" })).toBeFocused();
  await expect(composer).toBeVisible();
});

test("S3-36: an upload shows how far it is and goes on where it was when the connection comes back", async ({ world, people }) => {
  const { desk } = await meeting(world, people);
  const { page } = desk;
  const offsets: string[] = [];
  let hold: () => void = () => undefined;
  let lost = 0;
  await page.route("**/api/v1/uploads/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.fallback();
    offsets.push((await route.request().headerValue("upload-offset")) ?? "");
    if (offsets.length !== 2) return route.continue();
    await new Promise<void>((done) => (hold = done));
    lost++;
    await page.context().setOffline(true);
    await route.abort("connectionreset").catch(() => undefined);
  });
  const mega = 1 << 20;
  await attached(desk).setInputFiles(file("manual.txt", "text/plain", "lines of a manual\n".repeat(Math.ceil((3 * mega) / 18)).slice(0, 3 * mega)));
  const bar = tray(desk).getByRole("progressbar", { name: "Uploading manual.txt" });
  await expect(bar).toHaveJSProperty("value", 33);
  await desk.replyBox.fill("Here is the manual");
  await expect(send(desk)).toHaveAttribute("aria-disabled", "true");
  await desk.replyBox.press("Enter");
  await expect(desk.message("Here is the manual")).toHaveCount(0);

  hold();
  await expect.poll(() => lost).toBe(1);
  await expect(bar).toBeVisible();
  await page.context().setOffline(false);
  await expect(bar).toBeHidden({ timeout: 30_000 });
  expect(offsets).toEqual(["0", String(mega), String(mega), String(2 * mega)]);
  await desk.replyBox.press("Enter");
  const link = desk.message("Here is the manual").getByRole("link", { name: /^Download manual\.txt, 3 MB/ });
  await expect(link).toBeVisible();
  const whole = await page.request.get(new URL((await link.getAttribute("href")) ?? "", world.server.url).href);
  expect((await whole.body()).length).toBe(3 * mega);
});

test.describe("limits of the operator", () => {
  const limits = join(tmpdir(), `rapport-e2e-limits-${process.pid}.json`);
  test.use({ settings: { RAPPORT_LIMITS: limits } });
  test.beforeAll(async () => {
    const table = {
      clients: { desk: 300_000 },
      note: { max_bytes: 200_000, extensions: ["txt", "html", "png"] },
      types: { html: { kind: "document", types: ["text/html"] } },
      channels: {
        web: {
          segments: true,
          max_text: 320,
          max_files: 2,
          media: [
            { kind: "image", max_bytes: 100_000, extensions: ["png"] },
            { kind: "document", max_bytes: 900_000, extensions: ["txt", "html"] },
          ],
        },
      },
    };
    await writeFile(limits, JSON.stringify(table));
  });

  test("C18 S3-38 S3-39: size, type, number and length are said before anything is sent", async ({ world, people }) => {
    const { desk, customer } = await meeting(world, people);
    const { page } = desk;
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().includes("/uploads")) asked.push(request.url());
    });
    const refused = async (sent: Sent, why: RegExp) => {
      await attached(desk).setInputFiles(sent);
      await expect(tray(desk).getByRole("alert")).toHaveText(why);
      await expect(send(desk)).toHaveAttribute("aria-disabled", "true");
      await tray(desk).getByRole("button", { name: `Remove ${sent.name}` }).click();
      await expect(tray(desk)).toBeHidden();
    };
    // The channel's own limit, then the client's, which is smaller than the channel's.
    await refused(file("large.png", "image/png", Buffer.alloc(100_001)), /at most 98 kB/);
    await refused(file("large.txt", "text/plain", Buffer.alloc(300_001)), /at most 293 kB/);
    await refused(file("program.exe", "application/octet-stream", "MZ"), /does not carry this type.*png, txt/);
    await refused(file("nothing.txt", "text/plain", ""), /empty/);
    expect(asked).toEqual([]);
    // A name that lies is found out by the bytes, at the latest.
    await attached(desk).setInputFiles(file("photo.png", "image/png", "<html><script>alert(1)</script></html>"));
    await expect(tray(desk).getByRole("alert")).toContainText("photo.png");
    await tray(desk).getByRole("button", { name: "Remove photo.png" }).click();

    for (const name of ["1.txt", "2.txt", "3.txt"]) await attached(desk).setInputFiles(file(name, "text/plain", name));
    await expect(tray(desk).getByRole("progressbar")).toHaveCount(0);
    await desk.replyBox.fill("Three");
    await expect(send(desk)).toHaveAttribute("aria-disabled", "true");
    await send(desk).hover();
    await expect(page.getByRole("tooltip")).toContainText("One message carries 2 files here");
    for (const name of ["1.txt", "2.txt", "3.txt"]) await tray(desk).getByRole("button", { name: `Remove ${name}` }).click();
    await expect(send(desk)).toHaveAttribute("aria-disabled", "false");

    const length = page.getByRole("region", { name: "Composer" }).getByRole("status");
    for (const [text, says] of [
      ["a".repeat(160), "One text message is billed"],
      ["a".repeat(161), "2 text messages are billed"],
      ["a".repeat(307), "3 text messages are billed"],
      ["ă".repeat(71), "2 text messages are billed · special characters: 70 instead of 160 per message"],
      ["a".repeat(325), "5 characters too many"],
    ] as const) {
      await desk.replyBox.fill(text);
      await expect(length).toContainText(says);
    }
    await desk.replyBox.press("Enter");
    await expect(customer.message("aaaa")).toHaveCount(0);
    await expect(desk.replyBox).toHaveValue("a".repeat(325));

    // The same for the customer, by the widget.
    await chooser(customer).setInputFiles(file("program.exe", "application/octet-stream", "MZ"));
    await expect(customer.panel.getByRole("alert")).toContainText("png, txt");
    await expect(customer.panel.getByRole("button", { name: "Send" })).toBeDisabled();
  });

  test("S3-52: notes carry files of their own limits to colleagues, not to the customer; a web page in them runs nothing", async ({ world, people }) => {
    const { desk, customer, support } = await meeting(world, people);
    const { page } = desk;
    const ben = await world.person("Ben Sauer", [{ id: support, can_reply: true }]);
    await page.getByRole("radio", { name: "Internal note" }).click();
    await attached(desk).setInputFiles(file("large.txt", "text/plain", Buffer.alloc(200_001, "x")));
    await expect(tray(desk).getByRole("alert")).toContainText("at most 195 kB");
    await tray(desk).getByRole("button", { name: "Remove large.txt" }).click();
    const web = "<!doctype html><title>page</title><script>document.title = 'ran'; fetch('/api/v1/me')</script>";
    await attached(desk).setInputFiles([file("page.html", "text/html", web), file("facts.txt", "text/plain", "paid twice")]);
    await page.getByRole("textbox", { name: "Internal note" }).fill("What the customer sent me by post");
    await expect(send(desk)).toHaveAttribute("aria-disabled", "false");
    await send(desk).click();

    const bens = await people.atDesk(ben);
    await bens.goTo("/all");
    await bens.list.getByRole("link").first().click();
    const note = bens.message("What the customer sent me by post");
    await expect(note.getByRole("link", { name: /^Download facts\.txt/ })).toBeVisible();
    const address = new URL((await note.getByRole("link", { name: /^Download page\.html/ }).getAttribute("href")) ?? "", world.server.url);
    await expect(customer.panel.getByText("facts.txt")).toHaveCount(0);

    // Opened by itself it is saved, in a sandbox without scripts.
    address.search = "";
    const download = bens.page.waitForEvent("download");
    await bens.page.goto(address.href).catch(() => undefined); // a download is no page
    expect((await download).suggestedFilename()).toBe("page.html");
    expect(bens.page.url()).not.toBe(address.href);
    const { headers, status } = await bens.page.evaluate(async (url) => {
      const answer = await fetch(url);
      return { status: answer.status, headers: Object.fromEntries(answer.headers) };
    }, address.pathname);
    expect(status).toBe(200);
    expect(headers["content-disposition"]).toMatch(/^attachment/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*sandbox$/);
    // Nor does it run in a frame of the desk's own origin.
    const ran = await bens.page.evaluate(async (url) => {
      const frame = Object.assign(document.createElement("iframe"), { src: url });
      document.body.append(frame);
      await Promise.race([new Promise((done) => (frame.onload = done)), new Promise((done) => setTimeout(done, 500))]);
      return frame.contentDocument?.title === "ran";
    }, address.pathname);
    expect(ran).toBe(false);
  });
});

test.describe("without a program that converts sound", () => {
  test.use({ settings: { RAPPORT_FFMPEG: "off" } });

  test("S3-36 S3-40: film and sound play in the thread; sound that cannot be played is there to be saved", async ({ world, people }) => {
    const { desk, customer } = await meeting(world, people);
    const { page } = desk;
    await chooser(customer).setInputFiles([sound(), await film(customer.page), file("note.amr", "audio/amr", "#!AMR\n\u0000\u0000 and what follows")]);
    await expect(customer.panel.getByRole("progressbar")).toHaveCount(0);
    await customer.text.fill("Listen, and look");
    await customer.panel.getByRole("button", { name: "Send" }).click();
    await expect(customer.thread.locator("audio[aria-label='voice.wav']")).toBeVisible();
    await expect(customer.thread.locator("video[aria-label='unboxing.webm']")).toBeVisible();
    await expect(customer.thread.getByRole("link", { name: /note\.amr/ })).toBeVisible();

    const message = desk.message("Listen, and look");
    const player = message.getByRole("group", { name: "voice.wav" });
    await player.getByRole("button", { name: "Play voice.wav" }).click();
    await expect(player).toContainText("/ 0:01");
    await expect.poll(async () => Number(await player.getByRole("slider", { name: "Position" }).inputValue())).toBeGreaterThan(0);
    await player.getByRole("button", { name: "Speed 1" }).click();
    await expect(player.locator("audio")).toHaveJSProperty("playbackRate", 1.5);
    const seen = message.locator("video[aria-label='unboxing.webm']");
    await expect.poll(() => seen.evaluate((video: HTMLVideoElement) => video.readyState)).toBeGreaterThan(0);
    await seen.evaluate((video: HTMLVideoElement) => {
      video.muted = true;
      return video.play();
    });
    expect(await faults(page)).toEqual([]);

    await message.getByRole("group", { name: "note.amr" }).getByRole("button", { name: "Play note.amr" }).click();
    const card = message.getByRole("link", { name: /^Download note\.amr/ });
    await expect(card).toContainText("This browser cannot play it; download it to listen.");
    const download = page.waitForEvent("download");
    await card.click();
    expect((await download).suggestedFilename()).toBe("note.amr");
  });
});

test("S3-36: a customer sends where they are, once the browser may tell it", async ({ world, people }) => {
  const { desk, customer } = await meeting(world, people);
  const share = customer.panel.getByRole("button", { name: "Share where I am" });
  await share.click();
  await expect(customer.panel.getByRole("alert")).toContainText("Allow it for this site");
  await customer.panel.getByRole("button", { name: "Remove Your location" }).click();
  await expect(customer.panel.getByRole("button", { name: "Send" })).toBeDisabled();

  const context = customer.page.context();
  await context.setGeolocation({ latitude: 53.5461234, longitude: 9.9937 });
  await context.grantPermissions(["geolocation"]);
  await share.click();
  await expect(customer.panel.getByRole("list", { name: "Your location" })).toContainText("53.54612, 9.9937");
  expect(await faults(customer.page)).toEqual([]);
  await customer.sends("I am here");
  await expect(customer.panel.getByRole("list", { name: "Your location" })).toHaveCount(0);
  const card = desk.message("I am here").getByRole("link", { name: /Open the map/ });
  await expect(card).toHaveAttribute("href", /openstreetmap\.org\/\?mlat=53\.54612&mlon=9\.9937/);
  await expect(customer.thread.getByRole("link", { name: /53\.54612/ })).toHaveAttribute("href", /mlat=53\.54612/);
});

test.describe("with a server that finds places", () => {
  test.use({ settings: { RAPPORT_GEOCODER: "{website}" } });

  test("S3-41: a place is found by name, or typed as coordinates, and shown as a card on both sides", async ({ world, people }) => {
    const { desk, customer } = await meeting(world, people);
    const { page } = desk;
    const add = async () => {
      await page.getByRole("button", { name: "More to add" }).click();
      await page.getByRole("menuitem", { name: "Location" }).click();
      return page.getByRole("dialog", { name: "Send a location" });
    };
    let dialog = await add();
    await dialog.getByLabel("Name or coordinates").fill("harbour");
    await dialog.getByRole("list", { name: "Places found" }).getByRole("button", { name: /Harbour office/ }).click();
    await expect(dialog).toContainText("53.54610, 9.99370");
    expect(await faults(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Add to the message" }).click();
    await expect(tray(desk)).toContainText("Harbour office");
    await desk.replyBox.fill("Come by here");
    await desk.replyBox.press("Enter");
    const card = desk.message("Come by here").getByRole("link", { name: /Harbour office.*Open the map/ });
    await expect(card).toHaveAttribute("href", /openstreetmap\.org\/\?mlat=53\.5461&mlon=9\.9937/);
    await expect(card).toContainText("Am Sandtorkai");
    await expect(customer.thread.getByRole("link", { name: /Harbour office/ })).toHaveAttribute("href", /mlat=53\.5461/);

    dialog = await add();
    await dialog.getByLabel("Name or coordinates").fill("https://www.openstreetmap.org/#map=16/52.52/13.405");
    await dialog.getByLabel("Name of the place (optional)").fill("Depot");
    await dialog.getByRole("button", { name: "Add to the message" }).click();
    await send(desk).click();
    await expect(customer.thread.getByRole("link", { name: /Depot/ })).toHaveAttribute("href", /mlat=52\.52&mlon=13\.405/);
  });
});
