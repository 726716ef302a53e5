import type { ListQuery } from "./api/api";
import type { ListFilter, Me, Page, Sort, Standing, Summary, View } from "./api/types";
import { isActive } from "./permission";

export interface ListKey {
  view: View;
  filter?: ListFilter | undefined;
  sort?: Sort | undefined;
}

/** A list as it is held: the pages fetched so far, and the last one's cursor. */
export interface Pages<T> {
  pages: Page<T>[];
  pageParams: unknown[];
}

/** Orders of each view, the default first (S3-89, S3-90). */
export const sortsOf: Record<View, readonly Sort[]> = {
  mine: ["waiting", "oldest", "latest", "status", "customer", "queue"],
  unassigned: ["waiting", "oldest", "latest", "status", "customer", "queue"],
  all: ["oldest", "latest", "status", "customer", "queue"],
  chatbots: ["latest", "oldest", "status", "customer", "queue"],
  history: ["oldest", "latest", "customer", "queue"],
  any: ["latest", "oldest", "status", "customer", "queue"],
};

export function sortOf(key: ListKey): Sort {
  return key.sort ?? sortsOf[key.view][0] ?? "oldest";
}

const standings: readonly Standing[] = ["open", "pending", "snoozed", "solved", "closed"];

/** Where a conversation stands: its state, or that it is snoozed. */
export function standingOf(c: Summary): Standing {
  return c.state === "pending" && c.snoozed_until ? "snoozed" : c.state;
}

/** Whether a conversation belongs into a list. The server sends only what the person may see. */
export function belongs(me: Me, key: ListKey, c: Summary, now = Date.now()): boolean {
  return inView(me, key.view, c) && (!key.filter || meets(me, key.filter, c, now));
}

function inView(me: Me, view: View, c: Summary): boolean {
  switch (view) {
    case "mine":
      return c.assignee_id === me.agent.id && isActive(c.state);
    case "unassigned":
      return c.waiting !== undefined && isActive(c.state);
    case "all":
      return isActive(c.state);
    case "chatbots":
      return Boolean(c.bot_id) && isActive(c.state);
    case "history":
      return c.state === "solved" || c.state === "closed";
    case "any":
      return true;
  }
}

const free = <T>(list: readonly T[] | undefined): boolean => !list || list.length === 0;

/** Whether a list depends on surveys, whose answers a conversation does not carry. */
export function surveyed(key: ListKey): boolean {
  return !free(key.filter?.ratings) || key.filter?.commented === true;
}

function meets(me: Me, f: ListFilter, c: Summary, now: number): boolean {
  const named = (list: readonly string[] | undefined, value: string | undefined) => free(list) || (value !== undefined && list?.includes(value));
  const assigned = f.assignees?.some((id) => (id === "none" ? !c.assignee_id : c.assignee_id === (id === "me" ? me.agent.id : id)));
  const since = waitingSince(c);
  return Boolean(
    named(f.queues, c.queue_id) &&
      named(f.inboxes, c.inbox_id) &&
      named(f.channels, c.channel) &&
      (free(f.assignees) || assigned) &&
      named(f.statuses, standingOf(c)) &&
      named(f.priorities, c.priority) &&
      (free(f.tags) || f.tags?.some((tag) => c.tags?.includes(tag))) &&
      named(f.dispositions, c.disposition_id) &&
      (!f.waits_minutes || (since !== undefined && Date.parse(since) <= now - f.waits_minutes * 60_000)) &&
      (!f.topic || (c.topic ?? "").toLowerCase().includes(f.topic.toLowerCase())),
  );
}

/** A filter without its empty members; undefined when it narrows nothing. */
export function tidyFilter(filter: ListFilter | undefined): ListFilter | undefined {
  const kept = Object.entries(filter ?? {}).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value)));
  return kept.length > 0 ? (Object.fromEntries(kept) as ListFilter) : undefined;
}

/** Since when the customer waits: for an agent, else for an answer. */
export function waitingSince(c: Summary): string | undefined {
  return c.waiting?.since ?? c.awaits_since;
}

const priorities = { urgent: 4, high: 3, normal: 2, low: 1 };

function order(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const moment = (text: string | undefined): number => (text ? Date.parse(text) : 0);

/** The places in sorted lists, as the server gives them. */
const at = (c: Summary): number => c.order?.at ?? moment(c.last_at ?? c.opened_at);
const customer = (c: Summary): string => c.order?.customer ?? c.contact_name.toLowerCase();
const queue = (c: Summary): string => c.order?.queue ?? c.queue_name.toLowerCase();

/** The order in which the server lists a view, so that a change falls into its place. */
export function compare(key: ListKey, a: Summary, b: Summary): number {
  const byTime = () => order(at(a), at(b)) || order(a.id, b.id);
  switch (sortOf(key)) {
    case "oldest":
      return byTime();
    case "latest":
      return -byTime();
    case "status":
      return standings.indexOf(standingOf(a)) - standings.indexOf(standingOf(b)) || byTime();
    case "customer":
      return order(customer(a), customer(b)) || order(a.id, b.id);
    case "queue":
      return order(queue(a), queue(b)) || order(a.queue_id, b.queue_id) || byTime();
    case "waiting":
      if (key.view === "unassigned") {
        return priorities[b.priority] - priorities[a.priority] || order(moment(a.waiting?.since), moment(b.waiting?.since)) || order(a.id, b.id);
      }
      // Who waits for an answer comes first, the longest waiting on top.
      if (Boolean(a.awaits_since) !== Boolean(b.awaits_since)) return a.awaits_since ? -1 : 1;
      return a.awaits_since ? order(moment(a.awaits_since), moment(b.awaits_since)) || order(a.id, b.id) : -byTime();
  }
}

/**
 * Puts the new state of a conversation where it belongs, or takes it out. A
 * state older than the one held changes nothing. One that sorts behind the last
 * loaded page is left for the page that will hold it.
 */
export function applyToList(me: Me, key: ListKey, list: Pages<Summary>, c: Summary): Pages<Summary> {
  const held = list.pages.flatMap((page) => page.items).find((item) => item.id === c.id);
  if (held && held.version > c.version) return list;
  if (!held && (surveyed(key) || !belongs(me, key, c))) return list; // the server tells who comes in by an answer

  const pages = held ? list.pages.map((page) => without(page, c.id)) : [...list.pages];
  if (!belongs(me, key, c)) return { ...list, pages };
  for (const [n, page] of pages.entries()) {
    const at = page.items.findIndex((item) => compare(key, c, item) < 0);
    const last = n === pages.length - 1;
    if (at < 0 && !(last && page.next === "")) continue;
    const items = [...page.items];
    items.splice(at < 0 ? items.length : at, 0, c);
    pages[n] = { ...page, items };
    return { ...list, pages };
  }
  return { ...list, pages };
}

export function removeFromList(list: Pages<Summary>, id: string): Pages<Summary> {
  if (!list.pages.some((page) => page.items.some((item) => item.id === id))) return list;
  return { ...list, pages: list.pages.map((page) => without(page, id)) };
}

function without(page: Page<Summary>, id: string): Page<Summary> {
  return { ...page, items: page.items.filter((item) => item.id !== id) };
}

/** A customer who is called something else now has another place in lists by name. */
export function renameInList(me: Me, key: ListKey, list: Pages<Summary>, contact: { id: string; name: string }): Pages<Summary> {
  if (!contact.name) return list;
  let next = list;
  for (const c of list.pages.flatMap((page) => page.items)) {
    if (c.contact_id !== contact.id || c.contact_name === contact.name) continue;
    const folded = contact.name.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
    const place = c.order ? { order: { ...c.order, customer: folded } } : {};
    next = applyToList(me, key, next, { ...c, contact_name: contact.name, ...place });
  }
  return next;
}

/** Query of a list's page. */
export function listQuery(key: ListKey, cursor?: string): ListQuery {
  const query: ListQuery = { view: key.view, limit: 50 };
  const { filter: f } = key;
  if (f) {
    const members = { queue: f.queues, inbox: f.inboxes, channel: f.channels, assignee: f.assignees, status: f.statuses, priority: f.priorities, tag: f.tags, disposition: f.dispositions, rating: f.ratings };
    for (const [name, value] of Object.entries(members)) if (value && value.length > 0) query[name as keyof typeof members] = value;
    if (f.commented) query.commented = true;
    if (f.waits_minutes) query.waits = f.waits_minutes;
    if (f.topic) query.topic = f.topic;
  }
  if (key.sort) query.sort = key.sort;
  if (cursor) query.cursor = cursor;
  return query;
}
