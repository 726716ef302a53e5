import { Problem, problemOf } from "./problem";
import type {
  Agent,
  AgentInput,
  AgentView,
  AuditEntry,
  Board,
  Channel,
  Contact,
  ContactView,
  ConversationView,
  Counts,
  Decision,
  ImportReport,
  Inbox,
  InboxInput,
  InboxView,
  Item,
  ItemPage,
  Me,
  Page,
  Priority,
  Queue,
  QueueInput,
  QueueView,
  Settings,
  Sort,
  State,
  Status,
  StickyAgent,
  StickyInput,
  Summary,
  Targets,
  View,
} from "./types";

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

type Query = Record<string, string | number | boolean | undefined>;

export interface ListQuery {
  view: View;
  queue?: string;
  contact?: string;
  sort?: Sort;
  cursor?: string;
  limit?: number;
}

const PREFIX = "/api/v1";

/**
 * Every call of the desk, typed. A refusal and a lost connection both throw
 * `Problem`; `onSignedOut` hears of each 401 on calls that need a session.
 */
export function createApi(fetch: Fetch, onSignedOut: () => void = () => undefined) {
  async function send(method: string, path: string, init: RequestInit, query: Query = {}): Promise<Response> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== "") search.set(name, String(value));
    }
    const suffix = search.size > 0 ? `?${search.toString()}` : "";
    let response: Response;
    try {
      response = await fetch(`${PREFIX}${path}${suffix}`, { method, credentials: "same-origin", ...init });
    } catch (error) {
      if (error instanceof Error && error.name === "AbortError") throw error;
      throw new Problem(0, { code: "unreachable", detail: "The server cannot be reached. Check the connection." });
    }
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (problem.status === 401 && !entrances.some((entrance) => path.startsWith(entrance))) onSignedOut();
    throw problem;
  }

  async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return (await send("GET", path, signal ? { signal } : {}, query)).json() as Promise<T>;
  }

  async function write<T>(method: string, path: string, body: unknown = {}): Promise<T> {
    const response = await send(method, path, {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  const post = <T>(path: string, body?: unknown) => write<T>("POST", path, body);
  const put = <T>(path: string, body?: unknown) => write<T>("PUT", path, body);
  const patch = <T>(path: string, body?: unknown) => write<T>("PATCH", path, body);
  const remove = async (path: string): Promise<void> => {
    await send("DELETE", path, {});
  };

  return {
    setup: {
      needed: () => get<{ needed: boolean }>("/setup"),
      finish: (body: { token: string; name: string; email: string; password: string; account_name: string }) =>
        post<Me>("/setup", body),
    },
    session: {
      me: () => get<Me>("/session"),
      signIn: (email: string, password: string) => post<Me>("/session", { email, password }),
      signInByLink: (token: string) => post<Me>("/session/link", { token }),
      signOut: () => remove("/session"),
      setStatus: (status: Status) => put<Agent>("/me/status", { status }),
      rename: (name: string) => patch<Agent>("/me", { name }),
      setPassword: (current: string, next: string) => put<undefined>("/me/password", { current, new: next }),
    },
    invites: {
      read: (token: string) =>
        get<{ name: string; email: string; account_name: string }>(`/invites/${encodeURIComponent(token)}`),
      accept: (token: string, name: string, password: string) =>
        post<Me>(`/invites/${encodeURIComponent(token)}`, { name, password }),
    },
    conversations: {
      list: (query: ListQuery, signal?: AbortSignal) =>
        get<Page<Summary>>("/conversations", { ...query }, signal),
      counts: () => get<Counts>("/counts"),
      read: (id: string, signal?: AbortSignal) => get<ConversationView>(`/conversations/${id}`, {}, signal),
      items: (id: string, range: { before?: number; after?: number; limit?: number }, signal?: AbortSignal) =>
        get<ItemPage>(`/conversations/${id}/items`, range, signal),
      reply: (id: string, body: string, client_id: string) =>
        post<Item>(`/conversations/${id}/messages`, { body, client_id }),
      note: (id: string, body: string, client_id: string) =>
        post<Item>(`/conversations/${id}/notes`, { body, client_id }),
      claim: (id: string) => post<Summary>(`/conversations/${id}/claim`),
      transfer: (id: string, to: { agent_id?: string; queue_id?: string; reason: string; override?: boolean }) =>
        post<Summary>(`/conversations/${id}/transfer`, to),
      cancelTransfer: async (id: string) =>
        (await send("DELETE", `/conversations/${id}/transfer`, {})).json() as Promise<Summary>,
      release: (id: string, reason: string) => post<Summary>(`/conversations/${id}/release`, { reason }),
      setState: (id: string, state: State) => post<Summary>(`/conversations/${id}/state`, { state }),
      setPriority: (id: string, priority: Priority) => patch<Summary>(`/conversations/${id}`, { priority }),
      seen: (id: string, seq: number) => post<undefined>(`/conversations/${id}/seen`, { seq }),
      targets: (id: string) => get<Targets>(`/conversations/${id}/targets`),
      decisions: (id: string) => get<{ items: Decision[] }>(`/conversations/${id}/decisions`),
    },
    contacts: {
      read: (id: string, signal?: AbortSignal) => get<ContactView>(`/contacts/${id}`, {}, signal),
      rename: (id: string, name: string) => patch<Contact>(`/contacts/${id}`, { name }),
    },
    agents: {
      list: () => get<{ items: AgentView[] }>("/agents"),
      invite: (input: AgentInput) => post<{ agent: Agent; invite_url: string }>("/agents", input),
      change: (id: string, input: Partial<AgentInput>) => patch<Agent>(`/agents/${id}`, input),
      inviteAgain: (id: string) => post<{ invite_url: string }>(`/agents/${id}/invite`),
      remove: (id: string) => remove(`/agents/${id}`),
    },
    queues: {
      list: () => get<{ items: QueueView[] }>("/queues"),
      create: (input: QueueInput) => post<Queue>("/queues", input),
      change: (id: string, input: Partial<QueueInput>) => patch<Queue>(`/queues/${id}`, input),
      remove: (id: string) => remove(`/queues/${id}`),
    },
    inboxes: {
      channels: () => get<{ items: Channel[] }>("/channels"),
      list: () => get<{ items: InboxView[] }>("/inboxes"),
      create: (input: InboxInput) => post<{ inbox: Inbox; secrets: Record<string, string> }>("/inboxes", input),
      change: (id: string, input: Partial<Omit<InboxInput, "channel">>) => patch<Inbox>(`/inboxes/${id}`, input),
      rotate: (id: string, secret: string) => post<{ value: string }>(`/inboxes/${id}/secrets/${secret}`),
      remove: (id: string) => remove(`/inboxes/${id}`),
    },
    sticky: {
      list: (query: { q?: string; enabled?: boolean; cursor?: string }, signal?: AbortSignal) =>
        get<Page<StickyAgent>>("/sticky-agents", query, signal),
      create: (input: StickyInput) => post<StickyAgent>("/sticky-agents", input),
      change: (id: string, input: Partial<StickyInput>) => patch<StickyAgent>(`/sticky-agents/${id}`, input),
      remove: (id: string) => remove(`/sticky-agents/${id}`),
      importCsv: async (csv: string, dryRun: boolean): Promise<ImportReport> => {
        const init = { body: csv, headers: { "content-type": "text/csv" } };
        const response = await send("POST", "/sticky-agents/import", init, dryRun ? { dry_run: true } : {});
        return response.json() as Promise<ImportReport>;
      },
      exportPath: `${PREFIX}/sticky-agents.csv`,
    },
    settings: {
      read: () => get<Settings>("/settings"),
      change: (input: Partial<Settings>) => patch<Settings>("/settings", input),
    },
    audit: (cursor?: string) => get<Page<AuditEntry>>("/audit", { cursor }),
    board: () => get<Board>("/board"),
    socketPath: `${PREFIX}/socket`,
  };
}

/** Calls that are made without a session: their 401 means "wrong", not "signed out". */
const entrances = ["/setup", "/session", "/invites"];

export type Api = ReturnType<typeof createApi>;
