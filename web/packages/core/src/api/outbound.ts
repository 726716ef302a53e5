import type { Send } from "./bots";
import type { components } from "./schema";
import type { TemplateUse } from "./texts";
import type { Contact, Item, Point, Priority, Summary } from "./types";

// Writing to a customer first, by which way to answer, and merging: the words,
// and the calls that are made with them.

type Schemas = components["schemas"];

/** An inbox as From offers it for a new conversation. */
export type Sender = Schemas["Sender"];

/** One way to answer a customer: from an inbox to one of their addresses. */
export type Way = Omit<Schemas["Way"], "point"> & { point: Point };

/** The senders of a queue: what it writes from. */
export type Senders = Schemas["Senders"];

export interface Recipients {
  items: Contact[];
  /** What was typed, as an address that nobody of the list has. */
  typed?: Point;
}

export interface Address {
  kind?: Point["kind"];
  address: string;
}

export interface Beginning {
  inbox_id: string;
  queue_id?: string;
  contact_id?: string;
  to?: Address;
  name?: string;
  body: string;
  state?: "open" | "pending" | "solved";
  priority?: Priority;
  form_id?: string;
  fields?: Record<string, string>;
  topic?: string;
  summary?: string;
  tags?: string[];
  disposition_id?: string;
  note?: string;
  /** The macro that filled this in. */
  macro_id?: string;
  template?: TemplateUse;
  /** Where it goes once the message is written. */
  then?: { queue_id?: string; assignee_id?: string };
  client_id: string;
  files?: string[];
}

/** Until when any text may be sent. */
export type WritingWindow = Schemas["WindowView"];

export interface Begun {
  conversation: Summary;
  item: Item;
}

export interface Permission {
  ok: boolean;
  why: string;
}

export type Mergeable = Summary & { may: Permission };

/** What two conversations would be together. */
export interface MergePreview {
  into: Summary;
  from: Summary;
  may: Permission;
  queue: string;
  topic: string;
  summary: string;
  priority: Priority;
  tags: string[];
  fields: Record<string, string>;
  items: Item[];
}

/** A conversation that was merged into the open one. */
export interface Merge {
  from: Summary;
  by: { id: string; name: string };
  at: string;
}

/** What a refusal to begin tells of the conversation that there is. */
export interface OngoingRef {
  id: string;
  contact_name: string;
  inbox_name: string;
  queue_name: string;
  state: Summary["state"];
  assignee?: { id: string; name: string };
  last_text: string;
}

/** The calls about writing first and merging. */
export function outboundCalls(send: Send) {
  const query = (values: Record<string, string>) => `?${new URLSearchParams(values).toString()}`;
  return {
    senders: () => send<{ items: Sender[]; chosen?: string }>("GET", "/senders"),
    recipients: (q: string, inbox: string, signal?: AbortSignal) => send<Recipients>("GET", `/recipients${query({ q, inbox })}`, undefined, signal),
    window: (inbox: string, contact: string, signal?: AbortSignal) =>
      send<{ window?: WritingWindow }>("GET", `/recipients/window${query({ inbox, ...(contact ? { contact } : {}) })}`, undefined, signal),
    begin: (body: Beginning) => send<Begun>("POST", "/conversations", body),
    ways: (id: string, signal?: AbortSignal) => send<{ items: Way[] }>("GET", `/conversations/${id}/ways`, undefined, signal),
    mergeable: (id: string) => send<{ items: Mergeable[] }>("GET", `/conversations/${id}/mergeable`),
    merges: (id: string) => send<{ items: Merge[] }>("GET", `/conversations/${id}/merges`),
    preview: (id: string, from: string, signal?: AbortSignal) =>
      send<MergePreview>("GET", `/conversations/${id}/merge${query({ from })}`, undefined, signal),
    merge: (id: string, from: string) => send<Summary>("POST", `/conversations/${id}/merge`, { from }),
    unmerge: (id: string, from: string) => send<Summary>("POST", `/conversations/${id}/unmerge`, { from }),
  };
}

/** A way as a key of its own. */
export function wayKey(way: { inbox: { id: string }; point: { kind: string; address: string } }): string {
  return `${way.inbox.id} ${way.point.kind} ${way.point.address}`;
}

/** How an address is written: as it was typed, and without the inbox that an id belongs to. */
export function addressText(point: Point): string {
  if (point.kind === "visitor") return "";
  if (point.shown) return point.shown;
  return point.kind === "external" ? point.address.slice(point.address.indexOf(":") + 1) : point.address;
}
