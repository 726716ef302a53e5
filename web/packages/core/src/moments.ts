import { t } from "@rapport/i18n";
import { fromClock, onClock } from "./format";

/** A time that a person is likely to want, with its name. */
export interface Moment {
  id: string;
  label: string;
  at: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Sensible times to snooze until or to send at, by the clock of the desk; `opening` is when the queue opens next. */
export function moments(now: number, opening?: string): Moment[] {
  const today = Date.parse(`${onClock(now).slice(0, 10)}T00:00Z`);
  const nine = (ahead: number) => fromClock(`${new Date(today + ahead * DAY).toISOString().slice(0, 10)}T09:00`);
  const list: Moment[] = [
    { id: "hour", label: t("In 1 hour"), at: now + HOUR },
    { id: "hours", label: t("In 3 hours"), at: now + 3 * HOUR },
    { id: "tomorrow", label: t("Tomorrow 9:00"), at: nine(1) },
  ];
  const open = opening ? Date.parse(opening) : NaN;
  if (open > now) list.push({ id: "opening", label: t("When the queue opens next"), at: open });
  const monday = ((8 - new Date(today).getUTCDay()) % 7) || 7;
  if (monday > 1) list.push({ id: "monday", label: t("Monday 9:00"), at: nine(monday) });
  return list;
}
