import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUpDown, Inbox, ListFilter, Search, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Sort, Summary, View } from "@rapport/core/api/types";
import { viewNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Keys } from "@rapport/ui/keys";
import { Empty, Skeleton } from "@rapport/ui/marks";
import { Menu, MenuChoice, MenuChoices, MenuLabel } from "@rapport/ui/menu";
import { useBackend } from "@/lib/backend";
import { CommandButton } from "@/lib/commands";
import { desk } from "@/lib/desk-state";
import { useMe } from "@/lib/me";
import { useNow } from "@/lib/now";
import { LoadError, MenuButton } from "@/lib/page";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";
import { ListRow } from "./list-row";

const ROW = 72;

const nothing: Record<View, { title: string; text: string }> = {
  mine: { title: t("Nothing on your desk"), text: t("New conversations come to you while you are Available. Or claim one from Unassigned.") },
  unassigned: { title: t("Nobody waits"), text: t("Conversations without an agent appear here, the longest waiting first.") },
  all: { title: t("No conversations"), text: t("Conversations of your queues appear here as soon as customers write.") },
  chatbots: { title: t("No bot is talking"), text: t("Conversations that a bot answers appear here. Open one to read along or to take over.") },
  history: { title: t("No history yet"), text: t("Solved and closed conversations are kept here.") },
};

export interface ListPaneProps {
  view: View;
  queue: string | undefined;
  sort: Sort | undefined;
  openId: string | undefined;
  className?: string;
}

export function ListPane({ view, queue, sort, openId, className }: ListPaneProps) {
  const { api } = useBackend();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const list = useInfiniteQuery(queries.list(api, { view, queue, sort }));
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  const queueName = queues.find((one) => one.id === queue)?.name;
  const input = useRef<HTMLInputElement>(null);
  const asked = useStore(desk, (state) => state.filter);
  const [askedBefore] = useState(asked);
  useEffect(() => {
    if (asked > askedBefore) input.current?.focus();
  }, [asked, askedBefore]);

  const items = useMemo(() => {
    const all = list.data?.pages.flatMap((page) => page.items) ?? [];
    const words = text.trim().toLowerCase();
    return words ? all.filter((c) => `${c.contact_name} ${c.last_text} ${c.queue_name}`.toLowerCase().includes(words)) : all;
  }, [list.data, text]);

  const search = (change: { queue?: string | undefined; sort?: Sort | undefined }) => {
    void navigate({ to: "/$view", params: { view }, search: { queue, sort, ...change } });
  };

  return (
    <section aria-label={viewNames[view]} className={cn("flex min-h-0 flex-col border-e border-line bg-surface", className)}>
      <header className="flex h-13 shrink-0 items-center gap-1 px-3.5">
        <MenuButton />
        <h1 className="min-w-0 flex-1 truncate text-lg font-semibold">
          {viewNames[view]}
          {queueName ? <span className="font-normal text-ink-muted"> · {queueName}</span> : null}
        </h1>
        <CommandButton id="new-conversation" iconOnly variant="ghost" />
        <Menu
          trigger={
            <Button variant="ghost" size="icon" aria-label={queueName ? t("Queue: {{queueName}}", { queueName }) : t("Filter by queue")}>
              <ListFilter className={cn(queueName && "text-accent")} />
            </Button>
          }
        >
          <MenuLabel>{t("Queue")}</MenuLabel>
          <MenuChoices
            value={queue ?? ""}
            onValueChange={(next) => {
              search({ queue: next || undefined });
            }}
          >
            <MenuChoice value="">{t("All queues")}</MenuChoice>
            {queues.map((one) => (
              <MenuChoice key={one.id} value={one.id}>
                {one.name}
              </MenuChoice>
            ))}
          </MenuChoices>
        </Menu>
        {view === "all" ? (
          <Menu
            trigger={
              <Button variant="ghost" size="icon" aria-label={t("Sort")}>
                <ArrowUpDown />
              </Button>
            }
          >
            <MenuLabel>{t("Order")}</MenuLabel>
            <MenuChoices
              value={sort ?? "oldest"}
              onValueChange={(next) => {
                search({ sort: next === "latest" ? next : undefined });
              }}
            >
              <MenuChoice value="oldest">{t("Oldest first")}</MenuChoice>
              <MenuChoice value="latest">{t("Latest first")}</MenuChoice>
            </MenuChoices>
          </Menu>
        ) : null}
      </header>
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
      {list.data ? (
        items.length > 0 ? (
          <Rows
            items={items}
            view={view}
            queue={queue}
            openId={openId}
            onEnd={() => {
              if (list.hasNextPage && !list.isFetchingNextPage && !text) void list.fetchNextPage();
            }}
          />
        ) : text ? (
          <Empty icon={<Search />} title={t("No match")}>
            {t("Nothing in the loaded part of this list contains “{{text}}”.", { text })}
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

function Rows({ items, view, queue, openId, onEnd }: { items: Summary[]; view: View; queue: string | undefined; openId: string | undefined; onEnd: () => void }) {
  const me = useMe();
  const now = useNow();
  const box = useRef<HTMLDivElement>(null);
  const cursor = useStore(desk, (state) => state.cursor);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 8,
    initialRect: { width: 340, height: 800 },
  });

  useEffect(() => {
    desk.set({ order: items.map((item) => item.id) });
  }, [items]);

  // The cursor is the focus: moving it brings the row into view and focuses its link.
  useEffect(() => {
    if (!cursor) return;
    const index = desk.get().order.indexOf(cursor);
    if (index < 0) return;
    rows.scrollToIndex(index);
    const frame = requestAnimationFrame(() => {
      box.current?.querySelector<HTMLElement>(`[data-row="${cursor}"]`)?.focus({ preventScroll: true });
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [cursor, rows]);

  const visible = rows.getVirtualItems();
  const lastVisible = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastVisible >= items.length - 5) onEnd();
  }, [lastVisible, items.length, onEnd]);

  return (
    <div ref={box} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <ul aria-label={t("Conversations")} className="relative" style={{ height: rows.getTotalSize() }}>
        {visible.map((row) => {
          const c = items[row.index];
          if (!c) return null;
          return (
            <li
              key={row.key}
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <ListRow
                conversation={c}
                view={view}
                queue={queue}
                me={me.agent.id}
                now={now}
                selected={c.id === openId}
                onFocus={() => {
                  if (desk.get().cursor !== c.id) desk.set({ cursor: c.id });
                }}
              />
            </li>
          );
        })}
      </ul>
    </div>
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
