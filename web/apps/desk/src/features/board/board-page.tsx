import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import type { Board } from "@rapport/core/api/types";
import { ago, priorityNames } from "@rapport/core/format";
import { waitingSince } from "@rapport/core/lists";
import { shownStatus } from "@rapport/core/presence";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Badge, Empty } from "@rapport/ui/marks";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { useBackend } from "@/lib/backend";
import { Countdown } from "@/lib/countdown";
import { useNow } from "@/lib/now";
import { Loaded, Page } from "@/lib/page";
import { PersonAvatar } from "@/lib/person";
import { queries } from "@/lib/queries";
import { Agents } from "./agents";
import { Heading } from "./heading";

const LATE = 15 * 60_000;
/** Figures that no event carries, such as who is free in a queue, are asked for again this often. */
const REFRESH = 30_000;

/** What a supervisor watches: who waits and why, what the queues look like, who is at work. */
export function BoardPage() {
  const { api } = useBackend();
  const board = useQuery({ ...queries.board(api), refetchInterval: REFRESH });
  return (
    <Page title={t("Board")} wide>
      <Loaded query={board} what={t("the board")}>
        {(data) => (
          <>
            <Figures board={data} />
            <Waiting board={data} />
            <Agents agents={data.agents} />
            <Queues board={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Figures({ board }: { board: Board }) {
  const now = useNow();
  const oldest = board.waiting.map((c) => waitingSince(c) ?? c.opened_at).sort()[0];
  const atWork = board.agents.filter((agent) => agent.enabled && shownStatus(agent, []).base === "available");
  const room = atWork.reduce((sum, agent) => sum + Math.max(0, agent.effective_capacity - agent.load), 0);
  const figures = [
    { label: t("Waiting for an agent"), value: String(board.waiting.length), alarm: board.waiting.length > 0 },
    { label: t("Longest wait"), value: oldest ? ago(oldest, now) : "–", alarm: oldest !== undefined && now - Date.parse(oldest) > LATE },
    { label: t("Agents available"), value: String(atWork.length), alarm: atWork.length === 0 },
    { label: t("Room for more"), value: String(room), alarm: room === 0 },
  ];
  return (
    <dl className="grid grid-cols-2 divide-x divide-y divide-line rounded-lg border border-line bg-surface sm:grid-cols-4 sm:divide-y-0">
      {figures.map(({ label, value, alarm }) => (
        <div key={label} className="flex flex-col-reverse px-4 py-3">
          <dt className="text-xs text-ink-muted">{label}</dt>
          <dd className={cn("text-xl font-semibold tabular-nums", alarm && "text-warning")}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Waiting({ board }: { board: Board }) {
  const now = useNow();
  return (
    <section>
      <Heading>{t("Who waits")}</Heading>
      {board.waiting.length === 0 ? (
        <Empty icon={<CircleCheck />} title={t("Nobody waits")} className="rounded-lg border border-line bg-surface py-8">
          {t("Every open conversation has an agent.")}
        </Empty>
      ) : (
        <Table label={t("Who waits")} stacked>
          <thead>
            <tr>
              <Th>{t("Customer")}</Th>
              <Th>{t("Since")}</Th>
              <Th>{t("Queue")}</Th>
              <Th>{t("Why")}</Th>
              <Th>{t("Waits for")}</Th>
              <Th>{t("What happens next")}</Th>
            </tr>
          </thead>
          <tbody>
            {board.waiting.map((c) => {
              const since = waitingSince(c) ?? c.opened_at;
              return (
                <Tr key={c.id}>
                  <Td>
                    <Link
                      to="/$view/$conversationId"
                      params={{ view: "unassigned", conversationId: c.id }}
                      search={{}}
                      className="flex items-center gap-2.5 font-medium whitespace-nowrap hover:underline"
                    >
                      <PersonAvatar name={c.contact_name} />
                      {c.contact_name}
                      {c.priority === "urgent" || c.priority === "high" ? (
                        <Badge tone={c.priority === "urgent" ? "danger" : "warning"}>{priorityNames[c.priority]}</Badge>
                      ) : null}
                    </Link>
                  </Td>
                  <Td label={t("Since")} className={cn("tabular-nums", now - Date.parse(since) > LATE ? "font-medium text-danger" : "text-warning")}>
                    {ago(since, now)}
                  </Td>
                  <Td label={t("Queue")} className="whitespace-nowrap">
                    {c.queue_name}
                  </Td>
                  <Td label={t("Why")} className="min-w-56 text-ink-muted">
                    {c.waiting?.reason ?? t("No decision yet.")}
                  </Td>
                  <Td label={t("Waits for")} className="min-w-40 text-ink-muted">
                    {c.waiting?.waits_for}
                  </Td>
                  <Td label={t("What happens next")} className="min-w-44 text-xs">
                    {c.timer ? <Countdown conversation={c} place="header" /> : <span className="text-ink-faint">–</span>}
                  </Td>
                </Tr>
              );
            })}
          </tbody>
        </Table>
      )}
    </section>
  );
}

function Queues({ board }: { board: Board }) {
  const now = useNow();
  return (
    <section>
      <Heading>{t("Queues")}</Heading>
      <Table label={t("Queues")}>
        <thead>
          <tr>
            <Th>{t("Queue")}</Th>
            <Th className="text-end">{t("Waiting")}</Th>
            <Th className="text-end">{t("Longest wait")}</Th>
            <Th className="text-end">{t("Available agents")}</Th>
          </tr>
        </thead>
        <tbody>
          {board.queues.map((queue) => (
            <Tr key={queue.id}>
              <Td className="font-medium">
                <Link to="/$view" params={{ view: "all" }} search={{ filter: { queues: [queue.id] } }} className="hover:underline">
                  {queue.name}
                </Link>
              </Td>
              <Td className={cn("text-end tabular-nums", queue.waiting > 0 && "font-medium text-warning")}>{queue.waiting}</Td>
              <Td className="text-end tabular-nums">{queue.oldest_since ? ago(queue.oldest_since, now) : "–"}</Td>
              <Td className={cn("text-end tabular-nums", queue.available === 0 && "text-danger")}>{queue.available}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
