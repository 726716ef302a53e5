import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { useEffect, useState } from "react";
import type { Bulk } from "@rapport/core/api/views";
import { looked } from "@rapport/core/apply";
import { dateTime, priorityNames, stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Dialog } from "@rapport/ui/dialog";
import { Empty, Spinner } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { bulks, putAway, showRunning, undoBulk } from "@/lib/bulk";
import { closeDialog, desk } from "@/lib/desk-state";
import { Loaded } from "@/lib/page";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";
import { tell } from "@/lib/tell";

/** What a change of many conversations does, in words. */
function nameOf({ action }: Bulk): string {
  switch (action.do) {
    case "assign":
      return t("Assigning");
    case "queue":
      return t("Moving to another queue");
    case "release":
      return t("Putting back into the queue");
    case "state":
      return t("Setting to {{state}}", { state: action.state ? stateNames[action.state as keyof typeof stateNames] : "" });
    case "priority":
      return t("Setting the priority to {{priority}}", { priority: action.priority ? priorityNames[action.priority as keyof typeof priorityNames] : "" });
    case "tags":
      return t("Changing tags");
    case "snooze":
      return t("Snoozing");
    case "undo":
      return t("Undoing");
  }
}

/** How far changes of many conversations have come, what came of them, and those of the last day on demand. */
export function BulkProgress() {
  const { api } = useBackend();
  const list = useQuery(queries.bulks(api));
  const items = list.data?.items;
  useEffect(() => {
    if (items) showRunning(items);
  }, [items]);
  const shown = useStore(bulks, (state) => state.shown);
  const recent = useStore(desk, (state) => state.dialog === "bulks");
  const [open, setOpen] = useState<string>();
  const here = shown.map((id) => items?.find((one) => one.id === id && !one.undone_by)).filter((one) => one !== undefined);
  return (
    <>
      {here.length > 0 ? (
        <section aria-label={t("Changes of several conversations")} className="fixed inset-x-3 bottom-3 z-30 grid gap-2 sm:inset-x-auto sm:end-4 sm:bottom-4 sm:w-84">
          {here.map((one) => (
            <Line key={one.id} bulk={one} onOpen={setOpen} onAway={putAway} className="rounded-lg border border-line-strong bg-raised p-3 shadow-pop" />
          ))}
        </section>
      ) : null}
      {recent && !open ? (
        <Dialog open onOpenChange={closeDialog} title={t("Recent bulk actions")} description={t("Yours of the last day, for which each can be undone.")}>
          <Loaded query={list} what={t("your bulk actions")}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty title={t("None in the last day")} className="py-6">
                  {t("Choose several conversations of a list to change them at once.")}
                </Empty>
              ) : (
                <ul className="grid divide-y divide-line">
                  {items.map((one) => (
                    <li key={one.id}>
                      <Line bulk={one} onOpen={setOpen} className="py-3" />
                    </li>
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Dialog>
      ) : null}
      {open ? (
        <Report
          id={open}
          onClose={() => {
            setOpen(undefined);
          }}
        />
      ) : null}
    </>
  );
}

interface LineProps {
  bulk: Bulk;
  /** Shows which were left alone. */
  onOpen: (id: string) => void;
  /** Of one that can be put away; others say when they began. */
  onAway?: (id: string) => void;
  className: string;
}

function Line({ bulk, onOpen, onAway, className }: LineProps) {
  const backend = useBackend();
  const failed = bulk.refused + bulk.skipped;
  const ended = bulk.ended_at !== undefined;
  const undoable = ended && bulk.done > 0 && !bulk.undoes && !bulk.undone_by;
  return (
    <article className={cn("grid gap-1.5", className)}>
      <div className="flex items-center gap-2 text-sm">
        {!ended ? <Spinner /> : failed > 0 ? <TriangleAlert aria-hidden className="size-4 text-warning" /> : <CircleCheck aria-hidden className="size-4 text-positive" />}
        <span className="flex-1 font-medium">{nameOf(bulk)}</span>
        {!onAway ? (
          <time dateTime={bulk.created_at} className="text-xs text-ink-muted tabular-nums">
            {dateTime(bulk.created_at)}
          </time>
        ) : ended ? (
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={t("Dismiss")}
            onClick={() => {
              onAway(bulk.id);
            }}
          >
            <X />
          </Button>
        ) : null}
      </div>
      {ended ? null : (
        <progress aria-label={nameOf(bulk)} max={bulk.total} value={looked(bulk)} className="h-1.5 w-full accent-accent" />
      )}
      <p role="status" className="text-xs text-ink-muted tabular-nums">
        {ended
          ? [
              t("{{count}} changed", { count: bulk.done }),
              ...(bulk.refused > 0 ? [t("{{count}} refused", { count: bulk.refused })] : []),
              ...(bulk.skipped > 0 ? [t("{{count}} changed meanwhile and left alone", { count: bulk.skipped })] : []),
              ...(bulk.undone_by ? [t("undone")] : []),
            ].join(" · ")
          : t("{{looked}} of {{total}}", { looked: looked(bulk), total: bulk.total })}
      </p>
      {ended && (failed > 0 || undoable) ? (
        <div className="flex gap-2">
          {failed > 0 ? (
            <Button
              size="sm"
              onClick={() => {
                onOpen(bulk.id);
              }}
            >
              {t("Which and why")}
            </Button>
          ) : null}
          {undoable ? (
            <Button
              size="sm"
              onClick={() => {
                undoBulk(backend, bulk.id).catch(tell);
              }}
            >
              {t("Undo")}
            </Button>
          ) : null}
        </div>
      ) : null}
    </article>
  );
}

function Report({ id, onClose }: { id: string; onClose: () => void }) {
  const { api } = useBackend();
  const report = useQuery(queries.bulk(api, id));
  return (
    <Dialog open onOpenChange={onClose} title={t("Not changed")} description={t("Each was judged by the same rules as a change of one conversation.")}>
      <Loaded query={report} what={t("the result")}>
        {({ failed }) => (
          <ul className="grid gap-2">
            {failed.map((item) => (
              <li key={item.n} className="text-sm">
                {item.contact_name ? (
                  <Link to="/$view/$conversationId" params={{ view: "any", conversationId: item.conversation_id }} search={{}} onClick={onClose} className="font-medium text-accent hover:underline">
                    {item.contact_name}
                  </Link>
                ) : (
                  <span className="font-medium">{t("A conversation that you may not see")}</span>
                )}
                <p className="text-ink-muted">{item.reason}</p>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Dialog>
  );
}
