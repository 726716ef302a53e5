import type { AssistTask, BotInput, BotKind, BotView, Handoff, Notification, Turn } from "../api/bots";
import type { ChannelOption, Item, Summary } from "../api/types";
import { agentOf, type World } from "./seed";
import type { Call, Handler } from "./server";

// Bots, hand-off, help and notifications of the contact centre in memory.

interface Deeds {
  find: (id: string | undefined) => Summary;
  moved: (c: Summary, kind: string, sentence: string) => Summary;
  assign: (c: Summary, agentId: string) => void;
  unassign: (c: Summary) => void;
  now: () => number;
}

export function withFields(held: Record<string, string> | undefined, change: unknown): Record<string, string> {
  const all = { ...held, ...(change as Record<string, string>) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

const suggestions: Record<string, string> = {
  reply: "Thank you for the photo! I have just sent the refund; it reaches your account within three working days.",
  summary: "The lamp of order 7781 arrived broken. The customer wants a refund and sends a photo. The refund is still to be made.",
  friendlier: "Thanks so much for your patience! I am on it and will be right back with good news.",
  shorter: "On it.",
  formal: "Thank you for your message. We are looking into the matter and will reply without delay.",
};

export function botRoutes({ find, moved, assign, unassign, now }: Deeds): [string, RegExp, Handler][] {
  const view = (call: Call) => find(call.params[0]);
  return [
    ["GET", /^\/bot-kinds$/, ({ world }) => ({ items: world.botKinds })],
    ["GET", /^\/bots$/, ({ world }) => ({ items: world.bots })],
    ["POST", /^\/bots$/, ({ world, body }) => {
      const bot: BotView = { ...(body as unknown as BotInput), id: `bot${world.bots.length}`, created_at: new Date(now()).toISOString() };
      world.bots.push(bot);
      return { bot, secrets: bot.kind === "webhook" ? { token: "bot_9Qm4y0X1v8", secret: "whs_b1c2d3e4f5" } : {} };
    }],
    ["PATCH", /^\/bots\/([^/]+)$/, ({ world, params, body }) => Object.assign(world.bots.find((one) => one.id === params[0]) ?? {}, body)],
    ["DELETE", /^\/bots\/([^/]+)$/, ({ world, params }) => void (world.bots = world.bots.filter((one) => one.id !== params[0]))],
    ["POST", /^\/bots\/([^/]+)\/secrets\/(.+)$/, () => ({ value: "bot_3mTQ0c7Wk1" })],
    ["POST", /^\/bots\/([^/]+)\/try$/, ({ body }): Turn => {
      if (/human|person|agent/i.test(String(body["text"]))) {
        return { messages: [{ text: "Of course. One moment, please." }], fields: {}, tags: [], end: false, handoff: { reason: "The customer asks for a person", summary: "Nothing is known yet." } };
      }
      return { messages: [{ text: "I am sorry to hear that! What would you like us to do?", buttons: ["Refund", "Exchange", "I need a person"] }], tags: ["returns"], fields: {}, end: false };
    }],
    ["GET", /^\/notifications$/, ({ world }) => ({ items: world.notifications, unread: world.notifications.filter((one) => !one.read_at).length })],
    ["POST", /^\/notifications\/read$/, ({ world, body }) => {
      const end = Date.parse(String(body["up_to"]));
      for (const one of world.notifications) if (Date.parse(one.at) <= end) one.read_at ??= new Date(now()).toISOString();
      return { items: world.notifications, unread: world.notifications.filter((one) => !one.read_at).length };
    }],
    ["PUT", /^\/conversations\/([^/]+)\/tags$/, (call) => {
      const c = view(call);
      c.tags = call.body["tags"] as string[];
      return moved(c, "tags", `Ana Pires changed the tags: ${c.tags.join(", ") || "none"}`);
    }],
    ["POST", /^\/conversations\/([^/]+)\/bot$/, (call) => {
      const c = view(call);
      const bot = call.world.bots.find((one) => one.id === call.body["bot_id"]);
      delete c.assignee_id;
      delete c.assignee_name;
      delete c.waiting;
      if (bot) Object.assign(c, { bot_id: bot.id, bot_name: bot.name });
      return moved(c, "bot", `Ana Pires gave it to the bot ${bot?.name ?? ""}`);
    }],
    ["POST", /^\/conversations\/([^/]+)\/handoff$/, (call) => {
      const c = view(call);
      const { agent_id } = call.body as Handoff;
      const name = c.bot_name ?? "The bot";
      if (agent_id) assign(c, agent_id);
      else unassign(c);
      delete c.bot_id;
      delete c.bot_name;
      return moved(c, "handoff", `${name} handed it off`);
    }],
    ["POST", /^\/conversations\/([^/]+)\/assist$/, ({ body }) => {
      const task = body as unknown as AssistTask;
      return { text: suggestions[task.task === "tone" ? task.tone : task.task] ?? "" };
    }],
    ["PATCH", /^\/conversations\/([^/]+)$/, (call) => {
      const c = view(call);
      const { fields, ...rest } = call.body;
      if (fields === undefined) return moved(Object.assign(c, rest), "priority", "Ana Pires changed the priority.");
      c.fields = withFields(c.fields, fields);
      return moved(c, "fields", `Ana Pires noted ${Object.keys(fields as object).join(", ")}`);
    }],
  ];
}

/** Bots at work: one holds a conversation, one was handed off to the signed-in agent, who is told so. */
export function addBots(world: World, now: number): void {
  const at = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const rules = { timeout_seconds: 30, handoff_queue: "", apology: "Sorry, something went wrong. A colleague will take over." };
  const created_at = at(60 * 24 * 40);
  world.botKinds = kinds();
  world.bots = [
    { id: "robin", kind: "webhook", name: "Robin", enabled: true, options: { url: "https://bot.harbour.example/turn", token: "***", secret: "***" }, ...rules, created_at },
    { id: "harbour", kind: "openai", name: "Harbour assistant", enabled: true, options: { base_url: "https://models.harbour.example/v1", model: "harbour-7b", key: "***" }, ...rules, created_at },
    { id: "survey", kind: "flow", name: "Opening hours", enabled: false, options: { workflow_id: "wf1" }, ...rules, timeout_seconds: 120, created_at },
  ];
  const [web] = world.inboxes;
  if (web) web.bot_id = "robin";
  const robin = { by: "bot" as const, author_id: "robin", author_name: "Robin" };
  const given = { kind: "event" as const, by: "system" as const, event: "bot", body: "The inbox gave it to the bot Robin", data: { bot_id: "robin", bot_name: "Robin" } };

  const nils = talk(world, "Nils Aaltonen", "nils", { tags: ["returns", "damaged"], fields: { order_number: "7781", wants: "refund" }, assignee_id: "ana", assignee_name: "Ana Pires" }, [
    { minutes: 24, by: "customer", body: "My lamp arrived broken." },
    { minutes: 24, ...given },
    { minutes: 24, ...robin, body: "I am sorry to hear that! What would you like us to do?", data: { buttons: ["Refund", "Exchange", "Something else"] } },
    { minutes: 22, by: "customer", body: "Refund" },
    { minutes: 22, ...robin, body: "Of course. What is your order number?" },
    { minutes: 21, by: "customer", body: "7781" },
    {
      minutes: 21,
      kind: "event",
      ...robin,
      event: "handoff",
      body: "Robin handed it off: The refund is over 100 €.",
      data: {
        bot_id: "robin",
        bot_name: "Robin",
        reason: "The refund is over 100 €, which I may not decide.",
        summary: "The lamp of order 7781 arrived broken. Nils wants his money back rather than an exchange.",
        fields: { order_number: "7781", wants: "refund" },
        since: Date.parse(at(24)),
      },
    },
    { minutes: 21, kind: "event", by: "system", event: "assigned", body: "Assigned to Ana Pires. Next in turn in Support." },
    { minutes: 20, by: "system", author_name: "Harbour Goods", body: "A colleague will be with you in a moment." },
    { minutes: 3, by: "customer", body: "Thank you, I have a photo of the damage too." },
  ], at);
  const selma = talk(world, "Selma Brandt", "selma", { tags: ["delivery"], fields: { order_number: "8120" }, bot_id: "robin", bot_name: "Robin" }, [
    { minutes: 3, by: "customer", body: "Where is my parcel?" },
    { minutes: 3, ...given },
    { minutes: 3, ...robin, body: "Let me look. What is your order number?" },
    { minutes: 2, by: "customer", body: "8120" },
    { minutes: 2, ...robin, body: "It left our warehouse this morning and arrives tomorrow. Does that help?", data: { buttons: ["Yes, thanks", "I need a person"] } },
  ], at);

  const ana = agentOf(world, world.me);
  const tell = (n: number, minutes: number, told: Partial<Notification>): Notification => ({ id: `told${n}`, agent_id: ana.id, at: at(minutes), kind: "assigned", text: "", ...told });
  world.notifications = [
    tell(1, 2, { kind: "escalated", conversation_id: selma, text: "Selma Brandt has been waiting for a person for 15 minutes and nobody is available." }),
    tell(2, 21, { kind: "handoff", conversation_id: nils, text: "Nils Aaltonen: handed off by a bot: The refund is over 100 €, which I may not decide." }),
    tell(3, 64, { kind: "comment", conversation_id: nils, text: "Stay in touch: No answer for 15 minutes. Please look at it.", read_at: at(60) }),
    tell(4, 180, { kind: "assigned", conversation_id: nils, text: "Jonas Weber: assigned to you", read_at: at(170) }),
    tell(5, 60 * 26, { kind: "lost", conversation_id: selma, text: "Grace Hall was given to Chen Li because you were away.", read_at: at(60 * 25) }),
  ];
}

type Line = { minutes: number } & Partial<Item> & Pick<Item, "by">;

function talk(world: World, name: string, key: string, more: Partial<Summary>, lines: Line[], at: (minutes: number) => string): string {
  const contact = { id: `ct${key}`, name, known: true, points: [{ kind: "email" as const, address: `${key}@example.com` }], fields: { tier: "gold", language: "German" }, created_at: at(60 * 24 * 30) };
  world.contacts.push(contact);
  const id = `cv${key}`;
  const items = lines.map(({ minutes, ...line }, n): Item => ({
    conversation_id: id,
    seq: n + 1,
    kind: "message",
    at: at(minutes),
    ...(line.by === "customer" ? { author_id: contact.id, author_name: name } : {}),
    ...(line.by === "bot" && !line.kind ? { delivery: "seen" as const } : {}),
    ...line,
  }));
  world.items.set(id, items);
  const last = items.filter((item) => item.kind === "message").at(-1);
  world.conversations.push({
    id,
    contact_id: contact.id,
    inbox_id: world.inboxes[0]?.id ?? "",
    queue_id: "support",
    state: "open",
    priority: "normal",
    point: { kind: "email", address: `${key}@example.com` },
    last_seq: items.length,
    customer_seen: 0,
    agent_seen: items.length,
    last_text: last?.body ?? "",
    replies: 0,
    opened_at: items[0]?.at ?? at(0),
    version: 1,
    contact_name: name,
    inbox_name: "Website",
    channel: "web",
    queue_name: "Support",
    ...(last ? { last_by: last.by, last_at: last.at } : {}),
    ...(last?.by === "customer" ? { awaits_since: last.at } : {}),
    ...more,
  });
  return id;
}

function kinds(): BotKind[] {
  const option = (described: Partial<ChannelOption> & Pick<ChannelOption, "name" | "type" | "label" | "help">): ChannelOption => ({ required: false, secret: false, ...described });
  return [
    {
      kind: "webhook",
      name: "Webhook",
      caps: { turns: true, later: true, streams: false, assists: false },
      help: "A program of yours is asked over HTTP, and answers.",
      options: [
        option({ name: "url", type: "url", label: "Address", help: "Each turn of the customer is posted here.", required: true, example: "https://example.com/bot" }),
        option({ name: "secret", type: "secret", label: "Signing secret", help: "Signs what we send.", secret: true, prefix: "bsk_" }),
        option({ name: "token", type: "secret", label: "Token", help: "Lets the bot answer later.", secret: true, prefix: "bot_" }),
      ],
    },
    {
      kind: "openai",
      name: "Language model",
      caps: { turns: true, later: false, streams: true, assists: true },
      help: "OpenAI’s, or any server with the same API.",
      options: [
        option({ name: "base_url", type: "url", label: "Address of the API", help: "Without /chat/completions.", required: true, example: "https://api.openai.com/v1" }),
        option({ name: "model", type: "string", label: "Model", help: "As the API calls it.", required: true, example: "gpt-4o-mini" }),
        option({ name: "key", type: "secret", label: "Key", help: "A server of your own may need none.", secret: true }),
        option({ name: "system_prompt", type: "text", label: "Instructions", help: "Who the bot is, what it knows, and when it shall hand off." }),
      ],
    },
    {
      kind: "flow",
      name: "Flow",
      caps: { turns: false, later: false, streams: false, assists: false },
      help: "One of your workflows asks, answers and offers buttons.",
      options: [option({ name: "workflow_id", type: "string", label: "Workflow", help: "The workflow that speaks for this bot.", required: true })],
    },
  ];
}
