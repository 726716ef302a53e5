import { useQuery } from "@tanstack/react-query";
import type { Agent, CustomStatus, Status, StatusChoice } from "@rapport/core/api/types";
import { applyAgent } from "@rapport/core/apply";
import { statusHelp, statusNames } from "@rapport/core/format";
import { customsOf } from "@rapport/core/presence";
import { t } from "@rapport/i18n";
import { Dot } from "@rapport/ui/marks";
import { MenuChoice, MenuChoices } from "@rapport/ui/menu";
import { type Backend, useBackend } from "./backend";
import { queries } from "./queries";
import { tell } from "./tell";

export const statuses: Status[] = ["available", "busy", "away", "offline"];

const none: CustomStatus[] = [];

/** The custom statuses; none until they are there. */
export function useStatuses(): CustomStatus[] {
  const { api } = useBackend();
  return useQuery(queries.statuses(api)).data?.items ?? none;
}

/** An agent as they will be after a choice. */
function chosenBy(agent: Agent, choice: StatusChoice): Agent {
  const { custom_status_id: _before, ...rest } = agent;
  return { ...rest, ...choice };
}

/** Sets one's own status: shown at once, and back to the old one if the server refuses. */
export async function chooseStatus(backend: Backend, choice: StatusChoice): Promise<void> {
  const { agent } = backend.me();
  applyAgent(backend.cache, chosenBy(agent, choice));
  try {
    applyAgent(backend.cache, await backend.api.session.setStatus(choice));
  } catch (error) {
    applyAgent(backend.cache, agent);
    tell(error);
  }
}

/** The base statuses and, below each, the custom ones that count as it. */
export function StatusChoices({
  chosen,
  customs,
  onChoose,
}: {
  chosen: Pick<Agent, "status" | "custom_status_id">;
  customs: readonly CustomStatus[];
  onChoose: (choice: StatusChoice) => void;
}) {
  const known = customs.some((one) => one.id === chosen.custom_status_id);
  return (
    <MenuChoices
      value={known ? chosen.custom_status_id : chosen.status}
      onValueChange={(next) => {
        const custom = customs.find((one) => one.id === next);
        onChoose(custom ? { status: custom.base, custom_status_id: custom.id } : { status: next as Status });
      }}
    >
      {statuses.flatMap((status) => [
        <MenuChoice key={status} value={status}>
          <Dot status={status} className="mx-1" />
          <span>
            {statusNames[status]}
            <span className="block text-2xs text-ink-faint">{statusHelp[status]}</span>
          </span>
        </MenuChoice>,
        ...customsOf(customs, status).map((custom) => (
          <MenuChoice key={custom.id} value={custom.id} className="ps-7">
            <Dot status={custom.base} color={custom.color} />
            <span className="min-w-0 truncate">
              {custom.name}
              <span className="sr-only">{t(", counts as {{status}}", { status: statusNames[custom.base] })}</span>
            </span>
          </MenuChoice>
        )),
      ])}
    </MenuChoices>
  );
}
