import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Sort, Summary, View } from "@rapport/core/api/types";
import { ago, priorityNames } from "@rapport/core/format";
import { sortOf, standingOf, waitingSince } from "@rapport/core/lists";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import type { ListSearch } from "@/lib/list-search";
import { TagNames } from "@/lib/tag-name";
import { standingNames } from "./filter-words";

export type Column = "customer" | "topic" | "last_message" | "status" | "priority" | "queue" | "assignee" | "channel" | "tags" | "waiting" | "updated" | "opened";

export const allColumns: readonly Column[] = ["customer", "topic", "last_message", "status", "priority", "queue", "assignee", "channel", "tags", "waiting", "updated", "opened"];
export const usualColumns: readonly Column[] = ["customer", "last_message", "status", "priority", "queue", "assignee", "waiting", "updated"];

interface Cell {
  title: string;
  width: string;
  sort?: Sort;
  cell: (c: Summary, now: number) => ReactNode;
}

const cells: Record<Column, Cell> = {
  customer: { title: t("Customer"), width: "minmax(8rem, 1.2fr)", sort: "customer", cell: (c) => <span className="font-medium text-ink">{c.contact_name}</span> },
  topic: { title: t("Topic"), width: "minmax(7rem, 1fr)", cell: (c) => c.topic ?? "" },
  last_message: { title: t("Last message"), width: "minmax(9rem, 2fr)", cell: (c) => c.last_text },
  status: { title: t("Status"), width: "6rem", sort: "status", cell: (c) => standingNames[standingOf(c)] },
  priority: { title: t("Priority"), width: "5.5rem", cell: (c) => priorityNames[c.priority] },
  queue: { title: t("Queue"), width: "minmax(6rem, 1fr)", sort: "queue", cell: (c) => c.queue_name },
  assignee: { title: t("Assignee"), width: "minmax(6rem, 1fr)", cell: (c) => c.assignee_name ?? c.bot_name ?? t("Nobody") },
  channel: { title: t("Inbox"), width: "minmax(5rem, 0.8fr)", cell: (c) => c.inbox_name },
  tags: { title: t("Tags"), width: "minmax(6rem, 1fr)", cell: (c) => <TagNames tags={c.tags} /> },
  waiting: {
    title: t("Waits"),
    width: "4.5rem",
    cell: (c, now) => {
      const since = waitingSince(c);
      return since ? <span className="font-medium text-warning">{ago(since, now)}</span> : "";
    },
  },
  updated: { title: t("Last activity"), width: "5rem", sort: "latest", cell: (c, now) => ago(c.last_at ?? c.opened_at, now) },
  opened: { title: t("Opened"), width: "5rem", cell: (c, now) => ago(c.opened_at, now) },
};

/** What a table may show, in the order of the choice. */
export const columnChoices = allColumns.map((id) => ({ id, name: cells[id].title }));

/** Columns that are known, or the usual ones. */
export function columnsOf(search: ListSearch): Column[] {
  const known = (search.columns ?? []).filter((one): one is Column => (allColumns as readonly string[]).includes(one));
  return known.length > 0 ? known : [...usualColumns];
}

const grid = (columns: readonly Column[]) => ({ gridTemplateColumns: columns.map((one) => cells[one].width).join(" ") });

/** The heads of the columns; those by which lists are sorted are buttons. */
export function TableHead({ columns, view, search, sorts, onSort }: { columns: readonly Column[]; view: View; search: ListSearch; sorts: readonly Sort[]; onSort: (sort: Sort) => void }) {
  const now = sortOf({ view, sort: search.sort });
  return (
    <div className="grid h-8 shrink-0 items-center gap-3 border-b border-line bg-canvas ps-12 pe-3.5 text-2xs font-medium text-ink-muted" style={grid(columns)}>
      {columns.map((column) => {
        const { title, sort } = cells[column];
        return sort && sorts.includes(sort) ? (
          <button
            key={column}
            type="button"
            aria-pressed={now === sort}
            className={cn("truncate text-start hover:text-ink", now === sort && "text-accent-strong")}
            onClick={() => {
              onSort(sort);
            }}
          >
            {title}
          </button>
        ) : (
          <span key={column} className="truncate">
            {title}
          </span>
        );
      })}
    </div>
  );
}

export const TABLE_ROW = 40;

/** One conversation as a line of the table. */
export function TableRow({ conversation: c, columns, view, search, now, onFocus }: { conversation: Summary; columns: readonly Column[]; view: View; search: ListSearch; now: number; onFocus: (id: string) => void }) {
  return (
    <Link
      to="/$view/$conversationId"
      params={{ view, conversationId: c.id }}
      search={search}
      data-row={c.id}
      onFocus={() => {
        onFocus(c.id);
      }}
      className="grid h-10 items-center gap-3 border-b border-line ps-12 pe-3.5 text-xs text-ink-muted outline-offset-[-2px] hover:bg-hover"
      style={grid(columns)}
    >
      {columns.map((column) => (
        <span key={column} className="min-w-0 truncate">
          <span className="sr-only">{cells[column].title}: </span>
          {cells[column].cell(c, now)}
        </span>
      ))}
    </Link>
  );
}
