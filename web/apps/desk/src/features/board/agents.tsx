import { ChartBar, Ellipsis } from "lucide-react";
import { useState } from "react";
import type { BoardAgent, CustomStatus, StatusChoice } from "@rapport/core/api/types";
import { applyAgent } from "@rapport/core/apply";
import { ago, dateTime, statusNames } from "@rapport/core/format";
import { type Shown, shownStatus } from "@rapport/core/presence";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Dot } from "@rapport/ui/marks";
import { Menu, MenuItem, MenuLabel, MenuLine } from "@rapport/ui/menu";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { toast } from "@rapport/ui/toast";
import { ActionsTh } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { useNow } from "@/lib/now";
import { PersonAvatar } from "@/lib/person";
import { StatusChoices, useStatuses } from "@/lib/status-choices";
import { tell } from "@/lib/tell";
import { Heading } from "./heading";
import { UtilisationDialog } from "./utilisation-dialog";

const order = { available: 0, busy: 1, away: 2, offline: 3 };

/** Who is here, as what and since when, what they hold, and what a supervisor can do about it. */
export function Agents({ agents }: { agents: BoardAgent[] }) {
  const customs = useStatuses();
  const [looked, setLooked] = useState<BoardAgent>();
  const rows = agents
    .filter((agent) => agent.enabled && !agent.invited)
    .map((agent) => ({ agent, shown: statusOf(agent, customs) }))
    .sort((a, b) => order[a.shown.base] - order[b.shown.base] || a.agent.name.localeCompare(b.agent.name));
  return (
    <section>
      <Heading>{t("Agents")}</Heading>
      <Table label={t("Agents")} stacked>
        <thead>
          <tr>
            <Th>{t("Agent")}</Th>
            <Th>{t("Status")}</Th>
            <Th>{t("Since")}</Th>
            <Th>{t("Load")}</Th>
            <Th>{t("Queues")}</Th>
            <ActionsTh />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ agent, shown }) => (
            <AgentRow
              key={agent.id}
              agent={agent}
              shown={shown}
              customs={customs}
              onLook={() => {
                setLooked(agent);
              }}
            />
          ))}
        </tbody>
      </Table>
      {looked ? (
        <UtilisationDialog
          agent={looked}
          onClose={() => {
            setLooked(undefined);
          }}
        />
      ) : null}
    </section>
  );
}

/** What the board says; the account's statuses know more if they are newer. */
function statusOf(agent: BoardAgent, customs: readonly CustomStatus[]): Shown {
  const shown = shownStatus(agent, customs);
  if (shown.color || shown.base === "offline" || !agent.custom_name) return shown;
  return { ...shown, name: agent.custom_name, ...(agent.custom_color ? { color: agent.custom_color } : {}) };
}

function AgentRow({
  agent,
  shown,
  customs,
  onLook,
}: {
  agent: BoardAgent;
  shown: Shown;
  customs: readonly CustomStatus[];
  onLook: () => void;
}) {
  const backend = useBackend();
  const now = useNow();

  async function choose(choice: StatusChoice): Promise<void> {
    try {
      const changed = await backend.api.agents.setStatus(agent.id, choice);
      applyAgent(backend.cache, changed, new Date().toISOString());
      const custom = customs.find((one) => one.id === choice.custom_status_id);
      toast(t("{{name}} is {{status}}", { name: agent.name, status: custom?.name ?? statusNames[choice.status] }));
    } catch (error) {
      tell(error);
    }
  }

  return (
    <Tr>
      <Td>
        <span className="flex items-center gap-2.5 font-medium whitespace-nowrap">
          <PersonAvatar name={agent.name} />
          {agent.name}
        </span>
      </Td>
      <Td label={t("Status")} className="whitespace-nowrap">
        <span className="flex items-center gap-2">
          <Dot status={shown.base} color={shown.color} className="size-2.5" />
          <span>
            {shown.name}
            {shown.sub ? <span className="text-ink-muted"> · {shown.sub}</span> : null}
          </span>
        </span>
      </Td>
      <Td label={t("Since")} className="whitespace-nowrap text-ink-muted tabular-nums">
        {agent.since ? (
          <time dateTime={agent.since} title={dateTime(agent.since)}>
            {ago(agent.since, now)}
          </time>
        ) : (
          "–"
        )}
      </Td>
      <Td label={t("Load")} className="w-44 min-w-32">
        <Load load={agent.load} capacity={agent.effective_capacity} />
      </Td>
      <Td label={t("Queues")} className="max-w-64 truncate text-ink-muted" title={agent.queues.map((queue) => queue.name).join(", ")}>
        {agent.queues.map((queue) => queue.name).join(", ") || "–"}
      </Td>
      <Td corner className="w-10">
        <Menu
          className="w-60"
          trigger={
            <Button variant="ghost" size="icon-sm" aria-label={t("Actions for {{name}}", { name: agent.name })}>
              <Ellipsis />
            </Button>
          }
        >
          <MenuItem onSelect={onLook}>
            <ChartBar aria-hidden />
            {t("Utilisation")}
          </MenuItem>
          <MenuLine />
          <MenuLabel>{t("Set status")}</MenuLabel>
          <StatusChoices chosen={agent} customs={customs} onChoose={(choice) => void choose(choice)} />
        </Menu>
      </Td>
    </Tr>
  );
}

function Load({ load, capacity }: { load: number; capacity: number }) {
  const part = capacity > 0 ? Math.min(1, load / capacity) : 1;
  return (
    <span className="flex grow items-center gap-2.5">
      <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-full bg-hover">
        <span className={cn("block h-full rounded-full", part >= 1 ? "bg-warning" : "bg-accent")} style={{ width: `${part * 100}%` }} />
      </span>
      <span className="text-xs tabular-nums">
        {load}/{capacity}
      </span>
    </span>
  );
}
