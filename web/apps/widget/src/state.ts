/**
 * What the widget knows, and how each piece of news changes it. Pure: no
 * network, no storage, no clock.
 *
 * A message of the visitor lives in `outbox` until the server's copy, known by
 * its client id, arrives from anywhere (answer, socket, poll, another tab);
 * then it moves to `items`. Applying the same news twice changes nothing.
 */
import type { Conversation, Cursor, Delivery, FileShown, Item, Page, Place as Location, Receipt, Session, Waiting } from "./protocol";

/** A message that the server has not confirmed. */
export interface Outgoing {
  client_id: string;
  body: string;
  /** Who wrote it, empty for an anonymous visitor; nobody else may send it. */
  as: string;
  /** Uploaded files that go along. */
  files?: FileShown[];
  /** Where the visitor was. */
  location?: Location;
  /** When it was written, RFC 3339. */
  at: string;
  /** Why the server refused it; it is not sent again by itself. */
  failed?: string;
}

/** A place in the visitor's thread: conversations follow each other, and their items are numbered. */
export interface Place {
  conversation_id: string;
  seq: number;
}

/**
 * How the widget hears of news:
 * off (nothing to hear yet), connecting, live (socket), polling (socket impossible), lost.
 */
export type Link = "off" | "connecting" | "live" | "polling" | "lost";

/** Why nobody can chat: the inbox wants a signed identity, did not accept this one, or is switched off. */
export type Refusal = "identity_missing" | "identity_refused" | "unavailable";

export interface State {
  /** True once the history is there. */
  ready: boolean;
  link: Link;
  refusal: Refusal | null;
  contactName: string;
  conversation: Conversation | null;
  items: readonly Item[];
  outbox: readonly Outgoing[];
  cursor: Cursor | null;
  /** The last item that the visitor has looked at. */
  seen: Place | null;
  /** Who is writing; null when nobody is. */
  typing: string | null;
}

export type News =
  | { t: "session"; session: Session }
  | { t: "page"; page: Page }
  | { t: "queued"; message: Outgoing }
  | { t: "receipt"; receipt: Receipt }
  | { t: "failed"; client_id: string; reason: string }
  | { t: "retried"; client_id: string }
  | { t: "discarded"; client_id: string }
  | { t: "seen"; place: Place }
  | { t: "typing"; name: string | null }
  | { t: "waiting"; waiting: Waiting | null }
  | { t: "rated" }
  | { t: "link"; link: Link }
  | { t: "refused"; refusal: Refusal | null }
  | { t: "cleared" };

export const empty: State = {
  ready: false,
  link: "off",
  refusal: null,
  contactName: "",
  conversation: null,
  items: [],
  outbox: [],
  cursor: null,
  seen: null,
  typing: null,
};

export function apply(state: State, news: News): State {
  switch (news.t) {
    case "session": {
      const { session } = news;
      const items = merge([], session.items);
      return {
        ...state,
        ready: true,
        refusal: null,
        contactName: session.contact.name,
        conversation: session.conversation,
        items,
        outbox: unconfirmed(state.outbox, items),
        cursor: session.cursor,
        seen: later(state.seen, seenBefore(items, session.unread)),
      };
    }
    case "page": {
      const { page } = news;
      const items = merge(state.items, page.items);
      return {
        ...state,
        conversation: page.conversation ?? state.conversation,
        items,
        outbox: unconfirmed(state.outbox, items),
        cursor: page.cursor,
        typing: page.items.some((item) => item.from !== "me" && !has(state.items, item)) ? null : state.typing,
      };
    }
    case "receipt": {
      const items = merge(state.items, [news.receipt.item]);
      return {
        ...state,
        conversation: news.receipt.conversation ?? state.conversation,
        items,
        outbox: unconfirmed(state.outbox, items),
      };
    }
    case "queued": {
      const id = news.message.client_id;
      const known =
        state.outbox.some((message) => message.client_id === id) || state.items.some((item) => item.client_id === id);
      return known ? state : { ...state, outbox: [...state.outbox, news.message] };
    }
    case "failed":
      return { ...state, outbox: change(state.outbox, news.client_id, (message) => ({ ...message, failed: news.reason })) };
    case "retried":
      return {
        ...state,
        outbox: change(state.outbox, news.client_id, ({ failed: _past, ...message }) => message),
      };
    case "discarded":
      return { ...state, outbox: state.outbox.filter((message) => message.client_id !== news.client_id) };
    case "seen":
      return { ...state, seen: later(state.seen, news.place) };
    case "typing":
      return state.typing === news.name ? state : { ...state, typing: news.name };
    case "waiting":
      return state.conversation ? { ...state, conversation: { ...state.conversation, waiting: news.waiting } } : state;
    case "rated": {
      if (!state.conversation) return state;
      const { survey: _answered, ...conversation } = state.conversation;
      return { ...state, conversation };
    }
    case "link":
      return { ...state, link: news.link, typing: news.link === "live" ? state.typing : null };
    case "refused":
      return { ...state, refusal: news.refusal };
    case "cleared":
      return empty;
  }
}

/** How many messages of ours the visitor has not looked at. */
export function unread(state: State): number {
  return state.items.filter((item) => item.from !== "me" && (!state.seen || compare(item, state.seen) > 0)).length;
}

/** The next message to send: the oldest that nothing speaks against. */
export function nextToSend(state: State): Outgoing | undefined {
  return state.outbox.find((message) => message.failed === undefined);
}

/** The newest item from us, which "seen" is reported for. */
export function lastFromUs(state: State): Item | undefined {
  return state.items.findLast((item) => item.from !== "me");
}

/** The answers that can be chosen now: those of the newest message, while nothing came after it. */
export function choices(state: State): readonly string[] {
  if (state.outbox.length > 0 || state.conversation?.state === "closed") return [];
  return state.items.at(-1)?.buttons ?? [];
}

/** Orders places. Ids of conversations sort by the time they were made. */
export function compare(a: Place, b: Place): number {
  if (a.conversation_id !== b.conversation_id) return a.conversation_id < b.conversation_id ? -1 : 1;
  return a.seq - b.seq;
}

const rank: Record<Delivery, number> = { queued: 1, sent: 2, failed: 3, delivered: 4, seen: 5 };

/** Adds items to a sorted list, each once; a message's delivery never goes back. */
function merge(items: readonly Item[], more: readonly Item[]): readonly Item[] {
  if (more.length === 0) return items;
  const merged = [...items];
  for (const item of more) {
    const at = merged.findIndex((other) => compare(other, item) === 0);
    const old = merged[at];
    if (!old) {
      merged.push(item);
    } else if (rank[item.delivery ?? "queued"] >= rank[old.delivery ?? "queued"]) {
      merged[at] = { ...old, ...item };
    }
  }
  return merged.sort(compare);
}

function has(items: readonly Item[], item: Item): boolean {
  return items.some((other) => compare(other, item) === 0);
}

function unconfirmed(outbox: readonly Outgoing[], items: readonly Item[]): readonly Outgoing[] {
  const confirmed = new Set(items.map((item) => item.client_id));
  const left = outbox.filter((message) => !confirmed.has(message.client_id));
  return left.length === outbox.length ? outbox : left;
}

function change(outbox: readonly Outgoing[], id: string, edit: (message: Outgoing) => Outgoing): readonly Outgoing[] {
  return outbox.map((message) => (message.client_id === id ? edit(message) : message));
}

function later(a: Place | null, b: Place | null): Place | null {
  if (!a || !b) return a ?? b;
  return compare(a, b) >= 0 ? a : b;
}

/** The place before the last `count` messages of ours. */
function seenBefore(items: readonly Item[], count: number): Place | null {
  const ours = items.filter((item) => item.from !== "me");
  return ours[ours.length - 1 - count] ?? null;
}
