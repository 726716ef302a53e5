import type { ListQuery } from "./api/api";
import type { Me, Page, Sort, Summary, View } from "./api/types";
import { isActive } from "./permission";

export interface ListKey {
  view: View;
  queue?: string | undefined;
  sort?: Sort | undefined;
}

/** A list as it is held: the pages fetched so far, and the last one's cursor. */
export interface Pages<T> {
  pages: Page<T>[];
  pageParams: unknown[];
}

/** Whether a conversation belongs into a list. The server sends only what the person may see. */
export function belongs(me: Me, key: ListKey, c: Summary): boolean {
  if (key.queue && c.queue_id !== key.queue) return false;
  switch (key.view) {
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
  }
}

/** Since when the customer waits: for an agent, else for an answer. */
export function waitingSince(c: Summary): string | undefined {
  return c.waiting?.since ?? c.awaits_since;
}

const priorities = { urgent: 4, high: 3, normal: 2, low: 1 };

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The order in which the server lists a view, so that a change falls into its place. */
export function compare(key: ListKey, a: Summary, b: Summary): number {
  switch (key.view) {
    case "mine":
      // Who waits for an answer comes first, the longest waiting on top.
      if (Boolean(a.awaits_since) !== Boolean(b.awaits_since)) return a.awaits_since ? -1 : 1;
      return order(a.awaits_since ?? "", b.awaits_since ?? "") || order(b.last_at ?? "", a.last_at ?? "") || order(a.id, b.id);
    case "unassigned":
      return (
        priorities[b.priority] - priorities[a.priority] ||
        order(a.waiting?.since ?? "", b.waiting?.since ?? "") ||
        order(a.id, b.id)
      );
    case "all": {
      const byOpening = order(a.opened_at, b.opened_at) || order(a.id, b.id);
      return key.sort === "latest" ? -byOpening : byOpening;
    }
    case "chatbots":
      return order(b.opened_at, a.opened_at) || order(b.id, a.id);
    case "history":
      return order(b.last_at ?? "", a.last_at ?? "") || order(b.id, a.id);
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
  if (!held && !belongs(me, key, c)) return list;

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

/** Query of a list's page. */
export function listQuery(key: ListKey, cursor?: string): ListQuery {
  const query: ListQuery = { view: key.view, limit: 50 };
  if (key.queue) query.queue = key.queue;
  if (key.sort) query.sort = key.sort;
  if (cursor) query.cursor = cursor;
  return query;
}
