import { QueryClient } from "@tanstack/react-query";
import { createContext, use } from "react";
import { t } from "@rapport/i18n";
import { toast } from "@rapport/ui/toast";
import { type Api, createApi, type Fetch } from "@rapport/core/api/api";
import { type Alert, alertOf } from "@rapport/core/alert";
import { Problem } from "@rapport/core/api/problem";
import type { Notification } from "@rapport/core/api/bots";
import type { Me } from "@rapport/core/api/types";
import { apply, applyConversation, applyGone, type Cache, keys } from "@rapport/core/apply";
import { Outbox } from "@rapport/core/outbox";
import { Uploads } from "@rapport/core/uploads";
import { Socket, type SocketState, type Typing, type Wire } from "@rapport/core/socket";
import type { Item, Summary } from "@rapport/core/api/types";
import { merge, type Thread } from "@rapport/core/thread";
import { viewed, type Viewers } from "@rapport/core/viewers";
import { cacheOf } from "./cache";
import { desk } from "./desk-state";
import { putBackCarried, scopeOf, wantSender } from "./carried";
import { drafts } from "./drafts";
import { returnPending, sentPending } from "./pending";
import { createStore, type Store } from "./store";

export interface Live {
  connection: SocketState;
  /** The connection has been live before, so that its loss is news. */
  wasLive: boolean;
  /** Who is typing, by conversation. */
  typing: Record<string, { name: string; by: Typing["by"] } | undefined>;
  /** Which colleagues have it open, by conversation. */
  viewers: Viewers;
  /** Why the last text of a conversation came back. */
  refusals: Record<string, string | undefined>;
}

/** Everything between the screens and the server. */
export interface Backend {
  api: Api;
  client: QueryClient;
  cache: Cache;
  outbox: Outbox;
  uploads: Uploads;
  socket: Socket;
  live: Store<Live>;
  /** What happens when the session has ended; the router sets it. */
  onSignedOut: () => void;
  /** Who hears of each notification as it comes. */
  news: Set<(news: Notification) => void>;
  /** Who hears of what may concern a person who looks elsewhere: notifications, and messages of their customers. */
  alerts: Set<(alert: Alert) => void>;
  /** The signed-in person. Asked only while somebody is signed in. */
  me: () => Me;
  put: (conversation: Summary) => void;
}

/** A typing sign without news for this long is over. */
const TYPING_LASTS = 6_000;

export function createBackend(fetch: Fetch, connect: (path: string) => Wire): Backend {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (count, error) => count < 2 && error instanceof Problem && error.temporary,
      },
    },
  });
  const cache = cacheOf(client);
  const live = createStore<Live>({ connection: "connecting", wasLive: false, typing: {}, viewers: {}, refusals: {} });
  const expiries = new Map<string, ReturnType<typeof setTimeout>>();

  const api = createApi({
    base: location.origin,
    fetch,
    onSignedOut: () => {
      backend.onSignedOut();
    },
  });

  const me = (): Me => {
    const held = client.getQueryData<Me>(keys.me);
    if (!held) throw new Error("nobody is signed in");
    return held;
  };

  const addItem = (item: Item) => {
    cache.patch<Thread>(keys.thread(item.conversation_id), (thread) => merge(thread, [item]));
  };

  const uploads = new Uploads(api.files);

  const outbox = new Outbox(api.conversations, {
    sent: (item) => {
      addItem(item);
      if (item.kind !== "message") return; // a note takes nothing along
      wantSender(item.conversation_id, undefined);
      sentPending(item.conversation_id);
    },
    waits: (waiting) => {
      sentPending(waiting.conversation_id);
      void client.invalidateQueries({ queryKey: keys.waiting(waiting.conversation_id) });
    },
    refused: (outgoing, problem) => {
      const { conversation_id: id, body, kind, extra } = outgoing;
      const text = drafts.read(id, kind);
      if (!extra?.template) drafts.write(id, kind, text && body ? `${body}\n${text}` : body || text);
      putBackCarried(uploads, scopeOf(id, kind), outgoing.extra);
      if (extra?.then) returnPending(id);
      if (problem.code === "details_missing") desk.set({ dialog: "lacking", ending: undefined });
      live.set({ refusals: { ...live.get().refusals, [id]: problem.message } });
    },
  });

  function setTyping(typing: Typing): void {
    const id = typing.conversation_id;
    clearTimeout(expiries.get(id));
    const { typing: held } = live.get();
    live.set({ typing: { ...held, [id]: typing.on ? { name: typing.name, by: typing.by } : undefined } });
    if (!typing.on) return;
    const timer = setTimeout(() => {
      setTyping({ ...typing, on: false });
    }, TYPING_LASTS);
    expiries.set(id, timer);
  }

  async function refetchAll(): Promise<void> {
    const fresh = await api.session.me();
    client.setQueryData(keys.me, fresh);
    await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== keys.me[0] });
    socket.resumeFrom(fresh.seq);
  }

  const socket = new Socket({
    connect: () => connect(api.socketPath),
    active: recentlyActive,
    handlers: {
      event: (event) => {
        apply(cache, me(), event);
        if (event.kind === "draft.changed") void drafts.load();
        const told = event.kind === "notification.added" ? event.data?.notification : undefined;
        const alert = alertOf(me(), event);
        if (alert) for (const listener of backend.alerts) listener(alert);
        if (told) for (const listener of backend.news) listener(told);
        for (const item of event.data?.items ?? []) {
          if (item.by === "customer") setTyping({ conversation_id: item.conversation_id, by: "customer", id: "", name: "", on: false });
        }
      },
      typing: (typing) => {
        if (typing.by !== "agent" || typing.id !== me().agent.id) setTyping(typing);
      },
      viewing: ({ conversation_id, id, name, on }) => {
        if (id !== me().agent.id) live.set({ viewers: viewed(live.get().viewers, conversation_id, { id, name }, on) });
      },
      gone: (id) => {
        applyGone(cache, id);
      },
      reset: () => {
        void refetchAll().catch((error: unknown) => {
          if (error instanceof Problem && error.temporary) socket.reconnect();
        });
      },
      state: (connection) => {
        // Who is where is told anew after each connection.
        if (connection === "connecting") live.set({ viewers: {} });
        live.set({ connection, wasLive: live.get().wasLive || connection === "live" });
        if (connection !== "live") return;
        outbox.retryAll();
        // What could not be read while it was away is read now.
        void client.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" || state.isInvalidated }, { cancelRefetch: false });
      },
      signedOut: () => {
        backend.onSignedOut();
      },
    },
  });

  const backend: Backend = {
    api,
    client,
    cache,
    outbox,
    uploads,
    socket,
    live,
    onSignedOut: () => {
      toast(t("Your session has ended. Sign in again."), { tone: "danger" });
    },
    news: new Set(),
    alerts: new Set(),
    me,
    put: (conversation) => {
      applyConversation(cache, me(), conversation);
    },
  };
  return backend;
}

let lastDeed = Date.now();
const ACTIVE = 60_000;

/** Whether the person used this page within the last minute. */
function recentlyActive(): boolean {
  return Date.now() - lastDeed < ACTIVE;
}

export function watchActivity(target: EventTarget): void {
  for (const kind of ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"]) {
    target.addEventListener(kind, () => (lastDeed = Date.now()), { passive: true });
  }
}

export const BackendContext = createContext<Backend | undefined>(undefined);

export function useBackend(): Backend {
  const backend = use(BackendContext);
  if (!backend) throw new Error("outside of BackendContext");
  return backend;
}
