import type { NotificationKind, Tone } from "./api/bots";
import type {
  AgentView,
  Delivery,
  Item,
  Point,
  Priority,
  Rung,
  State,
  Status,
  Strategy,
  SubStatus,
  Verdict,
  View,
} from "./api/types";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in the fewest characters: "now", "4m", "3h", "2d", then a date. */
export function ago(at: string, now: number): string {
  const past = now - Date.parse(at);
  if (past < MINUTE) return "now";
  if (past < HOUR) return `${Math.floor(past / MINUTE)}m`;
  if (past < DAY) return `${Math.floor(past / HOUR)}h`;
  if (past < 7 * DAY) return `${Math.floor(past / DAY)}d`;
  return new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" }).format(Date.parse(at));
}

/** A stretch of time in words that fit a sentence: "a moment", "4 minutes", "2 days". */
export function duration(ms: number): string {
  const of = (n: number, unit: string) => `${n} ${unit}${n === 1 ? "" : "s"}`;
  if (ms < MINUTE) return "a moment";
  if (ms < HOUR) return of(Math.floor(ms / MINUTE), "minute");
  if (ms < DAY) return of(Math.floor(ms / HOUR), "hour");
  return of(Math.floor(ms / DAY), "day");
}

export function clock(at: string): string {
  return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }).format(Date.parse(at));
}

export function dateTime(at: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(Date.parse(at));
}

export function date(at: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(Date.parse(at));
}

/** The heading above a day's messages. */
export function day(at: string, now: number): string {
  const then = new Date(at);
  const today = new Date(now);
  const days = Math.round((midnight(today) - midnight(then)) / DAY);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days > 1 && days < 7) return new Intl.DateTimeFormat(undefined, { weekday: "long" }).format(then);
  return new Intl.DateTimeFormat(undefined, { dateStyle: "long" }).format(then);
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

export function sameDay(a: string, b: string): boolean {
  return midnight(new Date(a)) === midnight(new Date(b));
}

/** One or two letters for an avatar. */
export function initials(name: string): string {
  const words = name.split(/[\s@._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  const text = letters.map((word) => [...(word ?? "")].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? "").join("");
  return text.toUpperCase() || "?";
}

/** A number from 0 to `count`-1 that stays the same for a name. */
export function hue(name: string, count: number): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum % count;
}

export function pointText(point: Point): string {
  if (point.kind === "visitor") return "Anonymous browser";
  if (point.kind === "external") return point.address.replace(/^[^:]*:/, "");
  return point.shown || point.address;
}

/** The availability that others see: offline while no desk is connected. */
export function availability(agent: Pick<AgentView, "status" | "connected">): Status {
  return agent.connected ? agent.status : "offline";
}

export const viewNames: Record<View, string> = {
  mine: "My work",
  unassigned: "Unassigned",
  all: "All work",
  chatbots: "All chatbots",
  history: "History",
};

export const statusNames: Record<Status, string> = {
  available: "Available",
  busy: "Busy",
  away: "Away",
  offline: "Offline",
};

export const statusHelp: Record<Status, string> = {
  available: "New conversations come to you",
  busy: "You finish what you have",
  away: "On a short break",
  offline: "Not at work",
};

export const subNames: Record<SubStatus, string> = {
  idle: "Idle",
  under_capacity: "Under capacity",
  full_capacity: "Full capacity",
};

export const subHelp: Record<SubStatus, string> = {
  idle: "Holds no conversation",
  under_capacity: "Holds some and has room for more",
  full_capacity: "Holds as many as the capacity allows",
};

/** Hours and minutes worked, as tables show them: "1 h 05 min", "4 min", "20 s". */
export function worked(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** A number of minutes as people say it: "15 minutes", "2 hours", "2 days". */
export function minutesText(minutes: number): string {
  const of = (n: number, unit: string) => `${n} ${unit}${n === 1 ? "" : "s"}`;
  if (minutes > 0 && minutes % (24 * 60) === 0) return of(minutes / (24 * 60), "day");
  if (minutes > 0 && minutes % 60 === 0) return of(minutes / 60, "hour");
  return of(minutes, "minute");
}

export const stateNames: Record<State, string> = {
  open: "Open",
  pending: "Pending",
  solved: "Solved",
  closed: "Closed",
};

export const priorityNames: Record<Priority, string> = { low: "Low", normal: "Normal", high: "High", urgent: "Urgent" };

export const deliveryNames: Record<Delivery, string> = {
  queued: "Queued",
  sent: "Sent",
  delivered: "Delivered",
  seen: "Seen",
  failed: "Not delivered",
};

export const strategyNames: Record<Strategy, string> = {
  round_robin: "Equal turns",
  least_load: "Fewest open conversations first",
  longest_idle: "Longest without new work first",
  random: "At random",
};

export const rungNames: Record<Rung, string> = {
  explicit_agent: "Agent named",
  explicit_queue: "Queue named",
  named_sticky: "Sticky agent",
  open_case: "Open case",
  history: "Last agent",
  strategy: "Queue's strategy",
  unassigned: "Nobody",
  manual: "By hand",
};

export const verdictNames: Record<Verdict, string> = {
  chosen: "Chosen",
  next: "Next in line",
  not_a_member: "Not in the queue",
  may_not_reply: "May not reply",
  disabled: "Disabled",
  deleted: "Deleted",
  not_available: "Not available",
  at_capacity: "At capacity",
  excluded: "Had it before",
  expired: "Too long ago",
  bypassed: "Bypassed",
  did_not_qualify: "Did not qualify",
};

export const notificationNames: Record<NotificationKind, string> = {
  assigned: "Assigned to you",
  comment: "Comment",
  handoff: "Handed off by a bot",
  escalated: "Nobody answers",
  lost: "Taken from you",
};

export const toneNames: Record<Tone, string> = { friendlier: "Friendlier", shorter: "Shorter", formal: "More formal" };

/** The name of a field as people read it: "order_number" is "Order number". */
export function fieldLabel(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** How much an event of a thread stands out: most only say what happened, some ask for attention. */
export type EventTone = "plain" | "time" | "alert";

const eventTones: Record<string, EventTone> = {
  hopped: "time",
  held: "time",
  warned: "time",
  inactivity: "time",
  unavailable: "alert",
  escalated: "alert",
};

export function eventTone(item: Item): EventTone {
  return eventTones[item.event ?? ""] ?? "plain";
}

/** A sentence that reads an item aloud. */
export function spoken(item: Item): string {
  if (item.kind === "note") return `Internal note by ${item.author_name ?? "an agent"}: ${item.body ?? ""}`;
  return `${item.author_name ?? "Customer"}: ${item.body ?? ""}`;
}
