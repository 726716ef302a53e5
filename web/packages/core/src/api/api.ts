import { interprets, t } from "@rapport/i18n";
import createClient, { type Middleware } from "openapi-fetch";
import { botCalls, type Send } from "./bots";
import { cardCalls } from "./cards";
import { textCalls } from "./texts";
import { deskCalls } from "./desk";
import { fileCalls } from "./files";
import { heard } from "../heard";
import { Problem, problemOf } from "./problem";
import type { WritingFields } from "../outbox";
import type { paths } from "./schema";
import { customerCalls } from "./customers";
import { outboundCalls } from "./outbound";
import { togetherCalls } from "./together";
import { viewCalls } from "./views";
import { workflowCalls } from "./workflows";
import type {
  AgentInput,
  Answer,
  Board,
  Channel,
  Contact,
  CustomStatusInput,
  InboxInput,
  InboxView,
  Priority,
  Queue,
  QueueInput,
  QueueView,
  SettingsInput,
  Sort,
  State,
  StatusChoice,
  StickyInput,
  View,
} from "./types";

export type Fetch = (request: Request) => Promise<Response>;

export interface ListQuery {
  view: View;
  queue?: string[];
  inbox?: string[];
  channel?: string[];
  assignee?: string[];
  status?: string[];
  priority?: string[];
  tag?: string[];
  disposition?: string[];
  rating?: string[];
  commented?: boolean;
  waits?: number;
  topic?: string;
  contact?: string;
  sort?: Sort;
  cursor?: string;
  limit?: number;
}

export interface SearchQuery {
  q: string;
  groups?: ("conversations" | "messages" | "customers")[];
  queue?: string;
  agent?: string;
  from?: string;
  limit?: number;
  cursor?: string;
}

export interface ApiOptions {
  /** Address of the server, without a slash at the end. */
  base: string;
  fetch: Fetch;
  /** Hears of each 401 on a call that needs a session. */
  onSignedOut?: () => void;
}

/** Calls that are made without a session: their 401 means "wrong", not "signed out". */
const entrances = /^\/api\/v1\/(setup|session|invites)(\/|$)/;

/** Answers that are the server's own words. */
const vocabularies = /^\/api\/v1\/(workflow-vocabulary|workflow-templates|channels|bot-kinds)$/;

/** The answer in the desk's language. */
async function translated(response: Response, path: string): Promise<Response | undefined> {
  if (!interprets() || !response.headers.get("content-type")?.includes("json")) return undefined;
  const text = JSON.stringify(heard(await response.json(), vocabularies.test(path)));
  return new Response(text, { status: response.status, headers: { "content-type": "application/json" } });
}

function problems(onSignedOut: () => void): Middleware {
  return {
    onResponse: async ({ response, schemaPath }) => {
      if (response.ok) return translated(response, schemaPath);
      if (response.status === 401 && !entrances.test(schemaPath)) onSignedOut();
      throw await problemOf(response);
    },
    onError: ({ error }) => {
      if (error instanceof Problem || (error instanceof Error && error.name === "AbortError")) return;
      return new Problem(0, { code: "unreachable", detail: t("The server cannot be reached. Check the connection.") });
    },
  };
}

/** What a call answers; refusals and lost connections are thrown as `Problem`. */
async function answer<T>(call: Promise<{ data?: T }>): Promise<Answer<T>> {
  return (await call).data as Answer<T>;
}

/** Every call of the desk by the noun that it is about. */
export function createApi({ base, fetch, onSignedOut = () => undefined }: ApiOptions) {
  const client = createClient<paths>({ baseUrl: base, fetch, credentials: "same-origin" });
  client.use(problems(onSignedOut));
  const { GET, POST, PUT, PATCH, DELETE } = client;
  const at = (id: string) => ({ params: { path: { id } } });
  const given = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

  const send: Send = (method, path, body, signal) => {
    const init = { ...(body === undefined ? {} : { body }), ...given(signal) };
    return answer(client.request(method.toLowerCase() as "get", `/api/v1${path}` as "/api/v1/board", init as never)) as Promise<never>;
  };
  const sendCsv = (path: string, body: string) =>
    answer(
      client.request("post", `/api/v1${path}` as "/api/v1/sticky-agents/import", {
        body,
        bodySerializer: (csv: string) => csv,
        headers: { "content-type": "text/csv" },
      } as never),
    ) as Promise<never>;
  const { bots, notifications, handling } = botCalls(send);
  const { noting, ...texts } = textCalls(send, sendCsv);

  return {
    ...deskCalls(send),
    bots,
    notifications,
    ...texts,
    together: togetherCalls(send),
    cards: cardCalls(send),
    files: fileCalls(send, base, fetch),
    ...viewCalls(send),
    ...customerCalls(send, sendCsv),
    setup: {
      needed: () => answer(GET("/api/v1/setup")),
      finish: (body: { token: string; name: string; email: string; password: string; account_name: string }) =>
        answer(POST("/api/v1/setup", { body })),
    },
    session: {
      me: () => answer(GET("/api/v1/session")),
      signIn: (email: string, password: string) => answer(POST("/api/v1/session", { body: { email, password } })),
      forgotten: (email: string) => answer(POST("/api/v1/session/forgotten", { body: { email } })),
      signInByLink: (token: string) => answer(POST("/api/v1/session/link", { body: { token } })),
      signOut: () => answer(DELETE("/api/v1/session")),
      setStatus: (choice: StatusChoice) => answer(PUT("/api/v1/me/status", { body: choice })),
      setPassword: (current: string, next: string) =>
        answer(PUT("/api/v1/me/password", { body: { current, new: next } })),
    },
    invites: {
      read: (token: string) => answer(GET("/api/v1/invites/{token}", { params: { path: { token } } })),
      accept: (token: string, name: string, password: string) =>
        answer(POST("/api/v1/invites/{token}", { params: { path: { token } }, body: { name, password } })),
    },
    conversations: {
      list: (query: ListQuery, signal?: AbortSignal) =>
        answer(GET("/api/v1/conversations", { params: { query }, ...given(signal) })),
      counts: () => answer(GET("/api/v1/counts")),
      read: (id: string, signal?: AbortSignal) =>
        answer(GET("/api/v1/conversations/{id}", { ...at(id), ...given(signal) })),
      items: (id: string, query: { before?: number; after?: number; around?: number; limit?: number }, signal?: AbortSignal) =>
        answer(GET("/api/v1/conversations/{id}/items", { params: { path: { id }, query }, ...given(signal) })),
      reply: (id: string, body: string, client_id: string, extra: WritingFields = {}) =>
        answer(POST("/api/v1/conversations/{id}/messages", { ...at(id), body: { body, client_id, ...extra } })),
      note: (id: string, body: string, client_id: string, extra: WritingFields = {}) =>
        answer(POST("/api/v1/conversations/{id}/notes", { ...at(id), body: { body, client_id, ...extra } })),
      find: (id: string, q: string, signal?: AbortSignal) =>
        answer(GET("/api/v1/conversations/{id}/find", { params: { path: { id }, query: { q } }, ...given(signal) })),
      claim: (id: string, override = false) =>
        answer(POST("/api/v1/conversations/{id}/claim", { ...at(id), body: override ? { override } : {} })),
      transfer: (id: string, body: { agent_id?: string; queue_id?: string; reason: string; override?: boolean }) =>
        answer(POST("/api/v1/conversations/{id}/transfer", { ...at(id), body })),
      cancelTransfer: (id: string) => answer(DELETE("/api/v1/conversations/{id}/transfer", at(id))),
      release: (id: string, reason: string) =>
        answer(POST("/api/v1/conversations/{id}/release", { ...at(id), body: { reason } })),
      setState: (id: string, state: State) =>
        answer(POST("/api/v1/conversations/{id}/state", { ...at(id), body: { state } })),
      setPriority: (id: string, priority: Priority) =>
        answer(PATCH("/api/v1/conversations/{id}", { ...at(id), body: { priority } })),
      seen: (id: string, seq: number) =>
        answer(POST("/api/v1/conversations/{id}/seen", { ...at(id), body: { seq } })),
      targets: (id: string) => answer(GET("/api/v1/conversations/{id}/targets", at(id))),
      decisions: (id: string) => answer(GET("/api/v1/conversations/{id}/decisions", at(id))),
      ...handling,
      ...noting,
    },
    search: (query: SearchQuery, signal?: AbortSignal) => answer(GET("/api/v1/search", { params: { query }, ...given(signal) })),
    contacts: {
      read: (id: string, signal?: AbortSignal) => answer(GET("/api/v1/contacts/{id}", { ...at(id), ...given(signal) })),
      rename: (id: string, name: string) => answer(PATCH("/api/v1/contacts/{id}", { ...at(id), body: { name } })),
      setFields: (id: string, fields: Record<string, string>) => send<Contact>("PATCH", `/contacts/${id}`, { fields }),
    },
    agents: {
      list: () => answer(GET("/api/v1/agents")),
      invite: (body: AgentInput) => answer(POST("/api/v1/agents", { body })),
      change: (id: string, body: Partial<AgentInput>) => answer(PATCH("/api/v1/agents/{id}", { ...at(id), body })),
      inviteAgain: (id: string) => answer(POST("/api/v1/agents/{id}/invite", at(id))),
      remove: (id: string) => answer(DELETE("/api/v1/agents/{id}", at(id))),
      setStatus: (id: string, choice: StatusChoice) => answer(PUT("/api/v1/agents/{id}/status", { ...at(id), body: choice })),
      statusChanges: (id: string, from: string, to: string, signal?: AbortSignal) =>
        answer(GET("/api/v1/agents/{id}/status-changes", { params: { path: { id }, query: { from, to } }, ...given(signal) })),
    },
    statuses: {
      list: () => answer(GET("/api/v1/statuses")),
      create: (body: CustomStatusInput) => answer(POST("/api/v1/statuses", { body })),
      change: (id: string, body: Partial<CustomStatusInput>) => answer(PATCH("/api/v1/statuses/{id}", { ...at(id), body })),
      remove: (id: string) => answer(DELETE("/api/v1/statuses/{id}", at(id))),
    },
    queues: {
      list: () => answer(GET("/api/v1/queues")) as Promise<{ items: QueueView[] }>,
      create: (body: QueueInput) => answer(POST("/api/v1/queues", { body })) as Promise<Queue>,
      change: (id: string, body: Partial<QueueInput>) =>
        answer(PATCH("/api/v1/queues/{id}", { ...at(id), body })) as Promise<Queue>,
      remove: (id: string) => answer(DELETE("/api/v1/queues/{id}", at(id))),
    },
    inboxes: {
      channels: () => answer(GET("/api/v1/channels")) as Promise<{ items: Channel[] }>,
      list: () => answer(GET("/api/v1/inboxes")) as Promise<{ items: InboxView[] }>,
      create: (body: InboxInput) =>
        answer(POST("/api/v1/inboxes", { body })) as Promise<{ inbox: InboxView; secrets: Record<string, string> }>,
      change: (id: string, body: Partial<Omit<InboxInput, "channel">>) =>
        answer(PATCH("/api/v1/inboxes/{id}", { ...at(id), body })) as Promise<InboxView>,
      rotate: (id: string, name: string) =>
        answer(POST("/api/v1/inboxes/{id}/secrets/{name}", { params: { path: { id, name } } })),
      remove: (id: string) => answer(DELETE("/api/v1/inboxes/{id}", at(id))),
    },
    sticky: {
      list: (query: { q?: string; cursor?: string }, signal?: AbortSignal) =>
        answer(GET("/api/v1/sticky-agents", { params: { query }, ...given(signal) })),
      create: (body: StickyInput) => answer(POST("/api/v1/sticky-agents", { body })),
      change: (id: string, body: Partial<StickyInput>) =>
        answer(PATCH("/api/v1/sticky-agents/{id}", { ...at(id), body })),
      remove: (id: string) => answer(DELETE("/api/v1/sticky-agents/{id}", at(id))),
      importCsv: (body: string, dry_run: boolean) =>
        answer(
          POST("/api/v1/sticky-agents/import", {
            params: { query: { dry_run } },
            body,
            bodySerializer: (csv) => csv,
            headers: { "content-type": "text/csv" },
          }),
        ),
      exportPath: "/api/v1/sticky-agents.csv",
    },
    settings: {
      read: () => answer(GET("/api/v1/settings")),
      change: (body: SettingsInput) => answer(PATCH("/api/v1/settings", { body })),
    },
    audit: (cursor?: string) => answer(GET("/api/v1/audit", { params: { query: cursor ? { cursor } : {} } })),
    board: () => answer(GET("/api/v1/board")) as Promise<Board>,
    outbound: outboundCalls(send),
    workflows: workflowCalls(client),
    socketPath: "/api/v1/socket",
  };
}

export type Api = ReturnType<typeof createApi>;
