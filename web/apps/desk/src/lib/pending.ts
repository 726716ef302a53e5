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

/** What went with replies that can still be taken back, by the id of the reply. */
const gone = new Map<string, Pending>();

/** The reply was taken: what was pending goes with it. */
export function sentPending(conversation: string, reply?: string): void {
  const held = pendings.get()[conversation];
  if (!held?.sending) return;
  if (reply) gone.set(reply, held);
  setPending(conversation, undefined);
}

/** The reply came back, and with it what would have happened. */
export function returnPending(conversation: string, reply: string): void {
  const held = gone.get(reply) ?? pendings.get()[conversation];
  gone.delete(reply);
  if (held) setPending(conversation, { ...held, sending: false });
}
