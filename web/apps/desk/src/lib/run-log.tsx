import { useQuery } from "@tanstack/react-query";
import { clock, dateTime } from "@rapport/core/format";
import type { RunStatus } from "@rapport/core/workflow/types";
import { said, t } from "@rapport/i18n";
import { Badge, type Tone } from "@rapport/ui/marks";
import { useBackend } from "./backend";
import { Loaded, RowsLoading } from "./page";
import { queries } from "./queries";

export const runStatusNames: Record<RunStatus, string> = {
  running: t("Running"),
  waiting: t("Waiting"),
  done: t("Done"),
  failed: t("Failed"),
  stopped: t("Stopped"),
};

const tones: Record<RunStatus, Tone> = { running: "accent", waiting: "warning", done: "positive", failed: "danger", stopped: "neutral" };

export function RunBadge({ status }: { status: RunStatus }) {
  return <Badge tone={tones[status]}>{runStatusNames[status]}</Badge>;
}

const POLL = 5_000;
const plain = (step: string) => (step.charAt(0).toUpperCase() + step.slice(1)).replaceAll("_", " ");

/** What a run of a workflow did, step by step, while one looks. */
export function RunLog({ id, titleOfStep = () => undefined }: { id: string; titleOfStep?: (step: string) => string | undefined }) {
  const { api } = useBackend();
  const view = useQuery({ ...queries.run(api, id), refetchInterval: POLL });
  return (
    <Loaded query={view} what={t("the log")} loading={<RowsLoading rows={3} />}>
      {({ log, run }) => (
        <ol aria-label={t("Log of the run")} className="grid gap-2">
          {log.map((line) => (
            <li key={line.n} className="flex gap-2.5 text-xs">
              <time dateTime={line.at} title={dateTime(line.at)} className="shrink-0 text-ink-faint tabular-nums">
                {clock(line.at)}
              </time>
              <span className="min-w-0">
                <span className="font-medium">{titleOfStep(line.step) ?? plain(line.step)}</span>{" "}
                <span className="break-words text-ink-muted">{line.detail || said(line.outcome)}</span>
              </span>
            </li>
          ))}
          {log.length === 0 ? <li className="text-xs text-ink-muted">{t("It has not taken a step yet.")}</li> : null}
          {run.error ? <li className="rounded-sm bg-danger-soft px-2 py-1 text-xs">{run.error}</li> : null}
        </ol>
      )}
    </Loaded>
  );
}
