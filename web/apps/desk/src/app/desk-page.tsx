import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { useDeferredValue, useEffect, useSyncExternalStore } from "react";
import type { View } from "@rapport/core/api/types";
import { viewNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Keys } from "@rapport/ui/keys";
import { Empty } from "@rapport/ui/marks";
import { ListPane } from "@/features/conversations/list-pane";
import { ThreadPane } from "@/features/conversations/thread-pane";
import { useBackend } from "@/lib/backend";
import { desk } from "@/lib/desk-state";
import type { ListSearch } from "@/lib/list-search";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";
import { useTitle } from "@/lib/title";
import { SidePanel } from "./side-panel";
import { usePrefetch } from "./use-prefetch";

/** Pixels. */
const WIDE = 1024;

/** Whether there is room for a table. */
function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener("resize", changed);
      return () => {
        window.removeEventListener("resize", changed);
      };
    },
    () => window.innerWidth >= WIDE,
  );
}

/** List, thread and customer side by side; one after the other where there is no room. */
export function DeskPage() {
  const { view: given, conversationId } = useParams({ strict: false });
  const view = (given ?? "mine") as View;
  const search: ListSearch = useSearch({ strict: false });
  const { api } = useBackend();
  const saved = useQuery(queries.views(api)).data?.items.find((one) => one.id === search.saved);
  const queueNames = useQuery(queries.queues(api)).data?.items;
  const { filter } = search;
  const onlyQueue = filter && Object.keys(filter).length === 1 && filter.queues?.length === 1 ? filter.queues[0] : undefined;
  const queue = queueNames?.find((one) => one.id === onlyQueue)?.name;
  const name = saved?.name ?? (queue ? t("{{view}} · {{queue}}", { view: viewNames[view], queue }) : undefined);
  const wide = useWide();
  const table = search.layout === "table" && !conversationId && wide;
  const listId = `${view} ${JSON.stringify(filter ?? {})}`;

  useTitle(name ?? viewNames[view]);
  useEffect(() => {
    desk.set({ cursor: undefined });
  }, [listId]);

  return (
    <main className="flex min-w-0 flex-1" {...usePrefetch()}>
      <ListPane
        key={listId}
        view={view}
        search={search}
        name={name}
        openId={conversationId}
        table={table}
        className={cn(table ? "w-full flex-1" : "w-full shrink-0 md:w-80 2xl:w-88", conversationId && "max-md:hidden")}
      />
      {conversationId ? <Opened id={conversationId} view={view} /> : table ? null : <NothingOpen />}
    </main>
  );
}

function Opened({ id, view }: { id: string; view: View }) {
  const { api } = useBackend();
  const conversation = useQuery(queries.conversation(api, id)).data;
  const details = useStore(desk, (state) => state.details);
  // The customer comes right after the thread, so that the thread is there at once.
  const about = useDeferredValue(conversation);
  const behind = about?.id !== id;
  return (
    <div className="relative flex min-w-0 flex-1">
      <ThreadPane id={id} view={view} className="flex-1" />
      {details && about ? (
        <div inert={behind} className="flex w-68 shrink-0 2xl:w-75 max-xl:absolute max-xl:inset-y-0 max-xl:end-0 max-xl:z-20 max-xl:w-75 max-sm:w-full">
          <SidePanel conversation={about} />
        </div>
      ) : null}
    </div>
  );
}

function NothingOpen() {
  return (
    <div className="hidden flex-1 items-center justify-center bg-canvas md:flex">
      <Empty icon={<MessagesSquare />} title={t("No conversation open")}>
        <p className="flex items-center justify-center gap-1.5">
          {t("Move with")} <Keys keys="j" /> <Keys keys="k" />{t(", open with")} <Keys keys="Enter" />
        </p>
      </Empty>
    </div>
  );
}
