import type { Effect, Then } from "@rapport/core/api/texts";
import type { Waiting } from "@rapport/core/api/together";
import { clientId } from "@rapport/core/id";
import { t } from "@rapport/i18n";
import { createStore } from "./store";

/** What a macro left until the reply (S3-49). */
export interface Pending {
  macro: { id: string; name: string };
  then: Then;
  /** The same for the eye. */
  effects: Effect[];
  /** The reply is on its way with it, from the page of this name. */
  sending?: string | undefined;
}

type Pendings = Record<string, Pending | undefined>;

/** By conversation. */
export const pendings = createStore<Pendings>({});

let shelf = "";

/** This page among all that are open: what another one sends is not this one's to forget or to give back. */
const page = clientId();

/**
 * From now on it outlives the page, as the draft does that it goes with; for each agent apart. What was on its way with
 * a reply that is not on its way any more waits again.
 */
export function pendingsOf(agentId: string, onItsWay: (conversation: string) => boolean): void {
  if (shelf === "") addEventListener("storage", take);
  shelf = `rapport.pending.${agentId}`;
  show(Object.fromEntries(Object.entries(read()).map(([id, one]) => [id, one && { ...one, sending: one.sending && onItsWay(id) ? page : undefined }])));
}

/** Another page of the same browser changed it. */
function take({ key }: StorageEvent): void {
  if (key === shelf) show(read());
}

function show(all: Pendings): void {
  pendings.set({ ...Object.fromEntries(Object.keys(pendings.get()).map((id) => [id, undefined])), ...all });
}

function read(): Pendings {
  try {
    return (JSON.parse(localStorage.getItem(shelf) ?? "{}") as Pendings | null) ?? {};
  } catch {
    return {};
  }
}

export function setPending(id: string, pending: Pending | undefined): void {
  pendings.set({ [id]: pending });
  if (!shelf) return;
  try {
    localStorage.setItem(shelf, JSON.stringify({ ...read(), [id]: pending }));
  } catch {
    // A full or forbidden storage costs its survival, not the macro.
  }
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

/** A reply sets off with it. */
export function sendPending(conversation: string, held: Pending): void {
  setPending(conversation, { ...held, sending: page });
}

/** This page's reply was taken: what was pending goes with it. */
export function sentPending(conversation: string): void {
  if (pendings.get()[conversation]?.sending === page) setPending(conversation, undefined);
}

/** This page's reply did not go, and what would have happened with it waits again. */
export function returnPending(conversation: string): void {
  const held = pendings.get()[conversation];
  if (held?.sending === page) setPending(conversation, { ...held, sending: undefined });
}

/** The reply was taken back, from whichever page it was sent. */
export function putBackPending(conversation: string, left: NonNullable<Waiting["left"]>): void {
  const { effects, macro_id, macro, ...then } = left;
  setPending(conversation, { macro: { id: macro_id ?? "", name: macro ?? t("Macro") }, then: { ...then, ...(macro_id ? { macro_id } : {}) }, effects });
}
