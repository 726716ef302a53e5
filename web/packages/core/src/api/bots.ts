import type { components } from "./schema";
import type { ChannelOption, Item, Options, Summary } from "./types";

// Bots, hand-off, help by a language model and notifications: the words, and
// the calls that are made with them.

type Schemas = components["schemas"];

/** What agents know of a bot. */
export type BotRef = Pick<Schemas["Bot"], "id" | "kind" | "name" | "enabled">;
export type BotView = Omit<Schemas["Bot"], "options"> & { options: Options };
export type BotKind = Omit<Schemas["BotKind"], "options"> & { options: ChannelOption[] };
export type BotInput = Required<Omit<Schemas["BotInputBody"], "options">> & { options: Options };

/** How a bot, or a person for it, gives a conversation to people. */
export type Handoff = Schemas["Handoff"];

/** What a bot does with one text of a customer. */
export type Turn = Schemas["Tried"];

/** Something that one agent is told, kept until they have read it. */
export type Notification = Schemas["Notification"];
export type NotificationKind = Notification["kind"];
export type Notifications = Schemas["NotificationList"];

export type Tone = "friendlier" | "shorter" | "formal";

export type AssistTask = { task: "reply"; text?: string } | { task: "summary" } | { task: "tone"; text: string; tone: Tone };

export type Send = <T>(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown, signal?: AbortSignal) => Promise<T>;

/** The calls about bots and notifications. */
export function botCalls(send: Send) {
  return {
    bots: {
      kinds: () => send<{ items: BotKind[] }>("GET", "/bot-kinds"),
      list: () => send<{ items: BotView[] }>("GET", "/bots"),
      create: (body: BotInput) => send<{ bot: BotView; secrets: Record<string, string> }>("POST", "/bots", body),
      change: (id: string, body: Partial<Omit<BotInput, "kind">>) => send<BotView>("PATCH", `/bots/${id}`, body),
      remove: (id: string) => send<undefined>("DELETE", `/bots/${id}`),
      rotate: (id: string, name: string) => send<{ value: string }>("POST", `/bots/${id}/secrets/${name}`),
      tryOut: (id: string, text: string, signal?: AbortSignal) => send<Turn>("POST", `/bots/${id}/try`, { text }, signal),
    },
    notifications: {
      list: () => send<Notifications>("GET", "/notifications"),
      read: (up_to: string) => send<Notifications>("POST", "/notifications/read", { up_to }),
    },
    handling: {
      giveToBot: (id: string, bot_id: string) => send<Summary>("POST", `/conversations/${id}/bot`, { bot_id }),
      handOff: (id: string, body: Handoff) => send<Summary>("POST", `/conversations/${id}/handoff`, body),
      tag: (id: string, tags: string[]) => send<Summary>("PUT", `/conversations/${id}/tags`, { tags }),
      setFields: (id: string, fields: Record<string, string>) => send<Summary>("PATCH", `/conversations/${id}`, { fields }),
      assist: (id: string, body: AssistTask, signal?: AbortSignal) =>
        send<{ text: string }>("POST", `/conversations/${id}/assist`, body, signal),
    },
  };
}

/** The hand-off that an event of the thread tells of. */
export interface HandoffLine {
  bot: string;
  reason: string;
  summary: string;
  fields: [string, string][];
  /** Since when the bot had it, in milliseconds; 0 if that is not told. */
  since: number;
}

export function handoffOf(item: Item): HandoffLine | undefined {
  if (item.kind !== "event" || item.event !== "handoff") return undefined;
  const { bot_name, reason, summary, fields, since } = item.data ?? {};
  const pairs = typeof fields === "object" && fields !== null ? Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]) : [];
  return {
    bot: text(bot_name) || item.author_name || "the bot",
    reason: text(reason),
    summary: text(summary),
    fields: pairs.sort(([a], [b]) => (a < b ? -1 : 1)),
    since: typeof since === "number" ? since : 0,
  };
}

/** The answers that a message offers to choose from. */
export function buttonsOf(item: Item): string[] {
  const buttons = item.data?.["buttons"];
  if (!Array.isArray(buttons)) return [];
  return buttons.map(labelOf).filter(Boolean);
}

function labelOf(button: unknown): string {
  if (typeof button === "string") return button;
  if (typeof button !== "object" || button === null) return "";
  const { label, title, text: shown } = button as Record<string, unknown>;
  return text(label) || text(title) || text(shown);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
