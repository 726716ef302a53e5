import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { WifiOff } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import type { View } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Banner } from "@rapport/ui/marks";
import { BulkProgress } from "@/features/bulk/progress";
import { useAlarm } from "@/features/notifications/use-alarm";
import { useNews } from "@/features/notifications/use-news";
import { useBackend, watchActivity } from "@/lib/backend";
import { CommandsContext, offered } from "@/lib/commands";
import { desk } from "@/lib/desk-state";
import { drafts, draftsOf, keepDrafts } from "@/lib/drafts";
import { useMe } from "@/lib/me";
import { neighbour } from "@/lib/neighbour";
import { pendingsOf } from "@/lib/pending";
import { usePreferences } from "@/lib/preferences";
import { queries } from "@/lib/queries";
import { refuseStrayFiles } from "@/lib/stray-files";
import { useStatuses } from "@/lib/status-choices";
import { useStore } from "@/lib/store";
import { tell } from "@/lib/tell";
import { deskCommands } from "./commands";
import { useKeyboard } from "./keyboard";
import { Sidebar } from "./navigation";
import { RareDialogs } from "./rare";

const HIDDEN = "\0";

/** Everything around a page while somebody is signed in: navigation, commands, the live connection. */
export function Shell() {
  const backend = useBackend();
  const me = useMe();
  const navigate = useNavigate();
  const params = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const view = (params.view ?? "mine") as View;
  const { conversationId } = params;
  const conversation = useQuery({ ...queries.conversation(backend.api, conversationId ?? HIDDEN), enabled: conversationId !== undefined });

  const bots = useQuery(queries.bots(backend.api)).data;

  useEffect(() => {
    const { socket, outbox } = backend;
    const { id } = backend.me().agent;
    draftsOf(id);
    outbox.keep({ storage: sessionStorage, key: `rapport.outbox.${id}` });
    pendingsOf(id, (conversation) => outbox.all().some((entry) => entry.conversation_id === conversation));
    keepDrafts(backend.api.together);
    void drafts.load();
    socket.start(backend.me().seq);
    const online = () => {
      socket.hurry();
    };
    // A page that is loaded again goes on with it; one that is closed would not.
    const unsent = (event: BeforeUnloadEvent) => {
      if (outbox.all().length > 0) event.preventDefault();
    };
    window.addEventListener("online", online);
    window.addEventListener("beforeunload", unsent);
    watchActivity(window);
    refuseStrayFiles(window);
    return () => {
      window.removeEventListener("online", online);
      window.removeEventListener("beforeunload", unsent);
      socket.stop();
    };
  }, [backend]);

  const kept = useRef<{ id: string; at: number }>(undefined);
  useEffect(() => {
    const keep = () => {
      const { order, cursor } = desk.get();
      const id = cursor ?? conversationId ?? "";
      const at = order.indexOf(id);
      if (at >= 0) kept.current = { id, at };
    };
    keep();
    return desk.subscribe(keep);
  }, [conversationId]);

  const customs = useStatuses();
  const commands = useMemo(
    () =>
      deskCommands(() => {
        backend.api.session
          .signOut()
          .then(() => {
            backend.socket.stop();
            backend.client.removeQueries({ queryKey: keys.me });
            return navigate({ to: "/sign-in" });
          })
          .then(() => {
            backend.client.clear();
          })
          .catch(tell);
      }, customs),
    [backend, navigate, customs],
  );

  const context = useMemo(
    () => ({
      me,
      backend,
      conversation: conversationId ? conversation.data : undefined,
      bots: bots?.items.filter((bot) => bot.enabled) ?? [],
      go: {
        view: (next: View) => void navigate({ to: "/$view", params: { view: next }, search: {} }),
        open: (id: string) =>
          void navigate({ to: "/$view/$conversationId", params: { view, conversationId: id }, search }),
        page: (path: string) => void navigate({ to: path }),
        back: () => {
          if (conversationId) void navigate({ to: "/$view", params: { view }, search });
        },
        move: (step: 1 | -1) => {
          const { order, cursor } = desk.get();
          const id = cursor ?? conversationId ?? "";
          const next = neighbour(order, id, kept.current?.id === id ? kept.current.at : undefined, step);
          if (next) desk.set({ cursor: next });
        },
      },
    }),
    [me, backend, conversationId, conversation.data, bots, navigate, view, search],
  );

  const own = useStore(offered, (state) => state.commands);
  const value = useMemo(() => ({ all: [...own, ...commands], context }), [own, commands, context]);
  useKeyboard(value);
  useNews(conversationId, context.go.open);
  usePreferences();
  useAlarm(params.view !== undefined, context.go.open);
  const signOut = commands.find((one) => one.id === "sign-out");

  return (
    <CommandsContext value={value}>
      <div className="flex h-full flex-col">
        <ConnectionBanner />
        <div className="flex min-h-0 flex-1">
          <Sidebar onSignOut={() => void signOut?.perform(context)} />
          <Outlet />
        </div>
      </div>
      <RareDialogs about={conversationId ? conversation.data : undefined} />
      <BulkProgress />
    </CommandsContext>
  );
}

function ConnectionBanner() {
  const { live } = useBackend();
  const lost = useStore(live, ({ connection, wasLive }) => wasLive && (connection === "waiting" || connection === "connecting"));
  if (!lost) return null;
  return (
    <Banner tone="warning" role="status" className="justify-center">
      <WifiOff aria-hidden />
      {t("Connection lost. Reconnecting by itself; what you write is kept and sent then.")}
    </Banner>
  );
}
