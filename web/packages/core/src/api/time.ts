import type { AgentView, Hours, ReplyTimer, Settings, Status } from "./types";

// Words about time and presence that the server's document does not hold yet.

export type SubStatus = "idle" | "under_capacity" | "full_capacity";

/** A status that supervisors defined; its base is what it counts as. */
export interface CustomStatus {
  id: string;
  name: string;
  base: Exclude<Status, "offline">;
  /** #rrggbb */
  color: string;
  position: number;
  created_at: string;
}

export type CustomStatusInput = Pick<CustomStatus, "name" | "base" | "color"> & { position?: number };

/** What is chosen: a base status, or a custom one of that base. */
export interface StatusChoice {
  status: Status;
  custom_status_id?: string;
}

/** One entry of what an agent was. */
export interface StatusChange {
  id: string;
  agent_id: string;
  at: string;
  availability: Status;
  sub?: SubStatus;
  custom_id?: string;
  custom_name?: string;
  /** Who set it, when that was not the agent. */
  by?: string;
}

export interface StatusTotal {
  availability: Status;
  sub?: SubStatus;
  custom_name?: string;
  seconds: number;
}

export interface StatusReport {
  items: StatusChange[];
  totals: StatusTotal[];
}

/** An agent with what the board adds. */
export type BoardAgent = AgentView & { since?: string; custom_name?: string; custom_color?: string };

export interface QueueRules {
  reply_timer: ReplyTimer | null;
  hours: Hours | null;
  max_wait_minutes: number;
  fallback_queue: string;
}

export type TimeSettings = Pick<Settings, "reply_timer" | "offline_grace_seconds" | "reopen_hours" | "texts">;
