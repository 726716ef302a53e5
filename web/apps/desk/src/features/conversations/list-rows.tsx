import { useVirtualizer } from "@tanstack/react-virtual";
import { type MouseEvent, useEffect, useRef } from "react";
import type { Summary, View } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Checkbox } from "@rapport/ui/field";
import { desk } from "@/lib/desk-state";
import type { ListSearch } from "@/lib/list-search";
import { useMe } from "@/lib/me";
import { useNow } from "@/lib/now";
import { isEmpty, isSelected, selection, selectTo, toggle } from "@/lib/selection";
import { useStore } from "@/lib/store";
import { ListRow } from "./list-row";
import { type Column, TABLE_ROW, TableRow } from "./list-table";

const ROW = 72;

export interface ListRowsProps {
  items: Summary[];
  view: View;
  search: ListSearch;
  openId: string | undefined;
  /** The columns of the table, if it is one. */
  columns: readonly Column[] | undefined;
  onEnd: () => void;
}

/** The rows that are in sight, however many there are. */
export function ListRows({ items, view, search, openId, columns, onEnd }: ListRowsProps) {
  const me = useMe();
  const now = useNow();
  const box = useRef<HTMLDivElement>(null);
  const cursor = useStore(desk, (state) => state.cursor);
  const chosen = useStore(selection, (state) => state);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => (columns ? TABLE_ROW : ROW),
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

  const choosing = !isEmpty(chosen);
  // With shift a click chooses all up to here; it does not open anything.
  const onClick = (event: MouseEvent, id: string) => {
    if (!event.shiftKey) return;
    event.preventDefault();
    selectTo(id, desk.get().order);
  };
  return (
    <div ref={box} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <ul aria-label={t("Conversations")} className="relative" style={{ height: rows.getTotalSize() }}>
        {visible.map((row) => {
          const c = items[row.index];
          if (!c) return null;
          const selected = isSelected(chosen, c.id);
          const onFocus = () => {
            if (desk.get().cursor !== c.id) desk.set({ cursor: c.id });
          };
          return (
            <li
              key={row.key}
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
              className={cn("group absolute inset-x-0 top-0", selected && "bg-accent-soft")}
              style={{ transform: `translateY(${row.start}px)` }}
              onClickCapture={(event) => {
                onClick(event, c.id);
              }}
            >
              {columns ? (
                <TableRow conversation={c} columns={columns} view={view} search={search} now={now} onFocus={onFocus} />
              ) : (
                <ListRow conversation={c} view={view} search={search} me={me.agent.id} now={now} selected={c.id === openId} onFocus={onFocus} />
              )}
              <Checkbox
                aria-label={t("Select {{name}}", { name: c.contact_name })}
                checked={selected}
                tabIndex={-1}
                onClick={(event) => {
                  event.stopPropagation();
                }}
                onCheckedChange={() => {
                  toggle(c.id);
                }}
                className={cn(
                  "absolute start-4 z-10 size-5 transition-opacity focus-visible:opacity-100 group-hover:opacity-100 group-focus-within:opacity-100",
                  columns ? "top-2.5" : "top-3",
                  choosing ? "opacity-100" : "opacity-0",
                )}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
