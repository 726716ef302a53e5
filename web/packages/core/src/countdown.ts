import { t } from "@rapport/i18n";
import type { Summary } from "./api/types";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A row of a list has room for what happens soon; the open conversation says more. */
export type Place = "row" | "header";

type Kind = NonNullable<Summary["timer"]>["kind"];

/** From how long before its moment on a timer is told, in milliseconds. */
const NEAR: Record<Kind, Record<Place, number>> = {
  reply: { row: 5 * MINUTE, header: HOUR },
  warn: { row: 0, header: 0 },
  inactivity: { row: 5 * MINUTE, header: HOUR },
  hold: { row: HOUR, header: DAY },
  wait: { row: 5 * MINUTE, header: HOUR },
  close: { row: 0, header: DAY },
  bot: { row: 0, header: MINUTE },
  open: { row: 0, header: 3 * DAY },
  // It has a sign of its own, with the time of waking.
  snooze: { row: 0, header: 0 },
};

/** These end something that is as it should be; nobody has to hurry. */
const calm = new Set<Kind>(["close", "hold", "open", "snooze"]);

export type Urgency = "calm" | "soon" | "now";

export interface Countdown {
  /** What happens: "moves on in 4 min". */
  text: string;
  urgency: Urgency;
}

/** What is left, in the fewest characters: "0:40", "4 min", "3 h", "2 d". Never rounded down to less than there is. */
export function left(ms: number): string {
  if (ms < 90 * SECOND) {
    const seconds = Math.max(0, Math.ceil(ms / SECOND));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  if (ms <= 90 * MINUTE) return t("{{n}} min", { n: Math.ceil(ms / MINUTE) });
  if (ms <= 48 * HOUR) return t("{{n}} h", { n: Math.ceil(ms / HOUR) });
  return t("{{n}} d", { n: Math.ceil(ms / DAY) });
}

export interface Rules {
  /** What the reply timer of the conversation's queue does; it moves the conversation if not known. */
  then?: "reassign" | "notify" | undefined;
  /** The agent whom it waits for. */
  holder?: string | undefined;
}

/** What a conversation's timer does next and when, if that is near enough to be told here. */
export function countdown(c: Summary, place: Place, now: number, rules: Rules = {}): Countdown | undefined {
  const { timer } = c;
  if (!timer) return undefined;
  const ms = Date.parse(timer.at) - now;
  if (Number.isNaN(ms) || ms > NEAR[timer.kind][place] || NEAR[timer.kind][place] === 0) return undefined;
  const urgency: Urgency = calm.has(timer.kind) ? "calm" : ms < MINUTE ? "now" : ms < 5 * MINUTE ? "soon" : "calm";
  return { text: ms <= 0 ? due(timer.kind, rules) : coming(timer.kind, left(ms), rules), urgency };
}

function coming(kind: Kind, time: string, { then, holder }: Rules): string {
  switch (kind) {
    case "reply":
      return then === "notify" ? t("answer due in {{time}}", { time }) : t("moves on in {{time}}", { time });
    case "hold":
      return t("waits for {{holder}}, {{time}} left", { holder: holder ?? t("their agent"), time });
    case "wait":
      return t("leaves queue in {{time}}", { time });
    case "close":
      return t("can be reopened for {{time}}", { time });
    case "bot":
      return t("goes to an agent in {{time}}", { time });
    case "open":
      return t("queue opens in {{time}}", { time });
    case "snooze":
      return t("wakes in {{time}}", { time });
    case "warn":
    case "inactivity":
      return t("closes in {{time}}", { time });
  }
}

function due(kind: Kind, { then, holder }: Rules): string {
  switch (kind) {
    case "reply":
      return then === "notify" ? t("answer is due") : t("moves on now");
    case "hold":
      return t("waited for {{holder}}", { holder: holder ?? t("their agent") });
    case "wait":
      return t("leaves queue now");
    case "close":
      return t("closes for good now");
    case "bot":
      return t("goes to an agent now");
    case "open":
      return t("queue opens now");
    case "snooze":
      return t("wakes now");
    case "warn":
    case "inactivity":
      return t("closes now");
  }
}

/** What is read aloud once, when a conversation of one's own is about to leave. */
export function warningOf(c: Summary, now: number, rules: Rules = {}): string {
  const { timer } = c;
  if (!timer || (timer.kind !== "reply" && timer.kind !== "inactivity")) return "";
  const ms = Date.parse(timer.at) - now;
  if (ms > MINUTE || ms <= 0) return "";
  const name = c.contact_name;
  if (timer.kind === "inactivity") return t("The conversation with {{name}} closes in less than a minute.", { name });
  if (rules.then === "notify") return t("The conversation with {{name}} needs an answer in less than a minute.", { name });
  return t("The conversation with {{name}} moves on to another agent in less than a minute.", { name });
}
