import type { Send } from "./bots";
import type { components } from "./schema";
import type { WritingExtra } from "../outbox";
import type { Answer, Item, Summary } from "./types";

// What agents do with each other in a conversation, and with time: the words,
// and the calls that are made with them.

type Schemas = components["schemas"];

export type Colleague = Schemas["Colleague"];
export type Draft = Schemas["Draft"];
export type SavedDraft = Schemas["SavedDraft"];
/** A message that waits to leave. */
export type Waiting = Answer<Schemas["Outgoing"]>;
export type AskInput = Omit<Schemas["AskInputBody"], "$schema">;
export type DraftKind = "message" | "note";

export function togetherCalls(send: Send) {
  const at = (id: string) => `/conversations/${id}`;
  return {
    colleagues: (id: string, q: string) => send<{ items: Colleague[] }>("GET", `${at(id)}/colleagues?q=${encodeURIComponent(q)}`),
    pinned: (id: string) => send<{ items: Item[] }>("GET", `${at(id)}/pinned`),
    pin: (id: string, seq: number, on: boolean) => send<Item>(on ? "PUT" : "DELETE", `${at(id)}/items/${seq}/pin`),
    links: (id: string) => send<{ items: Summary[] }>("GET", `${at(id)}/links`),
    snooze: (id: string, until: string) => send<Summary>("POST", `${at(id)}/snooze`, { until }),
    times: (id: string) => send<{ next_opening?: string }>("GET", `${at(id)}/snooze`),
    drafts: () => send<{ items: Draft[] }>("GET", "/me/drafts"),
    draft: (id: string, kind: DraftKind) => send<Draft>("GET", `${at(id)}/drafts/${kind}`),
    saveDraft: (id: string, kind: DraftKind, body: string, version: number, { inbox_id, ...content }: Pick<WritingExtra, "files" | "location" | "mentions" | "mention_queues" | "inbox_id" | "point"> = {}) =>
      send<SavedDraft>("PUT", `${at(id)}/drafts/${kind}`, { body, version, content, ...(inbox_id ? { inbox_id } : {}) }),
    waiting: (id: string) => send<{ items: Waiting[] }>("GET", `${at(id)}/outgoing`),
    change: (id: string, change: { body?: string; send_at?: string; only_silent?: boolean }) => send<Waiting>("PATCH", `/outgoing/${id}`, change),
    undo: (id: string) => send<Waiting>("DELETE", `/outgoing/${id}`),
    sendNow: (id: string) => send<Item>("POST", `/outgoing/${id}/send`),
    ask: (question: AskInput) => send<Summary>("POST", "/internal-conversations", question),
  };
}
