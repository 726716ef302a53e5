import type { Agent, CustomStatus, Status, StatusTotal, SubStatus } from "./api/types";
import { availability, statusNames, subNames } from "./format";

/** How an agent's status is shown. */
export interface Shown {
  /** The colour of the dot and the place in lists: who has no room counts as busy. */
  base: Status;
  /** The custom status, or the base. */
  name: string;
  /** What the system adds; empty if nothing. */
  sub: string;
  /** Of the custom status. */
  color?: string;
}

/** What the system adds to Available, from the work an agent holds and has room for; the server's rule. */
export function subOf(status: Status, load: number, room = Infinity): SubStatus | undefined {
  if (status !== "available") return undefined;
  if (load >= room) return "full_capacity";
  return load === 0 ? "idle" : "under_capacity";
}

type Holder = Pick<Agent, "status" | "connected" | "load" | "room" | "custom_status_id">;

/** An agent's status as others see it. Who was seen by no desk is offline, whatever they chose. */
export function shownStatus(agent: Holder, customs: readonly CustomStatus[]): Shown {
  const base = availability(agent);
  const sub = subOf(base, agent.load, agent.room);
  const custom = base === "offline" ? undefined : customs.find((one) => one.id === agent.custom_status_id);
  return {
    base: sub === "full_capacity" ? "busy" : base,
    name: custom?.name ?? statusNames[sub === "full_capacity" ? "busy" : base],
    sub: sub ? subNames[sub] : "",
    ...(custom ? { color: custom.color } : {}),
  };
}

/** Custom statuses of a base, in their order. */
export function customsOf(customs: readonly CustomStatus[], base: Status): CustomStatus[] {
  return customs.filter((one) => one.base === base).sort((a, b) => a.position - b.position || a.name.localeCompare(b.name));
}

/** A part of a period that an agent spent in one status. */
export interface Share {
  key: string;
  base: Status;
  name: string;
  sub: string;
  seconds: number;
  /** Of the whole period, 0 to 1. */
  part: number;
}

const order: Record<Status, number> = { available: 0, busy: 1, away: 2, offline: 3 };

/** Totals of a period as parts of it: the working statuses first, the longest first among equals. */
export function sharesOf(totals: readonly StatusTotal[]): Share[] {
  const whole = totals.reduce((sum, total) => sum + total.seconds, 0);
  return totals
    .filter((total) => total.seconds > 0)
    .map((total) => {
      const full = total.sub === "full_capacity";
      const base: Status = full ? "busy" : total.availability;
      return {
        key: `${total.availability} ${total.sub ?? ""} ${total.custom_name ?? ""}`,
        base,
        name: total.custom_name || statusNames[base],
        sub: total.sub ? subNames[total.sub] : "",
        seconds: total.seconds,
        part: whole > 0 ? total.seconds / whole : 0,
      };
    })
    .sort((a, b) => order[a.base] - order[b.base] || b.seconds - a.seconds);
}

/** How much of the time at work an agent held conversations; undefined while not at work. */
export function utilisation(totals: readonly StatusTotal[]): number | undefined {
  const at = (pick: (total: StatusTotal) => boolean) => totals.filter(pick).reduce((sum, total) => sum + total.seconds, 0);
  const work = at((total) => total.availability !== "offline");
  if (work === 0) return undefined;
  return at((total) => total.sub === "under_capacity" || total.sub === "full_capacity") / work;
}
