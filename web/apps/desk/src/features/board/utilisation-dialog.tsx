import { useQuery } from "@tanstack/react-query";
import { ChartBar } from "lucide-react";
import { useState } from "react";
import type { AgentView, BoardAgent, Status, StatusChange, StatusReport } from "@rapport/core/api/types";
import { dateTime, statusNames, subNames, worked } from "@rapport/core/format";
import { type Share, sharesOf, utilisation } from "@rapport/core/presence";
import { t } from "@rapport/i18n";
import { Choice } from "@rapport/ui/choice";
import { cn } from "@rapport/ui/cn";
import { Dialog } from "@rapport/ui/dialog";
import { Dot, Empty } from "@rapport/ui/marks";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { useBackend } from "@/lib/backend";
import { Loaded } from "@/lib/page";
import { queries } from "@/lib/queries";

type Period = "today" | "yesterday" | "week" | "month";

const periods: { value: Period; label: string }[] = [
  { value: "today", label: t("Today") },
  { value: "yesterday", label: t("Yesterday") },
  { value: "week", label: t("7 days") },
  { value: "month", label: t("30 days") },
];

/** From and to of a period; both are days of the reader. */
function bounds(period: Period, now: Date): [string, string] {
  const midnight = (back: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - back);
  const from = { today: midnight(0), yesterday: midnight(1), week: midnight(6), month: midnight(29) }[period];
  const to = period === "yesterday" ? midnight(0) : now;
  return [from.toISOString(), to.toISOString()];
}

/** How an agent spent a period: parts of it in each status, and every change. */
export function UtilisationDialog({ agent, onClose }: { agent: BoardAgent; onClose: () => void }) {
  const { api } = useBackend();
  const [period, setPeriod] = useState<Period>("today");
  const [opened] = useState(() => new Date());
  const [from, to] = bounds(period, opened);
  const report = useQuery(queries.statusChanges(api, agent.id, from, to));
  const agents = useQuery(queries.agents(api)).data?.items ?? [];
  return (
    <Dialog open onOpenChange={onClose} size="lg" title={t("Utilisation of {{name}}", { name: agent.name })} description={t("How the time was spent, from every change of status.")}>
      <div className="grid min-h-80 content-start gap-4">
        <Choice label={t("Period")} className="justify-self-start" value={period} onChange={setPeriod} options={periods} />
        <Loaded query={report} what={t("the changes of status")}>
          {(data) => <Report report={data} agents={agents} />}
        </Loaded>
      </div>
    </Dialog>
  );
}

function Report({ report, agents }: { report: StatusReport; agents: AgentView[] }) {
  const shares = sharesOf(report.totals);
  const used = utilisation(report.totals);
  const atWork = report.totals.reduce((sum, total) => sum + (total.availability === "offline" ? 0 : total.seconds), 0);
  if (shares.length === 0) {
    return (
      <Empty icon={<ChartBar />} title={t("Nothing recorded")}>
        {t("No status of this period is known. Choose a longer one.")}
      </Empty>
    );
  }
  return (
    <>
      <dl className="flex gap-8">
        <Figure label={t("At work")}>{worked(atWork)}</Figure>
        <Figure label={t("Of it with conversations")}>{used === undefined ? "–" : `${Math.round(used * 100)} %`}</Figure>
      </dl>
      <Bar shares={shares} />
      <Table label={t("Time in each status")}>
        <thead>
          <tr>
            <Th>{t("Status")}</Th>
            <Th className="text-end">{t("Time")}</Th>
            <Th className="text-end">{t("Part")}</Th>
          </tr>
        </thead>
        <tbody>
          {shares.map((share) => (
            <Tr key={share.key}>
              <Td className="h-9">
                <span className="flex items-center gap-2.5">
                  <span aria-hidden className={cn("size-2.5 rounded-sm", colorOf(share))} />
                  {share.name}
                  {share.sub ? <span className="text-ink-muted">{share.sub}</span> : null}
                </span>
              </Td>
              <Td className="h-9 text-end tabular-nums">{worked(share.seconds)}</Td>
              <Td className="h-9 text-end text-ink-muted tabular-nums">{Math.round(share.part * 100)} %</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {report.items.length > 0 ? <Changes items={report.items} agents={agents} /> : null}
    </>
  );
}

function Figure({ label, children }: { label: string; children: string }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-xs text-ink-muted">{label}</dt>
      <dd className="text-xl font-semibold tabular-nums">{children}</dd>
    </div>
  );
}

/** Full and under capacity are work; idle is the same colour, faint. */
function colorOf({ base, sub, key }: Share): string {
  if (sub === subNames.idle) return "bg-available/45";
  if (sub === subNames.full_capacity) return "bg-busy";
  if (base === "busy") return "bg-busy/55";
  if (base === "away") return key.endsWith(" ") ? "bg-away" : "bg-away/60";
  return base === "available" ? "bg-available" : "bg-offline/50";
}

/** The period as one line. What it shows stands in the table below. */
function Bar({ shares }: { shares: Share[] }) {
  return (
    <div aria-hidden className="flex h-5 gap-px overflow-hidden rounded-md bg-hover">
      {shares.map((share) => (
        <span
          key={share.key}
          title={`${share.name}${share.sub ? ` · ${share.sub}` : ""}: ${worked(share.seconds)}`}
          className={cn("h-full min-w-px", colorOf(share))}
          style={{ width: `${share.part * 100}%` }}
        />
      ))}
    </div>
  );
}

const SHOWN = 50;

function Changes({ items, agents }: { items: StatusChange[]; agents: AgentView[] }) {
  const latest = [...items].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, SHOWN);
  return (
    <section>
      <h3 className="mb-1.5 text-sm font-semibold">{items.length > SHOWN ? t("Changes, the latest {{n}}", { n: SHOWN }) : t("Changes")}</h3>
      <ol aria-label={t("Changes")} className="divide-y divide-line rounded-md border border-line text-sm">
        {latest.map((change) => (
          <li key={change.id} className="flex items-center gap-2.5 px-3 py-1.5">
            <Dot status={baseOf(change)} />
            <span className="min-w-0 flex-1 truncate">
              {change.custom_name || statusNames[baseOf(change)]}
              {change.sub ? <span className="text-ink-muted"> · {subNames[change.sub]}</span> : null}
              {change.by ? <span className="text-ink-muted">, {t("set by {{name}}", { name: agents.find((one) => one.id === change.by)?.name ?? t("a supervisor") })}</span> : null}
            </span>
            <time dateTime={change.at} className="shrink-0 text-xs text-ink-muted tabular-nums">
              {dateTime(change.at)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}

function baseOf({ availability, sub }: StatusChange): Status {
  return sub === "full_capacity" ? "busy" : availability;
}
