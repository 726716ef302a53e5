import { Link } from "@tanstack/react-router";
import { Bot, ChevronUp, ChevronsUp, Clock, Code, Globe, MessageSquare, MessagesSquare, PencilLine } from "lucide-react";
import type { Summary, View } from "@rapport/core/api/types";
import { ago, dateTime, priorityNames } from "@rapport/core/format";
import { standingOf, waitingSince } from "@rapport/core/lists";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Badge } from "@rapport/ui/marks";
import { Countdown } from "@/lib/countdown";
import { useHasDraft } from "@/lib/drafts";
import type { ListSearch } from "@/lib/list-search";
import { PersonAvatar } from "@/lib/person";
import { TagNames } from "@/lib/tag-name";
import { standingNames } from "./filter-words";
import { ViewersMark } from "./viewers";

const channelIcons: Record<string, typeof Globe> = { web: Globe, api: Code, internal: MessagesSquare };

/** From this long on, waiting is shown as overdue, in milliseconds. */
const LATE = 15 * 60_000;

export interface ListRowProps {
  conversation: Summary;
  view: View;
  search: ListSearch;
  me: string;
  now: number;
  selected: boolean;
  onFocus: (id: string) => void;
}

/** One conversation of the list: who, what was said last, where it stands. */
export function ListRow({ conversation: c, view, search, me, now, selected, onFocus }: ListRowProps) {
  const unread = c.assignee_id === me && c.last_by === "customer" && c.last_seq > c.agent_seen;
  const since = waitingSince(c);
  const waited = since ? now - Date.parse(since) : 0;
  const Channel = channelIcons[c.channel] ?? MessageSquare;
  return (
    <Link
      to="/$view/$conversationId"
      params={{ view, conversationId: c.id }}
      search={search}
      data-row={c.id}
      aria-current={selected ? "true" : undefined}
      onFocus={() => {
        onFocus(c.id);
      }}
      className={cn(
        "relative grid h-18 grid-cols-[auto_minmax(0,1fr)] gap-2.5 border-b border-line px-3.5 py-2 outline-offset-[-2px]",
        selected ? "bg-selected" : "hover:bg-hover",
      )}
    >
      {unread ? <span aria-hidden className="absolute top-4.5 start-1 size-1.5 rounded-full bg-accent" /> : null}
      <PersonAvatar name={c.contact_name} />
      <span className="grid min-w-0 content-start">
        <span className="flex items-baseline gap-2">
          <span className={cn("min-w-0 flex-1 truncate text-sm", unread ? "font-semibold" : "font-medium")}>
            {c.contact_name}
            {unread ? <span className="sr-only">{t(", unread")}</span> : null}
          </span>
          {since ? (
            <span
              className={cn(
                "inline-flex items-center gap-1 text-2xs font-medium tabular-nums",
                waited > LATE ? "text-danger" : "text-warning",
              )}
            >
              <Clock aria-hidden className="size-3 self-center" />
              <span className="sr-only">{t("waits since")} </span>
              {ago(since, now)}
            </span>
          ) : (
            <span className="text-2xs text-ink-faint tabular-nums">{ago(c.last_at ?? c.opened_at, now)}</span>
          )}
        </span>
        <span className={cn("truncate text-xs", unread ? "text-ink" : "text-ink-muted")}>
          {c.last_by === "agent" ? <span className="text-ink-faint">{c.assignee_id === me ? t("You: ") : t("Agent: ")}</span> : null}
          {c.last_by === "bot" || c.last_by === "system" ? (
            <span className="text-ink-faint">{c.last_by === "bot" ? t("Bot: ") : t("Automatic: ")}</span>
          ) : null}
          <bdi>{c.last_text || t("No messages yet")}</bdi>
        </span>
        <span className="mt-0.5 flex min-w-0 items-center gap-1.5 text-2xs text-ink-faint">
          <Channel aria-label={c.inbox_name || t("Among colleagues")} className="size-3 shrink-0" />
          <span className="truncate">
            {c.queue_name}
            {c.assignee_id !== me && c.assignee_name ? ` · ${c.assignee_name}` : ""}
            {c.bot_id ? (
              <>
                {" · "}
                <Bot aria-label={t("Bot")} className="inline size-3 -translate-y-px" /> {c.bot_name}
              </>
            ) : null}
            {!c.assignee_id && !c.bot_id && (c.state === "open" || c.state === "pending") ? t(" · Unassigned") : ""}
          </span>
          <TagNames tags={c.tags} className="max-w-1/2" />
          <span className="flex-1" />
          <Countdown conversation={c} place="row" className="max-w-4/5 shrink-0" />
          <ViewersMark id={c.id} />
          <DraftMark id={c.id} />
          {c.transfer ? <Badge className="h-4">{t("Transfer")}</Badge> : null}
          <PriorityMark priority={c.priority} />
          {c.snoozed_until ? (
            <Badge tone="warning" className="h-4">
              {t("Until {{time}}", { time: dateTime(c.snoozed_until) })}
            </Badge>
          ) : c.state !== "open" ? (
            <Badge tone={c.state === "pending" ? "warning" : "neutral"} className="h-4">
              {standingNames[standingOf(c)]}
            </Badge>
          ) : null}
        </span>
      </span>
    </Link>
  );
}

function DraftMark({ id }: { id: string }) {
  return useHasDraft(id) ? <PencilLine aria-label={t("Draft")} className="size-3 text-accent" /> : null;
}

function PriorityMark({ priority }: { priority: Summary["priority"] }) {
  if (priority !== "urgent" && priority !== "high") return null;
  const Icon = priority === "urgent" ? ChevronsUp : ChevronUp;
  return (
    <span className={cn("inline-flex items-center font-medium", priority === "urgent" ? "text-danger" : "text-warning")}>
      <Icon aria-hidden className="size-3.5" />
      {priorityNames[priority]}
    </span>
  );
}
