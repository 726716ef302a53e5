import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp } from "lucide-react";
import { Fragment, useState } from "react";
import type { AgentView, CustomStatus, Status, SubStatus } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { statusHelp, statusNames, subHelp, subNames } from "@rapport/core/format";
import { customsOf, shownStatus } from "@rapport/core/presence";
import { t } from "@rapport/i18n";
import { Badge, Dot } from "@rapport/ui/marks";
import { MenuItem, MenuLine } from "@rapport/ui/menu";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { toast } from "@rapport/ui/toast";
import { ActionsMenu, ActionsTh, DeleteItem, EditItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { DeleteDialog } from "@/lib/confirm-dialog";
import { moved, type Step } from "@/lib/order";
import { AddButton, Loaded, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { statuses as bases } from "@/lib/status-choices";
import { tell } from "@/lib/tell";
import { StatusDialog } from "./status-dialog";

/** What the system adds by itself, below the status that shows it. */
const automatic: Partial<Record<Status, SubStatus[]>> = {
  available: ["idle", "under_capacity"],
  busy: ["full_capacity"],
};

/** The statuses of the account: the four that are always there, what the system adds, and one's own. */
export function StatusesPage() {
  const { api, client } = useBackend();
  const statuses = useQuery(queries.statuses(api));
  const agents = useQuery(queries.agents(api)).data?.items ?? [];
  const [edited, setEdited] = useState<CustomStatus | "new">();
  const [deleted, setDeleted] = useState<CustomStatus>();

  const refresh = () => client.invalidateQueries({ queryKey: keys.statuses });
  const saved = (text: string) => {
    setEdited(undefined);
    setDeleted(undefined);
    void refresh();
    toast(text);
  };

  /** Puts a status one place up or down among those of its base, which then are numbered anew. */
  async function move(status: CustomStatus, step: Step): Promise<void> {
    const held = statuses.data?.items ?? [];
    const before = customsOf(held, status.base);
    const order = moved(before, before.findIndex((one) => one.id === status.id), step);
    // Position numbers count through all bases, so that each keeps its place in the menu.
    const all = bases.flatMap((base) => (base === status.base ? order : customsOf(held, base)));
    client.setQueryData(keys.statuses, { items: all.map((one, n) => ({ ...one, position: n + 1 })) });
    try {
      for (const [n, one] of all.entries()) if (one.position !== n + 1) await api.statuses.change(one.id, { position: n + 1 });
    } catch (error) {
      tell(error);
      await refresh();
    }
  }

  return (
    <Page
      title={t("Statuses")}
      lead={t("What agents can say about themselves. A status of your own counts as Available, Busy or Away: only Available brings new conversations.")}
      actions={
        <AddButton
          onClick={() => {
            setEdited("new");
          }}
        >
          {t("New status")}
        </AddButton>
      }
    >
      <Loaded query={statuses} what={t("the statuses")}>
        {({ items }) => (
          <Table label={t("Statuses")}>
            <thead>
              <tr>
                <Th>{t("Status")}</Th>
                <Th>{t("Meaning")}</Th>
                <Th className="text-end">{t("Agents now")}</Th>
                <ActionsTh />
              </tr>
            </thead>
            <tbody>
              {bases.map((base) => (
                <Fragment key={base}>
                  <Tr className="bg-canvas hover:bg-canvas">
                    <Td className="h-9 font-semibold whitespace-nowrap">
                      <span className="flex items-center gap-2.5">
                        <Dot status={base} />
                        {statusNames[base]}
                      </span>
                    </Td>
                    <Td className="h-9 text-ink-muted">{statusHelp[base]}</Td>
                    <Td className="h-9 text-end tabular-nums">{plain(agents, base, items)}</Td>
                    <Td className="h-9" />
                  </Tr>
                  {(automatic[base] ?? []).map((sub) => (
                    <Tr key={sub}>
                      <Td className="h-9 ps-8 whitespace-nowrap text-ink-muted">
                        <span className="flex items-center gap-2">
                          {subNames[sub]}
                          <Badge>{t("Automatic")}</Badge>
                        </span>
                      </Td>
                      <Td className="h-9 text-ink-muted">{subHelp[sub]}</Td>
                      <Td className="h-9" />
                      <Td className="h-9" />
                    </Tr>
                  ))}
                  {customsOf(items, base).map((status, n, all) => (
                    <Tr key={status.id}>
                      <Td className="ps-8 font-medium whitespace-nowrap">
                        <span className="flex items-center gap-2.5">
                          <Dot status={base} color={status.color} className="size-2.5" />
                          {status.name}
                        </span>
                      </Td>
                      <Td className="text-ink-muted">{t("Counts as {{status}}", { status: statusNames[base] })}</Td>
                      <Td className="text-end tabular-nums">{agents.filter((agent) => counts(agent) && agent.connected && agent.custom_status_id === status.id).length}</Td>
                      <Td className="w-10">
                        <ActionsMenu name={status.name}>
                          <EditItem
                            onSelect={() => {
                              setEdited(status);
                            }}
                          />
                          <MenuItem disabled={n === 0} onSelect={() => void move(status, -1)}>
                            <ArrowUp aria-hidden />
                            {t("Move up")}
                          </MenuItem>
                          <MenuItem disabled={n === all.length - 1} onSelect={() => void move(status, 1)}>
                            <ArrowDown aria-hidden />
                            {t("Move down")}
                          </MenuItem>
                          <MenuLine />
                          <DeleteItem
                            onSelect={() => {
                              setDeleted(status);
                            }}
                          />
                        </ActionsMenu>
                      </Td>
                    </Tr>
                  ))}
                </Fragment>
              ))}
            </tbody>
          </Table>
        )}
      </Loaded>
      {edited ? (
        <StatusDialog
          status={edited === "new" ? undefined : edited}
          last={statuses.data?.items.length ?? 0}
          onClose={() => {
            setEdited(undefined);
          }}
          onSaved={(name) => {
            saved(t("{{name}} saved", { name }));
          }}
        />
      ) : null}
      {deleted ? (
        <DeleteDialog
          name={deleted.name}
          remove={() => api.statuses.remove(deleted.id)}
          onClose={() => {
            setDeleted(undefined);
          }}
          onDeleted={() => {
            saved(t("{{name}} deleted", { name: deleted.name }));
          }}
        >
          {t("Who has it now becomes {{status}}. Reports keep its name.", { status: statusNames[deleted.base] })}
        </DeleteDialog>
      ) : null}
    </Page>
  );
}

function counts(agent: AgentView): boolean {
  return agent.enabled && !agent.invited;
}

/** Agents who are shown as the base itself: who has no room as busy. */
function plain(agents: AgentView[], base: Status, customs: CustomStatus[]): number {
  return agents.filter((agent) => {
    if (!counts(agent)) return false;
    const custom = customs.some((one) => one.id === agent.custom_status_id);
    const shown = shownStatus(agent, customs).base;
    return shown === base && (!custom || base === "offline");
  }).length;
}
