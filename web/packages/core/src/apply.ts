import type { Notification, Notifications } from "./api/bots";
import type { Bulk } from "./api/views";
import type {
  Agent,
  AgentView,
  Board,
  BoardAgent,
  Contact,
  ContactView,
  ConversationView,
  LogEvent,
  Me,
  Settings,
  Summary,
} from "./api/types";
import { availability } from "./format";
import { applyToList, type ListKey, type Pages, removeFromList, renameInList, surveyed } from "./lists";
import { mayOf } from "./permission";
import { subOf } from "./presence";
import { gapAfter, merge, type Thread } from "./thread";

// Server state is held in a cache under these keys and patched by events. A
// patch replaces what is held by the state after the event, so applying an
// event twice, or after the answer that already contains it, is harmless.

export const keys = {
  me: ["me"] as const,
  lists: ["conversations"] as const,
  list: (key: ListKey) => ["conversations", key] as const,
  counts: ["counts"] as const,
  views: ["views"] as const,
  viewCounts: ["view-counts"] as const,
  bulks: ["bulks"] as const,
  bulk: (id: string) => ["bulk", id] as const,
  conversation: (id: string) => ["conversation", id] as const,
  thread: (id: string) => ["thread", id] as const,
  waiting: (id: string) => ["waiting", id] as const,
  pinned: (id: string) => ["pinned", id] as const,
  links: (id: string) => ["links", id] as const,
  drafts: ["drafts"] as const,
  cards: ["cards"] as const,
  cardsOf: (id: string) => ["cards", id] as const,
  cardReading: (id: string, card: string) => ["cards", id, card] as const,
  decisions: (id: string) => ["decisions", id] as const,
  targets: (id: string) => ["targets", id] as const,
  contacts: ["contact"] as const,
  contact: (id: string) => ["contact", id] as const,
  customers: ["customers"] as const,
  attributes: ["attributes"] as const,
  agents: ["agents"] as const,
  statuses: ["statuses"] as const,
  statusChanges: ["status-changes"] as const,
  queues: ["queues"] as const,
  inboxes: ["inboxes"] as const,
  channels: ["channels"] as const,
  stickyAgents: ["sticky-agents"] as const,
  settings: ["settings"] as const,
  audit: ["audit"] as const,
  board: ["board"] as const,
  bots: ["bots"] as const,
  botKinds: ["bot-kinds"] as const,
  notifications: ["notifications"] as const,
  texts: ["texts"] as const,
  canned: (...of: string[]) => ["texts", "canned", ...of] as const,
  messageTemplates: (inbox: string) => ["texts", "templates", inbox] as const,
  macros: (queue: string) => ["texts", "macros", queue] as const,
  forms: ["texts", "forms"] as const,
  dispositions: ["texts", "dispositions"] as const,
  tags: ["texts", "tags"] as const,
  tagUse: (name: string) => ["texts", "tags", "use", name] as const,
  surveys: (id: string) => ["surveys", id] as const,
  satisfaction: ["satisfaction"] as const,
  mail: ["mail-settings"] as const,
  feedback: ["feedback"] as const,
  feedbackSettings: ["feedback-settings"] as const,
  checklist: ["checklist"] as const,
  workflows: ["workflows"] as const,
  workflow: (id: string) => ["workflow", id] as const,
  workflowVersions: (id: string) => ["workflow", id, "versions"] as const,
  workflowRuns: (id: string, status: string) => ["workflow", id, "runs", status] as const,
  vocabulary: ["workflow-vocabulary"] as const,
  templates: ["workflow-templates"] as const,
  run: (id: string) => ["run", id] as const,
  conversationRuns: (id: string) => ["conversation-runs", id] as const,
};

export interface Cache {
  /** Changes what is held under exactly this key; nothing happens if nothing is. */
  patch<T>(key: readonly unknown[], change: (held: T) => T): void;
  /** Changes all lists of conversations held, each with its own key. */
  patchLists(change: (held: Pages<Summary>, key: ListKey) => Pages<Summary>): void;
  /** What is held under this key and below no longer holds: fetch again if somebody looks. */
  stale(key: readonly unknown[]): void;
}

/** Events after which a thread is another one. */
const rewritten = new Set(["conversation.merged", "conversation.unmerged", "conversation.erased"]);

/** Brings the cache to the state after an event of the log. */
export function apply(cache: Cache, me: Me, event: LogEvent): void {
  const change = event.data ?? {};
  if (change.conversation) applyConversation(cache, me, change.conversation);
  if (event.kind === "conversation.opened" && change.conversation?.follows) cache.stale(keys.conversation(change.conversation.follows));
  if (event.conversation_id && rewritten.has(event.kind)) {
    cache.stale(keys.thread(event.conversation_id));
    cache.stale(keys.waiting(event.conversation_id));
    cache.stale(keys.pinned(event.conversation_id));
    cache.stale(["links"]); // of both, and of the questions about them
  }
  if (change.items) {
    const items = change.items;
    for (const id of new Set(items.map((item) => item.conversation_id))) {
      const own = items.filter((item) => item.conversation_id === id);
      let gap = false;
      cache.patch<Thread>(keys.thread(id), (thread) => {
        gap = gapAfter(thread, own) !== undefined;
        return gap ? thread : merge(thread, own);
      });
      if (gap) cache.stale(keys.thread(id));
    }
  }
  if (event.conversation_id) {
    if (event.kind === "outgoing.changed") cache.stale(keys.waiting(event.conversation_id));
    if (event.kind === "item.changed") cache.stale(keys.pinned(event.conversation_id));
    if (change.items?.some((item) => item.event === "linked")) cache.stale(keys.links(event.conversation_id));
    if (change.items?.some((item) => item.event === "card")) cache.stale(keys.cardsOf(event.conversation_id));
  }
  if (event.kind.startsWith("draft.")) cache.stale(keys.drafts);
  if (change.agent) applyAgent(cache, change.agent, event.at);
  if (event.kind === "agent.deleted") cache.stale(keys.agents);
  if (event.kind.startsWith("status.")) {
    cache.stale(keys.statuses);
    cache.stale(keys.board);
  }
  if (change.queue || event.kind.startsWith("queue.")) {
    cache.stale(keys.queues);
    cache.stale(keys.me);
  }
  if (event.kind.startsWith("bot.")) cache.stale(keys.bots);
  if (event.kind.startsWith("inbox.")) cache.stale(keys.inboxes);
  if (event.kind === "settings.cards") cache.stale(keys.cards);
  if (event.kind === "settings.attributes") cache.stale(keys.attributes);
  if (event.kind === "texts.changed") cache.stale(keys.texts);
  if (event.kind === "notification.read") cache.stale(keys.notifications);
  if (event.kind === "preferences.changed") cache.stale(keys.me);
  if (event.kind.startsWith("survey.") && change.conversation) {
    cache.stale(keys.surveys(change.conversation.id));
    cache.stale(keys.satisfaction);
    staleSurveyed(cache);
  }
  if (change.notification && event.kind === "notification.added") applyNotification(cache, change.notification);
  if (change.contact) {
    const { contact } = change;
    applyContact(cache, contact);
    cache.patchLists((list, key) => renameInList(me, key, list, contact));
  }
  if (change.bulk) applyBulk(cache, change.bulk);
  if (event.kind === "view.changed" || event.kind === "own-view.changed") {
    cache.stale(keys.views);
    cache.stale(keys.viewCounts);
  }
  if (change.settings) applySettings(cache, change.settings);
  if (event.kind.startsWith("workflow.")) cache.stale(keys.workflows);
}

/** Lists by answers to surveys are asked for anew: only the server knows who is in them. */
function staleSurveyed(cache: Cache): void {
  const found: ListKey[] = [];
  cache.patchLists((list, key) => {
    if (surveyed(key)) found.push(key);
    return list;
  });
  for (const key of found) cache.stale(keys.list(key));
  cache.stale(keys.viewCounts);
}

/** Puts a new state of a conversation into every place that shows it; also used for answers to own calls. */
export function applyConversation(cache: Cache, me: Me, c: Summary): void {
  cache.patchLists((list, key) => applyToList(me, key, list, c));
  let elsewhere = false;
  cache.patch<ConversationView>(keys.conversation(c.id), (held) => {
    if (held.version > c.version) return held;
    if (held.inbox_id !== c.inbox_id) elsewhere = true;
    const { contact, follows_summary, followed_by, window } = held;
    const view: ConversationView = { ...c, contact, may: mayOf(me, c) };
    return { ...view, ...(follows_summary ? { follows_summary } : {}), ...(followed_by ? { followed_by } : {}), ...(window ? { window } : {}) };
  });
  if (elsewhere) cache.stale(keys.conversation(c.id)); // the window of templates is another inbox's
  cache.patch<ContactView>(keys.contact(c.contact_id), (held) => ({
    ...held,
    conversations: held.conversations.map((other) => (other.id === c.id && other.version <= c.version ? c : other)),
  }));
  cache.patch<Board>(keys.board, (board) => ({ ...board, waiting: waitingOf(board.waiting, c) }));
  cache.stale(keys.counts);
  cache.stale(keys.viewCounts);
  cache.stale(keys.decisions(c.id));
  cache.stale(keys.conversationRuns(c.id));
  cache.stale(keys.contact(c.contact_id));
  cache.stale(keys.board);
}

/** A conversation that the person may not see any more leaves every list. */
export function applyGone(cache: Cache, id: string): void {
  cache.patchLists((list) => removeFromList(list, id));
  cache.stale(keys.conversation(id));
  cache.stale(keys.counts);
}

function waitingOf(waiting: Summary[], c: Summary): Summary[] {
  const others = waiting.filter((other) => other.id !== c.id);
  if (!c.waiting) return others;
  return [...others, c].sort((a, b) => ((a.waiting?.since ?? "") < (b.waiting?.since ?? "") ? -1 : 1));
}

/** Puts a new state of an agent into every place that shows it. `at` is when it changed, if an event told it. */
export function applyAgent(cache: Cache, agent: Agent, at?: string): void {
  const replace = (held: AgentView): AgentView => {
    if (held.id !== agent.id) return held;
    // What an agent no longer has is left out of the new state.
    const { custom_status_id: _custom, sub_status: _sub, idle_since: _idle, ...rest } = held;
    return { ...rest, ...agent };
  };
  const replaceOnBoard = (held: BoardAgent): BoardAgent => {
    if (held.id !== agent.id) return held;
    const replaced: BoardAgent = { ...(replace(held) as BoardAgent), availability: availability(agent) };
    const { custom_name: _name, custom_color: _color, ...next } = replaced;
    const same = what(held) === what(agent);
    if (same) return { ...next, ...named(held) };
    return at ? { ...next, since: at } : next;
  };
  let joined = false;
  cache.patch<{ items: AgentView[] }>(keys.agents, (held) => {
    joined = !held.items.some((one) => one.id === agent.id);
    return { items: held.items.map(replace) };
  });
  if (joined) cache.stale(keys.agents); // only the server knows the queues of somebody new
  cache.patch<Board>(keys.board, (board) => ({ ...board, agents: board.agents.map(replaceOnBoard) }));
  cache.stale(keys.statusChanges);
  cache.patch<Me>(keys.me, (me) => (me.agent.id === agent.id ? { ...me, agent, role: agent.role } : me));
}

/** What an agent is, as far as its beginning counts. */
function what(agent: Agent): string {
  const shown = availability(agent);
  return [shown, agent.custom_status_id ?? "", subOf(shown, agent.load, agent.room) ?? ""].join(" ");
}

/** As many notifications are held as the server gives out. */
const MOST = 100;

function applyNotification(cache: Cache, fresh: Notification): void {
  cache.patch<Notifications>(keys.notifications, (held) => {
    if (held.items.some((one) => one.id === fresh.id)) return held;
    return { items: [fresh, ...held.items].slice(0, MOST), unread: held.unread + (fresh.read_at ? 0 : 1) };
  });
}

/** Marks what was told up to a moment as read. */
export function applyRead(cache: Cache, upTo: string, now: string): void {
  const end = Date.parse(upTo);
  cache.patch<Notifications>(keys.notifications, (held) => {
    const items = held.items.map((one) => (one.read_at || Date.parse(one.at) > end ? one : { ...one, read_at: now }));
    return { items, unread: items.filter((one) => !one.read_at).length };
  });
}

function named({ custom_name, custom_color }: BoardAgent): Partial<BoardAgent> {
  return { ...(custom_name ? { custom_name } : {}), ...(custom_color ? { custom_color } : {}) };
}

/** Takes in how far a change of many conversations has come; what comes late takes nothing back. */
export function applyBulk(cache: Cache, bulk: Bulk): void {
  cache.patch<{ items: Bulk[] }>(keys.bulks, ({ items }) => {
    const held = items.find((one) => one.id === bulk.id);
    if (held && (held.ended_at ?? looked(held) > looked(bulk))) return { items };
    const others = items.map((one) => (one.id === bulk.undoes ? { ...one, undone_by: bulk.id } : one));
    return { items: held ? others.map((one) => (one === held ? bulk : one)) : [bulk, ...others] };
  });
  cache.stale(keys.bulk(bulk.id));
}

/** How many conversations a change has looked at. */
export function looked({ done, refused, skipped }: Bulk): number {
  return done + refused + skipped;
}

function applyContact(cache: Cache, contact: Contact): void {
  cache.patch<ContactView>(keys.contact(contact.id), ({ fields: _fields, tags: _tags, ...held }) => ({ ...held, ...contact }));
}

function applySettings(cache: Cache, settings: Settings): void {
  cache.patch<Settings>(keys.settings, () => settings);
  cache.patch<Me>(keys.me, (me) => ({ ...me, settings }));
}
