import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type MouseEvent, useEffect, useRef } from "react";
import type { Summary, View } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Checkbox } from "@rapport/ui/field";
import { focusIsTaken } from "@rapport/ui/focus";
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

  // The cursor is the focus: moving it brings the row into view and focuses its link.
  useEffect(() => {
    const there = cursor === focused;
    focused = undefined;
    if (!cursor) return;
    const index = desk.get().order.indexOf(cursor);
    if (index < 0) return;
    rows.scrollToIndex(index);
    if (there) return;
    const frame = requestAnimationFrame(() => {
      if (focusIsTaken()) return; // by now somebody writes, or has opened a dialog
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
  return (
    <div ref={box} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <ul aria-label={t("Conversations")} className="relative" style={{ height: rows.getTotalSize() }}>
        {visible.map((row) => {
          const c = items[row.index];
          if (!c) return null;
          return (
            <Row
              key={row.key}
              conversation={c}
              place={row.index + 1}
              of={items.length}
              top={row.start}
              view={view}
              search={search}
              columns={columns}
              me={me.agent.id}
              now={now}
              open={c.id === openId}
              selected={isSelected(chosen, c.id)}
              choosing={choosing}
            />
          );
        })}
      </ul>
    </div>
  );
}

/** The row whose focus has moved the cursor. */
let focused: string | undefined;

function putCursor(id: string): void {
  if (desk.get().cursor === id) return;
  focused = id;
  desk.set({ cursor: id });
}

interface RowProps {
  conversation: Summary;
  /** In the list, from 1. */
  place: number;
  of: number;
  /** Pixels. */
  top: number;
  view: View;
  search: ListSearch;
  columns: readonly Column[] | undefined;
  me: string;
  now: number;
  open: boolean;
  selected: boolean;
  choosing: boolean;
}

/** A row in its place. It is drawn again only when something about it changes: moving from one to the next draws two. */
const Row = memo(function Row({ conversation: c, place, of, top, view, search, columns, me, now, open, selected, choosing }: RowProps) {
  // With shift a click chooses all up to here; it does not open anything.
  const onClick = (event: MouseEvent) => {
    if (!event.shiftKey) return;
    event.preventDefault();
    selectTo(c.id, desk.get().order);
  };
  return (
    <li
      aria-setsize={of}
      aria-posinset={place}
      className={cn("group absolute inset-x-0 top-0", selected && "bg-accent-soft")}
      style={{ transform: `translateY(${top}px)` }}
      onClickCapture={onClick}
    >
      {columns ? (
        <TableRow conversation={c} columns={columns} view={view} search={search} now={now} onFocus={putCursor} />
      ) : (
        <ListRow conversation={c} view={view} search={search} me={me} now={now} selected={open} onFocus={putCursor} />
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
});
