import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Inbox, Search, X } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { View } from "@rapport/core/api/types";
import { viewNames } from "@rapport/core/format";
import { sortsOf } from "@rapport/core/lists";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Keys } from "@rapport/ui/keys";
import { Empty, Skeleton, Spinner } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { desk } from "@/lib/desk-state";
import type { ListSearch } from "@/lib/list-search";
import { LoadError } from "@/lib/page";
import { queries } from "@/lib/queries";
import { clearSelection, isEmpty, selection } from "@/lib/selection";
import { useStore } from "@/lib/store";
import { BulkBar } from "./bulk-bar";
import { ListHeader } from "./list-header";
import { ListRows } from "./list-rows";
import { columnsOf, TableHead } from "./list-table";

const nothing: Record<View, { title: string; text: string }> = {
  mine: { title: t("Nothing on your desk"), text: t("New conversations come to you while you are Available. Or claim one from Unassigned.") },
  unassigned: { title: t("Nobody waits"), text: t("Conversations without an agent appear here, the longest waiting first.") },
  all: { title: t("No conversations"), text: t("Conversations of your queues appear here as soon as customers write.") },
  chatbots: { title: t("No bot is talking"), text: t("Conversations that a bot answers appear here. Open one to read along or to take over.") },
  history: { title: t("No history yet"), text: t("Solved and closed conversations are kept here.") },
  any: { title: t("No conversations"), text: t("Conversations of your queues appear here as soon as customers write.") },
};

/** A list by how long somebody waits changes as time passes; milliseconds. */
const WAITING_REFRESH = 60_000;

export interface ListPaneProps {
  view: View;
  search: ListSearch;
  /** What the list is called, if somebody gave it a name. */
  name: string | undefined;
  openId: string | undefined;
  table: boolean;
  className?: string;
}

export function ListPane({ view, search, name, openId, table, className }: ListPaneProps) {
  const { api } = useBackend();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const { filter, sort } = search;
  const list = useInfiniteQuery({
    ...queries.list(api, { view, filter, sort }),
    ...(filter?.waits_minutes ? { refetchInterval: WAITING_REFRESH } : {}),
  });
  const input = useRef<HTMLInputElement>(null);
  const asked = useStore(desk, (state) => state.filter);
  const [askedBefore] = useState(asked);
  useEffect(() => {
    if (asked > askedBefore) input.current?.focus();
  }, [asked, askedBefore]);
  useEffect(
    () => () => {
      clearSelection();
      desk.set({ order: [], narrowed: false });
    },
    [],
  );

  const words = text.trim().toLowerCase();
  const narrowed = words !== "";
  const items = useMemo(() => {
    const all = list.data?.pages.flatMap((page) => page.items) ?? [];
    return words ? all.filter((c) => `${c.contact_name} ${c.last_text} ${c.queue_name}`.toLowerCase().includes(words)) : all;
  }, [list.data, words]);
  useEffect(() => {
    desk.set({ order: items.map((item) => item.id), narrowed });
  }, [items, narrowed]);

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !text) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, text]);
  // A page of a narrow filter may be empty before the end.
  useEffect(() => {
    if (list.data && items.length === 0) onEnd();
  }, [list.data, items.length, onEnd]);

  const onSearch = (next: ListSearch) => {
    void navigate(openId ? { to: "/$view/$conversationId", params: { view, conversationId: openId }, search: next } : { to: "/$view", params: { view }, search: next });
  };
  const choosing = useStore(selection, (state) => !isEmpty(state));
  const columns = columnsOf(search);

  return (
    <section aria-label={name ?? viewNames[view]} className={cn("flex min-h-0 min-w-0 flex-col border-e border-line bg-surface", className)}>
      <ListHeader view={view} search={search} name={name} onSearch={onSearch} />
      {choosing ? (
        <BulkBar listing={{ view, ...(filter ? { filter } : {}), ...(sort ? { sort } : {}) }} loaded={items.length} narrowed={narrowed} more={hasNextPage} wide={table} />
      ) : (
        <div className="relative shrink-0 border-b border-line px-3.5 pb-2.5">
          <Search aria-hidden className="absolute top-2 start-6 size-3.5 text-ink-faint" />
          <input
            ref={input}
            type="search"
            aria-label={t("Filter conversations")}
            placeholder={t("Filter this list")}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.stopPropagation();
              setText("");
              event.currentTarget.blur();
            }}
            className="h-7.5 w-full rounded-md bg-hover pe-8 ps-8 text-sm [&::-webkit-search-cancel-button]:hidden"
          />
          {text ? (
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t("Clear filter")}
              className="absolute top-px end-4"
              onClick={() => {
                setText("");
              }}
            >
              <X />
            </Button>
          ) : (
            <span aria-hidden className="pointer-events-none absolute top-1.5 end-5 hidden lg:block">
              <Keys keys="/" />
            </span>
          )}
        </div>
      )}
      {table && items.length > 0 ? (
        <TableHead
          columns={columns}
          view={view}
          search={search}
          sorts={sortsOf[view]}
          onSort={(next) => {
            onSearch({ ...search, sort: next });
          }}
        />
      ) : null}
      {list.data ? (
        items.length > 0 ? (
          <ListRows items={items} view={view} search={search} openId={openId} columns={table ? columns : undefined} onEnd={onEnd} />
        ) : text ? (
          <Empty icon={<Search />} title={t("No match")}>
            {t("Nothing in the loaded part of this list contains “{{text}}”.", { text })}
          </Empty>
        ) : hasNextPage ? (
          <div className="py-12 text-center">
            <Spinner label={t("Looking further")} />
          </div>
        ) : filter ? (
          <Empty
            icon={<Search />}
            title={t("No match")}
            action={
              <Button
                onClick={() => {
                  onSearch({ ...search, filter: undefined });
                }}
              >
                {t("Clear all filters")}
              </Button>
            }
          >
            {t("No conversation that you may see meets these filters.")}
          </Empty>
        ) : (
          <Empty icon={<Inbox />} title={nothing[view].title}>
            {nothing[view].text}
          </Empty>
        )
      ) : list.error ? (
        <LoadError
          error={list.error}
          what={t("the conversations")}
          retry={() => {
            void list.refetch();
          }}
        />
      ) : (
        <ListLoading />
      )}
    </section>
  );
}

function ListLoading() {
  return (
    <div role="status" aria-label={t("Loading conversations")}>
      {Array.from({ length: 8 }, (_, n) => (
        <div key={n} className="flex h-18 gap-2.5 border-b border-line px-3.5 py-2.5">
          <Skeleton className="size-7 rounded-full" />
          <div className="grid flex-1 content-start gap-1.5">
            <Skeleton className="h-3.5 w-2/5" />
            <Skeleton className="h-3 w-11/12" />
            <Skeleton className="h-2.5 w-1/3" />
          </div>
        </div>
      ))}
    </div>
  );
}
