import { locale, t } from "@rapport/i18n";
import type { Block, Hours } from "./api/types";

// Business hours as the server reads them: blocks of weekdays in the queue's
// time zone, from inclusive, to exclusive; a holiday closes its whole day.

const DAY = 24 * 60;

/** Minutes after midnight of "HH:MM", 24:00 included; undefined for anything else. */
export function minuteOf(text: string): number | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (!match) return undefined;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minute <= DAY ? minute : undefined;
}

export function timeOf(minute: number): string {
  const within = Math.min(DAY, Math.max(0, minute));
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}

/** What somebody typed as a time of day: "9", "930", "9.30", "9:30 pm", "24". Undefined if it is none. */
export function readTime(text: string): string | undefined {
  const match = /^\s*(\d{1,2})(?:[:.h ]?(\d{2}))?\s*([ap]m?)?\s*$/i.exec(text);
  if (!match) return undefined;
  let hour = Number(match[1]);
  const half = match[3]?.[0]?.toLowerCase();
  if (half && (hour < 1 || hour > 12)) return undefined;
  if (half) hour = (hour % 12) + (half === "p" ? 12 : 0);
  const text24 = `${String(hour).padStart(2, "0")}:${match[2] ?? "00"}`;
  return minuteOf(text24) === undefined ? undefined : text24;
}

/** Monday first, in the numbers of the API: 0 is Sunday. */
export const weekdays = [1, 2, 3, 4, 5, 6, 0] as const;

export function weekdayName(day: number, style: "long" | "short" = "long"): string {
  // 1 March 2026 is a Sunday.
  return new Intl.DateTimeFormat(locale(), { weekday: style, timeZone: "UTC" }).format(Date.UTC(2026, 2, 1 + day));
}

/** The blocks of a day in their order. */
export function blocksOf(hours: Pick<Hours, "blocks">, day: number): Block[] {
  return hours.blocks.filter((block) => block.day === day).sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** What is wrong with a day's blocks, in a sentence; undefined if nothing is. */
export function dayFault(hours: Pick<Hours, "blocks">, day: number): string | undefined {
  let end = -1;
  for (const block of blocksOf(hours, day)) {
    const from = minuteOf(block.from);
    const to = minuteOf(block.to);
    if (from === undefined || to === undefined) return t("A time looks like 09:00.");
    if (from >= to) return t("{{from}} is not before {{to}}. Past midnight, end at 24:00 and go on the next day.", { from: block.from, to: block.to });
    if (from < end) return t("Two times overlap.");
    end = to;
  }
  return undefined;
}

export function hoursFault(hours: Hours): string | undefined {
  for (const day of weekdays) {
    const fault = dayFault(hours, day);
    if (fault) return `${weekdayName(day)}: ${fault}`;
  }
  if (hours.blocks.length === 0) return t("At least one day has to be open.");
  const dates = hours.holidays.map((holiday) => holiday.date);
  if (dates.some((date) => !/^\d{4}-\d{2}-\d{2}$/.test(date))) return t("Each holiday needs a date.");
  const twice = dates.find((date, n) => dates.indexOf(date) !== n);
  return twice ? t("{{twice}} is a holiday twice.", { twice }) : undefined;
}

interface Local {
  /** YYYY-MM-DD */
  date: string;
  day: number;
  minute: number;
}

/** A moment on the clocks of a time zone. */
export function localTime(at: number, zone: string): Local {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const date = `${of("year")}-${of("month")}-${of("day")}`;
  return { date, day: new Date(`${date}T00:00:00Z`).getUTCDay(), minute: Number(of("hour")) * 60 + Number(of("minute")) };
}

function nextDate(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

export type Opening =
  | { open: true; until?: undefined }
  | { open: true; until: { day: number; time: string; days: number } }
  | { open: false; until?: undefined; holiday?: string | undefined }
  | { open: false; until: { day: number; time: string; days: number }; holiday?: string | undefined };

/** How far ahead the next change is looked for, in days. */
const HORIZON = 400;

/** Whether the hours are open at a moment, and when that changes; without `until` it never does. */
export function openingAt(hours: Hours, at: number): Opening {
  const holidays = new Map(hours.holidays.map((holiday) => [holiday.date, holiday.name]));
  const now = localTime(at, hours.zone);
  const spans = (date: string, day: number): [number, number][] =>
    holidays.has(date)
      ? []
      : blocksOf(hours, day).flatMap((block) => {
          const from = minuteOf(block.from);
          const to = minuteOf(block.to);
          return from !== undefined && to !== undefined && from < to ? [[from, to] as [number, number]] : [];
        });

  let { date, day } = now;
  const open = spans(date, day).some(([from, to]) => from <= now.minute && now.minute < to);
  // Walks along the spans: while open, to the end of those that touch each other; while closed, to the next beginning.
  let reach = now.minute;
  for (let days = 0; days <= HORIZON; days++) {
    const today = spans(date, day);
    if (open) {
      for (const [from, to] of today) if (from <= reach && to > reach) reach = to;
      if (reach < DAY) return { open, until: { day, time: timeOf(reach), days } };
    } else {
      const next = today.find(([from]) => days > 0 || from > now.minute);
      if (next) return { open, until: { day, time: timeOf(next[0]), days }, holiday: holidays.get(now.date) };
    }
    date = nextDate(date);
    day = (day + 1) % 7;
    reach = 0;
  }
  return open ? { open } : { open, holiday: holidays.get(now.date) };
}

/** "Open now, until 17:00" or "Closed until Monday 09:00". */
export function openingText(opening: Opening): string {
  const { until } = opening;
  if (!until) return opening.open ? t("Always open") : t("Never open");
  const when = until.days === 0 ? until.time : until.days < 7 ? `${weekdayName(until.day)} ${until.time}` : t("{{time}} in {{count}} days", { time: until.time, count: until.days });
  if (opening.open) return t("Open now, until {{when}}", { when });
  const { holiday } = opening;
  if (until.days === 0) return holiday ? t("Closed for {{holiday}}, opens at {{when}}", { holiday, when }) : t("Closed now, opens at {{when}}", { when });
  return holiday ? t("Closed for {{holiday}}, opens {{when}}", { holiday, when }) : t("Closed now, opens {{when}}", { when });
}

/** "GMT+1", what a zone's clocks show against UTC at a moment. */
export function zoneOffset(zone: string, at: number): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

/** Monday to Friday, nine to five: what a new queue starts from. */
export function usualHours(zone: string): Hours {
  const blocks = [1, 2, 3, 4, 5].map((day) => ({ day, from: "09:00", to: "17:00" }));
  return { zone, blocks, holidays: [], reply: "" };
}
