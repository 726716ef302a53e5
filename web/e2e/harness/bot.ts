/** Bots and models of the test itself, on loopback. */
import { once } from "node:events";
import { type Server as HttpServer, type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { World } from "./world";

/** What a webhook bot is asked, as far as these tests read it. */
export interface Asked {
  messages: { body: string }[];
  conversation: { id: string; fields: Record<string, string> };
}

type Reply = { messages?: { text: string; buttons?: string[] }[]; actions?: object[] };

async function listen(answer: (request: IncomingMessage, body: string, response: ServerResponse) => void): Promise<[HttpServer, string]> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      answer(request, body, response);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return [server, `http://127.0.0.1:${address.port}`];
}

async function close(server: HttpServer): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

/** A bot that answers turns by webhook. */
export class WebhookBot {
  readonly asked: Asked[] = [];
  #answer: (asked: Asked) => Reply;

  private constructor(
    readonly server: HttpServer,
    readonly url: string,
    answer: (asked: Asked) => Reply,
  ) {
    this.#answer = answer;
  }

  static async start(answer: (asked: Asked) => Reply): Promise<WebhookBot> {
    const [server, url] = await listen((_request, body, response) => {
      const { data } = JSON.parse(body) as { data: Asked };
      bot.asked.push(data);
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(bot.#answer(data)));
    });
    const bot = new WebhookBot(server, url, answer);
    return bot;
  }

  /** Makes it known to the contact centre, and lets it answer first in an inbox. */
  async joins(world: World, name: string, inboxId?: string, more: { timeout_seconds?: number; apology?: string } = {}): Promise<string> {
    const { bot } = await world.api.bots.create({
      kind: "webhook",
      name,
      enabled: true,
      options: { url: this.url },
      timeout_seconds: 30,
      handoff_queue: "",
      apology: "",
      ...more,
    });
    if (inboxId) await world.answersFirst(inboxId, bot.id);
    return bot.id;
  }

  /** It is gone, and nothing answers at its address. */
  async dies(): Promise<void> {
    await close(this.server);
  }
}

/** A server with the API of OpenAI, which says what it is told to. */
export class Model {
  readonly asked: { role: string; content: string }[][] = [];
  /** What it answers; a promise keeps it thinking. */
  says: (chat: { role: string; content: string }[]) => string | Promise<string> = () => "Yes.";
  /** Answers with this status instead. */
  fails = 0;

  private constructor(
    readonly server: HttpServer,
    readonly url: string,
  ) {}

  static async start(): Promise<Model> {
    const [server, url] = await listen((_request, body, response) => {
      const { messages } = JSON.parse(body) as { messages: { role: string; content: string }[] };
      model.asked.push(messages);
      if (model.fails) {
        response.writeHead(model.fails).end();
        return;
      }
      void Promise.resolve(model.says(messages)).then((text) => {
        response.setHeader("Content-Type", "text/event-stream");
        for (const content of text.match(/.{1,12}/gs) ?? []) response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
        response.end(`data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`);
      });
    });
    const model = new Model(server, url);
    return model;
  }

  /** Lets agents have its help. */
  async helps(world: World): Promise<void> {
    const { bot } = await world.api.bots.create({
      kind: "openai",
      name: "Harbour model",
      enabled: true,
      options: { base_url: this.url, model: "harbour-1", key: "sk-local" },
      timeout_seconds: 30,
      handoff_queue: "",
      apology: "",
    });
    await world.api.settings.change({ assist: { enabled: true, bot_id: bot.id } });
  }

  async stop(): Promise<void> {
    await close(this.server);
  }
}
