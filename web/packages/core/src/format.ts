import { locale, said, t } from "@rapport/i18n";
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

/** Where the clock of the desk stands; undefined is where the browser is. */
let zone: string | undefined;

/** Shows all times in a time zone, by its IANA name. What the browser does not know changes nothing. */
export function setZone(name: string): void {
  try {
    zone = name ? new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone : undefined;
  } catch {
    zone = undefined;
  }
}

/** Formats by how they write; making one takes a hundred times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(language: string, timeZone: string | undefined, how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([language, timeZone, how]);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { ...how, ...(timeZone ? { timeZone } : {}) });
    formats.set(key, format);
  }
  return format;
}

function write(at: string | number | Date, how: Intl.DateTimeFormatOptions): string {
  const { timeZone = zone } = how;
  return formatOf(locale(), timeZone, how).format(new Date(at));
}

/** What a clock shows somewhere else now, and the difference in hours; undefined where nobody knows that place. */
export function clockIn(place: string, now: number): { time: string; hours: number } | undefined {
  try {
    const hours = (offset(now, place) - offset(now, zone)) / HOUR;
    return { time: write(now, { hour: "2-digit", minute: "2-digit", timeZone: place }), hours };
  } catch {
    return undefined;
  }
}

const unit = "numeric";
const wallClock: Intl.DateTimeFormatOptions = { hourCycle: "h23", year: unit, month: unit, day: unit, hour: unit, minute: unit, second: unit };

/** How far a time zone is ahead of UTC at a moment, in milliseconds. */
function offset(at: number, timeZone: string | undefined): number {
  const parts = formatOf("en-GB", timeZone, wallClock).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - Math.floor(at / 1000) * 1000;
}

/** What the clock of the desk shows at a moment, as the input of a form holds it: "2026-11-26T09:00". */
export function onClock(at: number): string {
  return new Date(at + offset(at, zone)).toISOString().slice(0, 16);
}

/** When the clock of the desk shows that. What it skips in spring is an hour later. */
export function fromClock(shown: string): number {
  const wall = Date.parse(`${shown}Z`);
  return wall - offset(wall - offset(wall, zone), zone);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in the fewest characters: "now", "4m", "3h", "2d", then a date. */
export function ago(at: string, now: number): string {
  const past = now - Date.parse(at);
  if (past < MINUTE) return t("now");
  if (past < HOUR) return t("{{n}}m", { n: Math.floor(past / MINUTE) });
  if (past < DAY) return t("{{n}}h", { n: Math.floor(past / HOUR) });
  if (past < 7 * DAY) return t("{{n}}d", { n: Math.floor(past / DAY) });
  return write(at, { day: "numeric", month: "short" });
}

/** A stretch of time in words that fit a sentence: "a moment", "4 minutes", "2 days". */
export function duration(ms: number): string {
  if (ms < MINUTE) return t("a moment");
  if (ms < HOUR) return t("{{count}} minutes", { count: Math.floor(ms / MINUTE) });
  if (ms < DAY) return t("{{count}} hours", { count: Math.floor(ms / HOUR) });
  return t("{{count}} days", { count: Math.floor(ms / DAY) });
}

export function clock(at: string): string {
  return write(at, { hour: "2-digit", minute: "2-digit" });
}

export function dateTime(at: string): string {
  return write(at, { dateStyle: "medium", timeStyle: "short" });
}

export function date(at: string): string {
  return write(at, { dateStyle: "medium" });
}

/** A number as the desk's language writes it, with exactly so many digits behind the point. */
export function number(n: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(n);
}

/** The heading above a day's messages. */
export function day(at: string, now: number): string {
  const then = new Date(at);
  const today = new Date(now);
  const days = Math.round((midnight(today) - midnight(then)) / DAY);
  if (days === 0) return t("Today");
  if (days === 1) return t("Yesterday");
  if (days > 1 && days < 7) return write(then, { weekday: "long" });
  return write(then, { dateStyle: "long" });
}

/** The beginning of a day in the desk's time zone, as a number that grows by DAY from one to the next. */
function midnight(at: Date): number {
  if (zone === undefined) return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  const local = at.getTime() + offset(at.getTime(), zone);
  return local - (((local % DAY) + DAY) % DAY);
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
  if (point.kind === "visitor") return t("Anonymous browser");
  if (point.kind === "external") return point.address.replace(/^[^:]*:/, "");
  return point.shown || point.address;
}

/** The availability that others see: offline while no desk is connected. */
export function availability(agent: Pick<AgentView, "status" | "connected">): Status {
  return agent.connected ? agent.status : "offline";
}

export const viewNames: Record<View, string> = {
  mine: t("My work"),
  unassigned: t("Unassigned"),
  all: t("All work"),
  chatbots: t("All chatbots"),
  history: t("History"),
  any: t("Everything"),
};

export const statusNames: Record<Status, string> = {
  available: t("Available"),
  busy: t("Busy"),
  away: t("Away"),
  offline: t("Offline"),
};

export const statusHelp: Record<Status, string> = {
  available: t("New conversations come to you"),
  busy: t("You finish what you have"),
  away: t("On a short break"),
  offline: t("Not at work"),
};

export const subNames: Record<SubStatus, string> = {
  idle: t("Idle"),
  under_capacity: t("Under capacity"),
  full_capacity: t("Full capacity"),
};

export const subHelp: Record<SubStatus, string> = {
  idle: t("Holds no conversation"),
  under_capacity: t("Holds some and has room for more"),
  full_capacity: t("Holds as many as the capacity allows"),
};

/** Hours and minutes worked, as tables show them: "1 h 05 min", "4 min", "20 s". */
export function worked(seconds: number): string {
  if (seconds < 60) return t("{{n}} s", { n: Math.round(seconds) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t("{{n}} min", { n: minutes });
  return t("{{hours}} h {{minutes}} min", { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}

/** A number of minutes as people say it: "15 minutes", "2 hours", "2 days". */
export function minutesText(minutes: number): string {
  if (minutes > 0 && minutes % (24 * 60) === 0) return t("{{count}} days", { count: minutes / (24 * 60) });
  if (minutes > 0 && minutes % 60 === 0) return t("{{count}} hours", { count: minutes / 60 });
  return t("{{count}} minutes", { count: minutes });
}

export const stateNames: Record<State, string> = {
  open: t("Open"),
  pending: t("Pending"),
  solved: t("Solved"),
  closed: t("Closed"),
};

export const priorityNames: Record<Priority, string> = { low: t("Low"), normal: t("Normal"), high: t("High"), urgent: t("Urgent") };

export const deliveryNames: Record<Delivery, string> = {
  queued: t("Queued"),
  sent: t("Sent"),
  delivered: t("Delivered"),
  seen: t("Seen"),
  failed: t("Not delivered"),
};

export const strategyNames: Record<Strategy, string> = {
  round_robin: t("Equal turns"),
  least_load: t("Fewest open conversations first"),
  longest_idle: t("Longest without new work first"),
  random: t("At random"),
};

export const rungNames: Record<Rung, string> = {
  explicit_agent: t("Agent named"),
  explicit_queue: t("Queue named"),
  named_sticky: t("Sticky agent"),
  open_case: t("Open case"),
  history: t("Last agent"),
  strategy: t("Queue's strategy"),
  unassigned: t("Nobody"),
  manual: t("By hand"),
};

export const verdictNames: Record<Verdict, string> = {
  chosen: t("Chosen"),
  next: t("Next in line"),
  not_a_member: t("Not in the queue"),
  may_not_reply: t("May not reply"),
  disabled: t("Disabled"),
  deleted: t("Deleted"),
  not_available: t("Not available"),
  at_capacity: t("At capacity"),
  excluded: t("Had it before"),
  expired: t("Too long ago"),
  bypassed: t("Bypassed"),
  did_not_qualify: t("Did not qualify"),
};

export const notificationNames: Record<NotificationKind, string> = {
  assigned: t("Assigned to you"),
  comment: t("Comment"),
  handoff: t("Handed off by a bot"),
  escalated: t("Nobody answers"),
  lost: t("Taken from you"),
  mention: t("Named in a note"),
  woke: t("Snooze is over"),
  send_failed: t("Not sent"),
};

export const toneNames: Record<Tone, string> = { friendlier: t("Friendlier"), shorter: t("Shorter"), formal: t("More formal") };

/** What an attribute is called; those that come with Rapport have a name in the desk's language. */
export function attributeName(attribute: { label: string; built_in?: boolean }): string {
  return attribute.built_in ? said(attribute.label) : attribute.label;
}

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
  const things = [...(item.files ?? []).map((file) => file.name), ...(item.location ? [item.location.name ?? t("Location")] : [])];
  const text = [item.body ?? "", ...things].filter((part) => part !== "").join(", ");
  if (item.kind === "note") return t("Internal note by {{name}}: {{text}}", { name: item.author_name ?? t("an agent"), text });
  return `${item.author_name ?? t("Customer")}: ${text}`;
}
