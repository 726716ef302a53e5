import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ago, dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { useNow } from "@/lib/now";
import { PanelSection } from "@/lib/panel-section";
import { queries } from "@/lib/queries";
import { RunBadge, RunLog } from "@/lib/run-log";

/** The workflows that run or ran on a conversation. Without any there is nothing to see. */
export function ConversationRuns({ conversationId }: { conversationId: string }) {
  const { api } = useBackend();
  const now = useNow();
  const [opened, setOpened] = useState<string>();
  const runs = useQuery({ ...queries.conversationRuns(api, conversationId), retry: false }).data?.items ?? [];
  if (runs.length === 0) return null;
  return (
    <PanelSection id="runs" title={t("Workflows")}>
      <ul className="-mx-2 grid gap-0.5">
        {runs.map((run) => {
          const open = opened === run.id;
          return (
            <li key={run.id}>
              <button
                type="button"
                aria-expanded={open}
                onClick={() => {
                  setOpened(open ? undefined : run.id);
                }}
                className="flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-start text-sm hover:bg-hover"
              >
                <span className="min-w-0 flex-1 truncate">{run.workflow_name ?? t("Workflow")}</span>
                <RunBadge status={run.status} />
                <span className="text-xs text-ink-muted tabular-nums" title={dateTime(run.started_at)}>
                  {ago(run.started_at, now)}
                </span>
              </button>
              {open ? (
                <div className="px-2 pt-1 pb-2">
                  <RunLog id={run.id} />
                </div>
              ) : null}
            </li>
          );
        })}
      </ul>
    </PanelSection>
  );
}
