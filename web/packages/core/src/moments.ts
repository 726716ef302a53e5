import { t } from "@rapport/i18n";

/** A time that a person is likely to want, with its name. */
export interface Moment {
  id: string;
  label: string;
  at: Date;
}

const HOUR = 3_600_000;

/** Sensible times to snooze until or to send at, in the time zone of the machine; `opening` is when the queue opens next. */
export function moments(now: number, opening?: string): Moment[] {
  const day = (ahead: number, hour: number) => {
    const date = new Date(now);
    date.setDate(date.getDate() + ahead);
    date.setHours(hour, 0, 0, 0);
    return date;
  };
  const list: Moment[] = [
    { id: "hour", label: t("In 1 hour"), at: new Date(now + HOUR) },
    { id: "hours", label: t("In 3 hours"), at: new Date(now + 3 * HOUR) },
    { id: "tomorrow", label: t("Tomorrow 9:00"), at: day(1, 9) },
  ];
  const open = opening ? Date.parse(opening) : NaN;
  if (open > now) list.push({ id: "opening", label: t("When the queue opens next"), at: new Date(open) });
  const monday = ((8 - new Date(now).getDay()) % 7) || 7;
  if (monday > 1) list.push({ id: "monday", label: t("Monday 9:00"), at: day(monday, 9) });
  return list;
}

/** A time as the input of a form holds it: "2026-11-26T09:00", of the machine. */
export function localInput(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
