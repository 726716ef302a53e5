import type { ChannelOption, ConversationView, Item, Options, Summary } from "./types";

// Bots, hand-off, help by a language model and notifications: the words, and
// the calls that are made with them.

/** Bots of every kind have these rules. */
export interface BotRules {
  /** After this long without an answer humans take over. */
  timeout_seconds: number;
  /** Where it hands off to when it names nobody; empty keeps the conversation's queue. */
  handoff_queue: string;
  /** Sent when the bot fails and humans take over; empty sends nothing. */
  apology: string;
}

/** What agents know of a bot. */
export interface BotRef {
  id: string;
  kind: string;
  name: string;
  enabled: boolean;
}

export interface BotView extends BotRef, BotRules {
  options: Options;
  created_at: string;
}

export interface BotKind {
  kind: string;
  name: string;
  help: string;
  caps: {
    /** It is asked for its next words; otherwise a workflow speaks for it. */
    turns: boolean;
    later: boolean;
    streams: boolean;
    /** It can help agents to write. */
    assists: boolean;
  };
  options: ChannelOption[];
}

export interface BotInput extends BotRules {
  kind: string;
  name: string;
  enabled: boolean;
  options: Options;
}

/** How a bot gives a conversation to humans. */
export interface Handoff {
  agent_id?: string;
  queue_id?: string;
  last_agent?: boolean;
  reason?: string;
  summary?: string;
  fields?: Record<string, string>;
}

export interface Said {
  text: string;
  buttons?: string[];
}

/** What a bot wishes for when it hands off; names are its own. */
export interface HandoffWish {
  agent?: string;
  queue?: string;
  last_agent?: boolean;
  reason?: string;
  summary?: string;
  fields?: Record<string, string>;
}

/** What a bot does with one text of a customer. */
export interface Turn {
  messages: Said[];
  fields: Record<string, string>;
  tags: string[];
  handoff?: HandoffWish;
  /** It considers the matter settled. */
  end: boolean;
}

export type NotificationKind = "assigned" | "comment" | "handoff" | "escalated" | "lost";

/** Something that one agent is told, kept until they have read it. */
export interface Notification {
  id: string;
  agent_id: string;
  at: string;
  kind: NotificationKind;
  conversation_id?: string;
  text: string;
  read_at?: string;
}

export interface Notifications {
  items: Notification[];
  unread: number;
}

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
      giveToBot: (id: string, bot_id: string) => send<ConversationView>("POST", `/conversations/${id}/bot`, { bot_id }),
      handOff: (id: string, body: Handoff) => send<ConversationView>("POST", `/conversations/${id}/handoff`, body),
      tag: (id: string, tags: string[]) => send<ConversationView>("PUT", `/conversations/${id}/tags`, { tags }),
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
