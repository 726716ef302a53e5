/** A customer's website on an origin of its own, with the widget's script tag on it; /hook takes webhooks, /search finds places. */
import { once } from "node:events";
import { type Server as HttpServer, createServer } from "node:http";

export interface Site {
  /** The tag as the desk gives it out. */
  tag: string;
  /** Rules that the site brings along. */
  css?: string;
  /** The site's Content-Security-Policy. */
  policy?: string;
  lang?: string;
  dir?: "ltr" | "rtl";
  /** Written before the tag. */
  script?: string;
}

/** What a Nominatim server answers. */
const PLACES = [{ lat: "53.5461", lon: "9.9937", name: "Harbour office", display_name: "Harbour office, Am Sandtorkai, Hamburg" }];

export class Website {
  readonly origin: string;
  /** What came to /hook, the latest last. */
  readonly received: string[] = [];
  readonly #server: HttpServer;
  #site: Site = { tag: "" };

  private constructor(server: HttpServer, origin: string) {
    this.#server = server;
    this.origin = origin;
  }

  static async start(): Promise<Website> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const website = new Website(server, `http://127.0.0.1:${address.port}`);
    server.on("request", (request, response) => {
      if (request.url === "/hook") {
        let body = "";
        request.on("data", (chunk) => (body += String(chunk))).on("end", () => {
          website.received.push(body);
          response.writeHead(204).end();
        });
        return;
      }
      if (request.url?.startsWith("/search?")) return response.setHeader("Content-Type", "application/json").end(JSON.stringify(PLACES));
      if (request.url !== "/") return response.writeHead(404).end();
      const { policy } = website.#site;
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      if (policy !== undefined) response.setHeader("Content-Security-Policy", policy);
      response.end(page(website.#site));
    });
    return website;
  }

  show(site: Site): void {
    this.#site = site;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

function page({ tag, css = "", lang = "en", dir = "ltr", script = "" }: Site): string {
  return `<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Harbour Goods</title>
${css && `<style>${css}</style>`}
${script && `<script>${script}</script>`}
</head>
<body>
<main>
<h1>Harbour Goods</h1>
<p>Everything for a day at sea, sent from the harbour since 1987.</p>
<button type="button">Add to basket</button>
</main>
${tag}
</body>
</html>`;
}
