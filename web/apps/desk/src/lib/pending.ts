import type { Effect, Then } from "@rapport/core/api/texts";
import { createStore } from "./store";

/** What a macro left until the reply (S3-49). */
export interface Pending {
  macro: { id: string; name: string };
  then: Then;
  /** The same for the eye. */
  effects: Effect[];
  /** The reply is on its way with it. */
  sending?: boolean;
}

/** By conversation. */
export const pendings = createStore<Record<string, Pending | undefined>>({});

export function setPending(id: string, pending: Pending | undefined): void {
  pendings.set({ [id]: pending });
}

/** Takes one effect out again. */
export function dropPending(id: string, kind: string): void {
  const held = pendings.get()[id];
  if (!held) return;
  const effects = held.effects.filter((effect) => effect.kind !== kind);
  const then: Then = { ...held.then };
  if (kind === "state") delete then.state;
  if (kind === "queue") delete then.queue_id;
  if (kind === "assignee") delete then.assignee_id;
  setPending(id, effects.length > 0 ? { ...held, effects, then } : undefined);
}
