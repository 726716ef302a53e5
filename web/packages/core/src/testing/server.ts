import type {
  AgentInput,
  AgentView,
  BoardAgent,
  Change,
  ConversationView,
  CustomStatus,
  CustomStatusInput,
  InboxInput,
  Item,
  LogEvent,
  QueueInput,
  Sort,
  Standing,
  State,
  Status,
  StatusTotal,
  StickyInput,
  Summary,
  Targets,
  View,
} from "../api/types";
import type { Notification } from "../api/bots";
import type { Wire } from "../socket";
import { availability } from "../format";
import { belongs, compare, tidyFilter } from "../lists";
import { isActive, mayOf } from "../permission";
import { botRoutes, withFields } from "./bots";
import { agentOf, meOf, seed, type World } from "./seed";
import { flowRoutes, type FlowWorld, seedFlows } from "./workflows";

// The server's contract, in memory: `fetch` and socket of a world of seven
// people. For tests and for `npm run dev:mock`; never part of the product.

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown>,
  ) {
    super(String(body["detail"]));
  }
}

export interface Call {
  world: World;
  params: string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
  text: string;
}

export type Handler = (call: Call) => unknown;

export interface MockServer {
  world: World;
  flows: FlowWorld;
  fetch: (request: Request) => Promise<Response>;
  connect: () => Wire;
  /** Makes a change as somebody else would, and tells every socket. */
  emit: (kind: string, change: Change) => void;
  /** Tells the signed-in agent something. */
  notify: (told: Partial<Notification>) => Notification;
  typing: (conversationId: string, on: boolean) => void;
  /** A message by the customer. */
  receive: (conversationId: string, body: string) => void;
  cut: (code?: number) => void;
  /** Answers before the real handlers do; for failures in tests. */
  intercept: ((method: string, path: string, text: string) => Response | undefined) | undefined;
}

export function mockServer(now: () => number = Date.now): MockServer {
  const world = seed(now());
  const flows = seedFlows(now());
  const wires = new Set<Wire>();
  const at = () => new Date(now()).toISOString();

  function send(frame: object): void {
    for (const wire of wires) wire.onmessage?.({ data: JSON.stringify(frame) });
  }

  function emit(kind: string, change: Change): void {
    world.seq += 1;
    const event: LogEvent = { seq: world.seq, at: at(), kind, data: structuredClone(change) };
    if (change.conversation) event.conversation_id = change.conversation.id;
    send({ t: "event", event });
  }

  function find(id: string | undefined): Summary {
    const found = world.conversations.find((c) => c.id === id);
    if (!found) throw new Refusal(404, { title: "Not found", detail: "There is no such conversation, or you may not see it.", code: "not_found" });
    return found;
  }

  function add(c: Summary, item: Partial<Item> & Pick<Item, "kind" | "by">): Item {
    const items = world.items.get(c.id) ?? [];
    const full: Item = { conversation_id: c.id, seq: items.length + 1, at: at(), ...item };
    world.items.set(c.id, [...items, full]);
    c.last_seq = full.seq;
    if (full.kind === "message") {
      c.last_text = full.body ?? "";
      c.last_by = full.by;
      c.last_at = full.at;
      if (full.by === "customer") c.awaits_since ??= full.at;
      else delete c.awaits_since;
    }
    c.version += 1;
    return full;
  }

  function by(): Pick<Item, "by" | "author_id" | "author_name"> {
    const me = agentOf(world, world.me);
    return { by: "agent", author_id: me.id, author_name: me.name };
  }

  function moved(c: Summary, kind: string, sentence: string): Summary {
    const item = add(c, { kind: "event", event: kind, body: sentence, ...by() });
    for (const agent of world.agents) {
      agent.load = world.conversations.filter((one) => one.assignee_id === agent.id && isActive(one.state)).length;
    }
    emit("conversation.changed", { conversation: c, items: [item] });
    return c;
  }

  function write(call: Call, kind: "message" | "note"): Item {
    const c = find(call.params[0]);
    const client_id = String(call.body["client_id"]);
    const earlier = world.items.get(c.id)?.find((item) => item.client_id === client_id);
    if (earlier) return earlier;
    if (kind === "message") {
      const { ok, why } = mayOf(meOf(world), c).reply;
      if (!ok) throw new Refusal(403, { title: "Forbidden", detail: why, code: "forbidden" });
    }
    const item = add(c, { kind, body: String(call.body["body"]), client_id, ...by(), ...(kind === "message" ? { delivery: "sent" as const } : {}) });
    emit(`${kind}.sent`, { conversation: c, items: [item] });
    return item;
  }

  function assign(c: Summary, agentId: string): void {
    const agent = agentOf(world, agentId);
    c.assignee_id = agent.id;
    c.assignee_name = agent.name;
    delete c.waiting;
    delete c.transfer;
    delete c.bot_id;
    delete c.bot_name;
  }

  function unassign(c: Summary): void {
    delete c.assignee_id;
    delete c.assignee_name;
    c.waiting = { since: at(), reason: `No other agent of ${c.queue_name} is available.`, waits_for: `an agent of ${c.queue_name}` };
  }

  function targets(c: Summary): Targets {
    return {
      agents: world.agents
        .filter((agent) => agent.enabled && !agent.invited)
        .map((agent) => {
          const member = agent.queues.some((queue) => queue.id === c.queue_id && queue.can_reply);
          const shown = availability(agent);
          const reason = !member
            ? `Not a member of ${c.queue_name}.`
            : shown !== "available"
              ? `Is ${shown}.`
              : agent.load >= agent.effective_capacity
                ? `Holds ${agent.load} of ${agent.effective_capacity} conversations.`
                : "";
          return { id: agent.id, name: agent.name, availability: shown, load: agent.load, capacity: agent.effective_capacity, eligible: reason === "", reason };
        }),
      queues: world.queues.map(({ id, name, available, waiting }) => ({ id, name, available, waiting })),
    };
  }

  function setStatus(id: string, body: Record<string, unknown>): AgentView {
    const agent = agentOf(world, id);
    agent.status = body["status"] as Status;
    const custom = world.statuses.find((one) => one.id === body["custom_status_id"]);
    if (custom) agent.custom_status_id = custom.id;
    else delete agent.custom_status_id;
    world.since.set(id, at());
    world.changes.push({
      id: `change${world.changes.length}`,
      agent_id: id,
      at: at(),
      availability: availability(agent),
      ...(custom ? { custom_id: custom.id, custom_name: custom.name } : {}),
      ...(id === world.me ? {} : { by: world.me }),
    });
    emit("agent.changed", { agent });
    return agent;
  }

  function taken(name: string, id?: string): void {
    if (!world.statuses.some((one) => one.id !== id && one.name.toLowerCase() === name.trim().toLowerCase())) return;
    const detail = `There is a status “${name}” already.`;
    throw new Refusal(409, { title: "Conflict", detail, code: "name_taken", field: "name" });
  }

  function onBoard(agent: AgentView): BoardAgent {
    const since = world.since.get(agent.id);
    const custom = world.statuses.find((one) => one.id === agent.custom_status_id);
    return { ...agent, availability: availability(agent), ...(since ? { since } : {}), ...(custom ? { custom_name: custom.name, custom_color: custom.color } : {}) };
  }

  const states: Record<State, string> = { open: "reopened", pending: "set to pending", solved: "solved", closed: "closed" };

  const routes: [string, RegExp, Handler][] = [
    ["GET", /^\/bulk$/, () => ({ items: [] })],
    ["GET", /^\/setup$/, () => ({ needed: world.setupNeeded })],
    ["POST", /^\/setup$/, () => ((world.signedIn = true), (world.setupNeeded = false), meOf(world))],
    ["POST", /^\/session$/, ({ body }) => {
      if (body["password"] !== "demo") throw new Refusal(401, { title: "Unauthorized", detail: "The e-mail address or the password is wrong.", code: "wrong_credentials" });
      world.signedIn = true;
      return meOf(world);
    }],
    ["POST", /^\/session\/link$/, () => ((world.signedIn = true), meOf(world))],
    ["GET", /^\/session$/, () => meOf(world)],
    ["DELETE", /^\/session$/, () => void (world.signedIn = false)],
    ["GET", /^\/invites\/(.+)$/, () => ({ name: "Fatou Diallo", email: "fatou@harbour.example", account_name: world.settings.account_name })],
    ["POST", /^\/invites\/(.+)$/, () => ((world.signedIn = true), meOf(world))],
    ["PUT", /^\/me\/status$/, ({ body }) => {
      return setStatus(world.me, body);
    }],
    ["PUT", /^\/agents\/([^/]+)\/status$/, ({ params, body }) => setStatus(params[0] ?? "", body)],
    ["GET", /^\/agents\/([^/]+)\/status-changes$/, ({ params }) => {
      const items = world.changes.filter((one) => one.agent_id === params[0]);
      const totals: StatusTotal[] = [
        { availability: "available", sub: "idle", seconds: 2_900 },
        { availability: "available", sub: "under_capacity", seconds: 14_300 },
        { availability: "available", sub: "full_capacity", seconds: 4_200 },
        { availability: "busy", custom_name: "Training", seconds: 1_800 },
        { availability: "away", custom_name: "Lunch", seconds: 2_700 },
        { availability: "away", seconds: 620 },
      ];
      return { items, totals: items.length > 0 || params[0] !== "emil" ? totals : [] };
    }],
    ["GET", /^\/statuses$/, () => ({ items: [...world.statuses].sort((a, b) => a.position - b.position) })],
    ["POST", /^\/statuses$/, ({ body }) => {
      const input = body as unknown as CustomStatusInput;
      taken(input.name);
      const status: CustomStatus = { position: world.statuses.length + 1, ...input, id: `status${world.statuses.length}`, created_at: at() };
      world.statuses.push(status);
      emit("status.changed", {});
      return status;
    }],
    ["PATCH", /^\/statuses\/([^/]+)$/, ({ params, body }) => {
      if (body["name"]) taken(String(body["name"]), params[0]);
      const status = Object.assign(world.statuses.find((one) => one.id === params[0]) ?? {}, body);
      emit("status.changed", {});
      return status;
    }],
    ["DELETE", /^\/statuses\/([^/]+)$/, ({ params }) => {
      world.statuses = world.statuses.filter((one) => one.id !== params[0]);
      for (const agent of world.agents) if (agent.custom_status_id === params[0]) delete agent.custom_status_id;
      emit("status.changed", {});
    }],
    ["PUT", /^\/me\/password$/, () => undefined],
    ["GET", /^\/conversations$/, ({ query }) => {
      const filter = tidyFilter({ queues: query.getAll("queue"), tags: query.getAll("tag"), statuses: query.getAll("status") as Standing[], assignees: query.getAll("assignee") });
      const key = { view: (query.get("view") ?? "all") as View, filter, sort: (query.get("sort") ?? undefined) as Sort | undefined };
      const me = meOf(world);
      const all = world.conversations.filter((c) => belongs(me, key, c)).sort((a, b) => compare(key, a, b));
      const start = Number(query.get("cursor") ?? 0);
      const end = start + Number(query.get("limit") ?? 50);
      return { items: all.slice(start, end), next: end < all.length ? String(end) : "" };
    }],
    ["GET", /^\/counts$/, () => {
      const me = meOf(world);
      const count = (view: View) => world.conversations.filter((c) => belongs(me, { view }, c)).length;
      return { mine: count("mine"), unassigned: count("unassigned"), all: count("all"), chatbots: count("chatbots") };
    }],
    ["GET", /^\/conversations\/([^/]+)$/, ({ params }): ConversationView => {
      const c = find(params[0]);
      const contact = world.contacts.find((one) => one.id === c.contact_id);
      if (!contact) throw new Error("no contact");
      return { ...c, contact, may: mayOf(meOf(world), c) };
    }],
    ["GET", /^\/conversations\/([^/]+)\/items$/, ({ params, query }) => {
      const items = world.items.get(find(params[0]).id) ?? [];
      const before = Number(query.get("before") ?? Infinity);
      const after = Number(query.get("after") ?? 0);
      const within = items.filter((item) => item.seq < before && item.seq > after);
      const limit = Number(query.get("limit") ?? 50);
      return { items: within.slice(-limit), more: within.length > limit };
    }],
    ["POST", /^\/conversations\/([^/]+)\/messages$/, (call) => write(call, "message")],
    ["POST", /^\/conversations\/([^/]+)\/notes$/, (call) => write(call, "note")],
    ["POST", /^\/conversations\/([^/]+)\/claim$/, ({ params }) => {
      const c = find(params[0]);
      if (c.assignee_id && c.assignee_id !== world.me) {
        throw new Refusal(409, { title: "Conflict", detail: `${c.assignee_name} already has this conversation.`, code: "already_assigned", assignee: { id: c.assignee_id, name: c.assignee_name } });
      }
      assign(c, world.me);
      return moved(c, "assigned", "Ana Pires claimed it.");
    }],
    ["POST", /^\/conversations\/([^/]+)\/transfer$/, ({ params, body }) => {
      const c = find(params[0]);
      if (body["agent_id"]) {
        const target = targets(c).agents.find((agent) => agent.id === body["agent_id"]);
        if (target && !target.eligible && !body["override"]) {
          throw new Refusal(409, { title: "Conflict", detail: `${target.name}: ${target.reason}`, code: "not_eligible", verdict: "not_available", reason: target.reason });
        }
        assign(c, String(body["agent_id"]));
        return moved(c, "transferred", `Ana Pires transferred it to ${c.assignee_name}.`);
      }
      const queue = world.queues.find((one) => one.id === body["queue_id"]);
      c.waiting = { since: at(), reason: `Nobody in ${queue?.name} can take it.`, waits_for: `somebody in ${queue?.name}` };
        c.transfer = { queue_id: queue?.id ?? "", by: world.me, reason: String(body["reason"]), since: at(), until: new Date(now() + 15 * 60_000).toISOString() };
      return moved(c, "transfer_requested", `Ana Pires asked ${queue?.name} to take over.`);
    }],
    ["DELETE", /^\/conversations\/([^/]+)\/transfer$/, ({ params }) => {
      const c = find(params[0]);
      delete c.transfer;
      delete c.waiting;
      return moved(c, "transfer_cancelled", "Ana Pires cancelled the transfer.");
    }],
    ["POST", /^\/conversations\/([^/]+)\/release$/, ({ params }) => {
      const c = find(params[0]);
      unassign(c);
      return moved(c, "unassigned", "Ana Pires put it back into the queue.");
    }],
    ["POST", /^\/conversations\/([^/]+)\/state$/, ({ params, body }) => {
      const c = find(params[0]);
      c.state = body["state"] as State;
      return moved(c, "state", `Ana Pires ${states[c.state]} it.`);
    }],
    ...botRoutes({ find, moved, assign, unassign, now }),
    ["POST", /^\/conversations\/([^/]+)\/seen$/, ({ params, body }) => {
      const c = find(params[0]);
      c.agent_seen = Number(body["seq"]);
      c.version += 1;
      emit("conversation.seen", { conversation: c });
    }],
    ["GET", /^\/conversations\/([^/]+)\/targets$/, ({ params }) => targets(find(params[0]))],
    ["GET", /^\/conversations\/([^/]+)\/decisions$/, ({ params }) => ({ items: world.decisions.get(params[0] ?? "") ?? [] })],
    ["GET", /^\/contacts\/([^/]+)$/, ({ params }) => {
      const contact = world.contacts.find((one) => one.id === params[0]);
      const conversations = world.conversations.filter((c) => c.contact_id === params[0]);
      const named = world.sticky.find((one) => one.enabled && one.points.some((p) => contact?.points.some((q) => q.address === p.address)));
      const past = conversations.find((c) => c.state === "closed");
      return {
        ...contact,
        conversations,
        ...(named ? { named: { sticky_id: named.id, title: named.title, agent: { id: named.agent_id, name: named.agent_name ?? "" } } } : {}),
        ...(past?.assignee_id ? { last_agent: { agent: { id: past.assignee_id, name: past.assignee_name ?? "" }, ended_at: past.last_at ?? at(), expires_at: new Date(now() + 5 * 86_400_000).toISOString() } } : {}),
      };
    }],
    ["PATCH", /^\/contacts\/([^/]+)$/, ({ params, body }) => {
      const contact = world.contacts.find((one) => one.id === params[0]);
      if (!contact) throw new Refusal(404, { detail: "There is no such customer.", code: "not_found" });
      if (body["fields"]) contact.fields = withFields(contact.fields, body["fields"]);
      else contact.name = String(body["name"]);
      for (const c of world.conversations) if (c.contact_id === contact.id) c.contact_name = contact.name;
      emit("contact.changed", { contact });
      return contact;
    }],
    ["GET", /^\/agents$/, () => ({ items: world.agents })],
    ["POST", /^\/agents$/, ({ body }) => {
      const input = body as unknown as AgentInput;
      const agent: AgentView = { ...agentOf(world, "fatou"), ...input, id: `agent${world.agents.length}`, invited: true, queues: [], load: 0 };
      world.agents.push(agent);
      return { agent, invite_url: "https://desk.harbour.example/invite/b7d1e0c2f4", mailed: false };
    }],
    ["PATCH", /^\/agents\/([^/]+)$/, ({ params, body }) => {
      const queues = body["queues"] as { id: string; can_reply: boolean }[] | undefined;
      const named = queues?.map((place) => ({ ...place, name: world.queues.find((queue) => queue.id === place.id)?.name ?? "" }));
      return Object.assign(agentOf(world, params[0] ?? ""), body, named ? { queues: named } : {});
    }],
    ["POST", /^\/agents\/([^/]+)\/invite$/, () => ({ invite_url: "https://desk.harbour.example/invite/c9a4", mailed: false })],
    ["DELETE", /^\/agents\/([^/]+)$/, ({ params }) => void (world.agents = world.agents.filter((one) => one.id !== params[0]))],
    ["GET", /^\/queues$/, () => ({ items: world.queues })],
    ["POST", /^\/queues$/, ({ body }) => {
      const rules = { reply_timer: null, hours: null, max_wait_minutes: 0 };
      const queue = { ...rules, ...(body as unknown as QueueInput), id: `queue${world.queues.length}`, default: false, version: 1, created_at: at(), available: 0, waiting: 0 };
      world.queues.push(queue);
      return queue;
    }],
    ["PATCH", /^\/queues\/([^/]+)$/, ({ params, body }) => Object.assign(world.queues.find((one) => one.id === params[0]) ?? {}, body)],
    ["DELETE", /^\/queues\/([^/]+)$/, ({ params }) => void (world.queues = world.queues.filter((one) => one.id !== params[0]))],
    ["GET", /^\/channels$/, () => ({ items: world.channels })],
    ["GET", /^\/(canned|templates|macros|forms|dispositions)$/, () => ({ items: [], more: false })],
    ["GET", /^\/tags$/, () => ({ items: [], renaming: [] })],
    ["GET", /^\/inboxes$/, () => ({ items: world.inboxes })],
    ["POST", /^\/inboxes$/, ({ body }) => {
      const id = `inbox${world.inboxes.length}`;
      const silence = { conduct: "live" as const, close_minutes: null, warn_minutes: null };
      const survey = { enabled: false, question: "", scale: "stars" as const, comment: true, thanks: "", delay_minutes: 0, after_silence: false, after_software: false };
      const inbox = { silence, survey, window_hours: 0, ...(body as unknown as InboxInput), id, created_at: at(), pulls: true, snippet: `<script src="https://desk.harbour.example/widget.js" data-inbox="${id}" async></script>`, endpoint: `https://desk.harbour.example/in/${id}` };
      world.inboxes.push(inbox);
      return { inbox, secrets: { identity_secret: "7b0c2f5e9d314a6f8e21c0b79a5d4432" } };
    }],
    ["PATCH", /^\/inboxes\/([^/]+)$/, ({ params, body }) => Object.assign(world.inboxes.find((one) => one.id === params[0]) ?? {}, body)],
    ["POST", /^\/inboxes\/([^/]+)\/secrets\/(.+)$/, () => ({ value: "e21c0b79a5d44327b0c2f5e9d314a6f8" })],
    ["DELETE", /^\/inboxes\/([^/]+)$/, ({ params }) => void (world.inboxes = world.inboxes.filter((one) => one.id !== params[0]))],
    ["GET", /^\/sticky-agents$/, ({ query }) => {
      const q = (query.get("q") ?? "").toLowerCase();
      const hits = world.sticky.filter((one) => `${one.title} ${one.agent_name} ${one.points.map((p) => p.address).join(" ")}`.toLowerCase().includes(q));
      return { items: hits, next: "" };
    }],
    ["POST", /^\/sticky-agents$/, ({ body }) => saveSticky(body as unknown as StickyInput)],
    ["PATCH", /^\/sticky-agents\/([^/]+)$/, ({ params, body }) => saveSticky(body as Partial<StickyInput>, params[0])],
    ["DELETE", /^\/sticky-agents\/([^/]+)$/, ({ params }) => void (world.sticky = world.sticky.filter((one) => one.id !== params[0]))],
    ["POST", /^\/sticky-agents\/import$/, ({ text, query }) => {
      const rows = text.trim().split("\n").slice(1).map((line, n) => {
        const [title = "", customer = "", agent = ""] = line.split(";").length > 2 ? line.split(";") : line.split(",");
        const errors = world.agents.some((one) => one.email === agent.trim()) ? [] : [`There is no agent ${agent || "(empty)"}.`];
        return { line: n + 2, title, customer, agent, ok: errors.length === 0, action: errors.length === 0 ? "create" as const : "skip" as const, errors };
      });
      const good = rows.filter((row) => row.ok).length;
      return { rows, good, bad: rows.length - good, imported: query.get("dry_run") === "true" ? 0 : good };
    }],
    ...flowRoutes(flows, at, (status, detail, code, more = {}) => new Refusal(status, { title: "Refused", detail, code, ...more })),
    ["GET", /^\/settings$/, () => world.settings],
    ["PATCH", /^\/settings$/, ({ body }) => Object.assign(world.settings, body)],
    ["GET", /^\/audit$/, () => ({ items: world.audit, next: "" })],
    ["GET", /^\/board$/, () => ({
      agents: world.agents.map(onBoard),
      queues: world.queues.map((queue) => {
        const oldest = world.conversations.filter((c) => c.queue_id === queue.id && c.waiting).map((c) => c.waiting?.since ?? "").sort()[0];
        return { id: queue.id, name: queue.name, waiting: queue.waiting, available: queue.available, ...(oldest ? { oldest_since: oldest } : {}) };
      }),
      waiting: world.conversations.filter((c) => c.waiting && isActive(c.state)),
    })],
  ];

  function saveSticky(input: Partial<StickyInput>, id?: string) {
    const addresses = input.points?.split(",").map((one) => one.trim()).filter(Boolean);
    for (const address of addresses ?? []) {
      const canonical = address.replace(/[\s()-]/g, "");
      const other = world.sticky.find((one) => one.id !== id && one.enabled && one.points.some((p) => p.address === canonical));
      if (other) throw new Refusal(409, { title: "Conflict", detail: `${address} is already in “${other.title}”.`, code: "point_taken", record: { id: other.id, title: other.title }, address });
    }
    const { points: _typed, ...fields } = input;
    const points = addresses?.map((address) => ({ kind: address.includes("@") ? "email" as const : "phone" as const, address: address.replace(/[\s()-]/g, ""), shown: address }));
    const agent_name = input.agent_id ? agentOf(world, input.agent_id).name : undefined;
    const change = { ...fields, ...(points ? { points } : {}), ...(agent_name ? { agent_name } : {}), updated_at: at() };
    const held = world.sticky.find((one) => one.id === id);
    if (held) return Object.assign(held, change);
    const record = { id: `sticky${world.sticky.length}`, title: "", points: [], agent_id: "", enabled: true, ...change };
    world.sticky.push(record);
    return record;
  }

  const json = (status: number, body: unknown) =>
    new Response(body === undefined ? null : JSON.stringify(body), {
      status: body === undefined ? 204 : status,
      headers: { "content-type": status < 400 ? "application/json" : "application/problem+json" },
    });

  const server: MockServer = {
    world,
    flows,
    intercept: undefined,
    emit,
    fetch: async (request) => {
      const url = new URL(request.url);
      const path = url.pathname.replace("/api/v1", "");
      const { method } = request;
      const text = await request.text();
      const answer = server.intercept?.(method, path, text);
      if (answer) return answer;
      const open = method === "POST" && /^\/(setup|session|invites)/.test(path) || /^\/(setup|invites)/.test(path);
      if (!world.signedIn && !open) return json(401, { title: "Unauthorized", detail: "Sign in first.", code: "unauthenticated", status: 401 });
      for (const [verb, pattern, handle] of routes) {
        const match = verb === method ? pattern.exec(path) : null;
        if (!match) continue;
        try {
          const body = text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {};
          return json(200, structuredClone(handle({ world, params: match.slice(1), query: url.searchParams, body, text })));
        } catch (error) {
          if (error instanceof Refusal) return json(error.status, { status: error.status, ...error.body });
          throw error;
        }
      }
      return json(404, { title: "Not found", detail: `No answer to ${method} ${path}.`, code: "not_found", status: 404 });
    },
    connect: () => {
      const wire: Wire = {
        onopen: null,
        onmessage: null,
        onclose: null,
        send: (text) => {
          const frame = JSON.parse(text) as { t: string };
          if (frame.t === "resume") wire.onmessage?.({ data: JSON.stringify({ t: "hello", seq: world.seq }) });
        },
        close: () => void wires.delete(wire),
      };
      queueMicrotask(() => {
        wires.add(wire);
        wire.onopen?.();
      });
      return wire;
    },
    notify: (told) => {
      const full: Notification = { id: `nt${world.seq}`, agent_id: world.me, at: at(), kind: "assigned", text: "", ...told };
      world.notifications.unshift(full);
      emit("notification.added", { notification: full });
      return full;
    },
    typing: (conversation_id, on) => {
      send({ t: "typing", conversation_id, by: "customer", id: "customer", name: find(conversation_id).contact_name, on });
    },
    receive: (conversationId, body) => {
      const c = find(conversationId);
      const item = add(c, { kind: "message", by: "customer", author_id: c.contact_id, author_name: c.contact_name, body });
      emit("message.received", { conversation: c, items: [item] });
    },
    cut: (code = 1006) => {
      for (const wire of [...wires]) {
        wires.delete(wire);
        wire.onclose?.({ code });
      }
    },
  };
  return server;
}
