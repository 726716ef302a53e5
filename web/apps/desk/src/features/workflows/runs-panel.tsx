import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Activity, ExternalLink } from "lucide-react";
import { useState } from "react";
import { keys } from "@rapport/core/apply";
import { ago, dateTime } from "@rapport/core/format";
import { stepOf } from "@rapport/core/workflow/edit";
import type { Run, RunStatus } from "@rapport/core/workflow/types";
import { titleOf } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Select } from "@rapport/ui/field";
import { Empty } from "@rapport/ui/marks";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { ConfirmDialog } from "@/lib/confirm-dialog";
import { useNow } from "@/lib/now";
import { Loaded } from "@/lib/page";
import { queries } from "@/lib/queries";
import { RunBadge, RunLog, runStatusNames } from "@/lib/run-log";
import { useBuilder, useDefinition } from "./context";
import { SidePanel } from "./step-panel";

const POLL = 5_000;

/** The conversations that run or ran through the workflow, and what each did. */
export function RunsPanel() {
  const { api, client } = useBackend();
  const { workflow, builder } = useBuilder();
  const [status, setStatus] = useState<RunStatus | "">("");
  const [opened, setOpened] = useState<string>();
  const [stopped, setStopped] = useState<Run>();
  const runs = useQuery({ ...queries.workflowRuns(api, workflow.id, status), refetchInterval: POLL });
  return (
    <SidePanel
      title={t("Runs")}
      icon={<Activity aria-hidden className="size-4 text-ink-faint" />}
      onClose={() => {
        builder.draft.show(undefined);
      }}
    >
      <Select
        aria-label={t("Show runs that are")}
        className="mb-3"
        value={status}
        onChange={(event) => {
          setStatus(event.target.value as RunStatus | "");
        }}
      >
        <option value="">{t("All runs")}</option>
        {Object.entries(runStatusNames).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <Loaded query={runs} what={t("the runs")}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={<Activity />} title={status ? t("None of these") : t("No runs yet")} className="px-2">
              {status ? t("Choose another state above.") : t("Once it is published and its trigger happens, each run is listed here with its log.")}
            </Empty>
          ) : (
            <ul aria-label={t("Runs")} className="grid gap-2">
              {items.map((run) => (
                <RunLine
                  key={run.id}
                  run={run}
                  open={opened === run.id}
                  onOpen={() => {
                    setOpened(opened === run.id ? undefined : run.id);
                  }}
                  onStop={() => {
                    setStopped(run);
                  }}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {stopped ? (
        <ConfirmDialog
          title={t("Stop this run?")}
          confirm={t("Yes, stop it")}
          danger
          onClose={() => {
            setStopped(undefined);
          }}
          perform={async () => {
            await api.workflows.stop(stopped.id);
            setStopped(undefined);
            void client.invalidateQueries({ queryKey: keys.workflow(workflow.id) });
            void client.invalidateQueries({ queryKey: keys.run(stopped.id) });
            toast(t("Run stopped"));
          }}
        >
          {t("What it has done stays done; its next steps are not taken. It cannot be started again.")}
        </ConfirmDialog>
      ) : null}
    </SidePanel>
  );
}

function RunLine({ run, open, onOpen, onStop }: { run: Run; open: boolean; onOpen: () => void; onStop: () => void }) {
  const { workflow, vocabulary } = useBuilder();
  const definition = useDefinition();
  const now = useNow();
  const step = stepOf(definition, run.step ?? "");
  const active = run.status === "running" || run.status === "waiting";
  return (
    <li className="rounded-md border border-line">
      <button type="button" aria-expanded={open} onClick={onOpen} className="grid w-full gap-0.5 rounded-md px-3 py-2 text-start hover:bg-hover">
        <span className="flex items-center gap-2">
          <span className="min-w-0 flex-1 truncate text-sm font-medium"><RunName conversationId={run.conversation_id} /></span>
          <RunBadge status={run.status} />
        </span>
        <span className="flex gap-2 text-xs text-ink-muted">
          <span className="min-w-0 flex-1 truncate">
            {active ? (step ? t("At “{{title}}”", { title: titleOf(vocabulary, step) }) : t("On its way")) : run.error || t("{{count}} steps", { count: run.steps })}
          </span>
          <span className="tabular-nums" title={dateTime(run.started_at)}>
            {run.version === workflow.published ? "" : `v${run.version} · `}
            {ago(run.started_at, now)}
          </span>
        </span>
      </button>
      {open ? (
        <div className="grid gap-3 border-t border-line px-3 py-2.5">
          <RunLog id={run.id} titleOfStep={(id) => { const one = stepOf(definition, id); return one ? titleOf(vocabulary, one) : undefined; }} />
          <div className="flex flex-wrap gap-2">
            {run.conversation_id ? (
              <Button asChild size="sm">
                <Link to="/conversations/$id" params={{ id: run.conversation_id }}>
                  <ExternalLink aria-hidden />
                  {t("Open conversation")}
                </Link>
              </Button>
            ) : null}
            {active ? (
              <Button size="sm" onClick={onStop}>
                {t("Stop this run")}
              </Button>
            ) : null}
          </div>
        </div>
      ) : null}
    </li>
  );
}

/** Whose conversation it is about. */
function RunName({ conversationId }: { conversationId: string | undefined }) {
  const { api } = useBackend();
  const conversation = useQuery({ ...queries.conversation(api, conversationId ?? ""), enabled: Boolean(conversationId), retry: false });
  if (!conversationId) return t("Without a conversation");
  return conversation.data?.contact_name || (conversation.isError ? t("Conversation") : "…");
}
