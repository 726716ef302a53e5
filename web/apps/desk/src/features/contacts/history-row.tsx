import type { Summary } from "@rapport/core/api/types";
import { ago, stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Badge } from "@rapport/ui/marks";
import { cn } from "@rapport/ui/cn";

/** A conversation of a customer in a list of theirs; a click shows it. */
export function HistoryRow({ conversation: c, now, inbox, className, onShow }: { conversation: Summary; now: number; inbox?: boolean; className: string; onShow: () => void }) {
  return (
    <button type="button" onClick={onShow} className={cn("grid gap-0.5 rounded-md px-2 py-1.5 text-start hover:bg-hover", className)}>
      <span className="flex items-center gap-2 text-xs text-ink-muted">
        <span className="min-w-0 flex-1 truncate">
          {inbox ? `${c.inbox_name} · ` : ""}
          {c.assignee_name ?? t("Unassigned")} · {c.queue_name}
        </span>
        <Badge className="h-4">{stateNames[c.state]}</Badge>
        <span className="tabular-nums">{ago(c.last_at ?? c.opened_at, now)}</span>
      </span>
      <span className="truncate text-sm">{c.last_text}</span>
    </button>
  );
}
