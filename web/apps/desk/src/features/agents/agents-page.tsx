import { useQuery } from "@tanstack/react-query";
import { Link2 } from "lucide-react";
import { useState } from "react";
import type { Agent, AgentView, Invitation, Role } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { duration } from "@rapport/core/format";
import { shownStatus } from "@rapport/core/presence";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Badge } from "@rapport/ui/marks";
import { MenuItem, MenuLine } from "@rapport/ui/menu";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { toast } from "@rapport/ui/toast";
import { ActionsMenu, ActionsTh, DeleteItem, EditItem, EnabledItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { DeleteDialog } from "@/lib/confirm-dialog";
import { useMe } from "@/lib/me";
import { useNow } from "@/lib/now";
import { OnceDialog } from "@/lib/once-dialog";
import { AddButton, Loaded, Page } from "@/lib/page";
import { PersonAvatar } from "@/lib/person";
import { queries } from "@/lib/queries";
import { useStatuses } from "@/lib/status-choices";
import { tell, tellUndoable } from "@/lib/tell";
import { AgentDialog } from "./agent-dialog";

const roleNames: Record<Role, string> = { agent: t("Agent"), supervisor: t("Supervisor"), admin: t("Admin") };

export function AgentsPage() {
  const { api, client } = useBackend();
  const agents = useQuery({ ...queries.agents(api), staleTime: 30_000 });
  const [edited, setEdited] = useState<AgentView | "new">();
  const [deleted, setDeleted] = useState<AgentView>();
  const [invite, setInvite] = useState<Invitation & { agent: Agent }>();

  function refresh(): void {
    void client.invalidateQueries({ queryKey: keys.agents });
    void client.invalidateQueries({ queryKey: keys.queues });
  }

  async function setEnabled(agent: AgentView, enabled: boolean): Promise<void> {
    await api.agents.change(agent.id, { enabled });
    refresh();
    tellUndoable(enabled ? t("{{name}} can work again", { name: agent.name }) : t("{{name}} is disabled", { name: agent.name }), () => setEnabled(agent, !enabled));
  }

  return (
    <Page
      title={t("Agents")}
      lead={t("The people of this desk: what they are trusted with, which queues they serve, and how much they hold at once.")}
      actions={
        <AddButton
          onClick={() => {
            setEdited("new");
          }}
        >
          {t("Invite agent")}
        </AddButton>
      }
    >
      <Loaded query={agents} what={t("the agents")}>
        {({ items }) => (
          <Table label={t("Agents")} stacked>
            <thead>
              <tr>
                <Th>{t("Agent")}</Th>
                <Th>{t("Role")}</Th>
                <Th>{t("Status")}</Th>
                <Th>{t("Queues")}</Th>
                <Th className="text-end">{t("Load")}</Th>
                <ActionsTh />
              </tr>
            </thead>
            <tbody>
              {items.map((agent) => (
                <AgentRow
                  key={agent.id}
                  agent={agent}
                  onEdit={() => {
                    setEdited(agent);
                  }}
                  onDelete={() => {
                    setDeleted(agent);
                  }}
                  onEnabled={(enabled) => {
                    setEnabled(agent, enabled).catch(tell);
                  }}
                  onInvite={() => {
                    api.agents
                      .inviteAgain(agent.id)
                      .then((made) => {
                        setInvite({ agent, ...made });
                      })
                      .catch(tell);
                  }}
                />
              ))}
            </tbody>
          </Table>
        )}
      </Loaded>
      {edited ? (
        <AgentDialog
          agent={edited === "new" ? undefined : edited}
          onClose={() => {
            setEdited(undefined);
          }}
          onSaved={(agent, invitation) => {
            setEdited(undefined);
            refresh();
            if (invitation) setInvite({ agent, ...invitation });
            else toast(t("{{name}} saved", { name: agent.name }));
          }}
        />
      ) : null}
      {invite ? (
        <OnceDialog
          title={invite.agent.invited ? t("Invitation for {{name}}", { name: invite.agent.name }) : t("New password for {{name}}", { name: invite.agent.name })}
          description={
            invite.mailed
              ? t("This link is on its way to {{email}}. You can also send it yourself. It works once; a new one makes it invalid.", { email: invite.agent.email })
              : t("Send this link yourself, by mail or chat. It works once; a new one makes it invalid.")
          }
          values={[{ label: t("Link"), value: invite.invite_url }]}
          onClose={() => {
            setInvite(undefined);
          }}
        />
      ) : null}
      {deleted ? (
        <DeleteDialog
          name={deleted.name}
          remove={() => api.agents.remove(deleted.id)}
          onClose={() => {
            setDeleted(undefined);
          }}
          onDeleted={() => {
            setDeleted(undefined);
            refresh();
            toast(t("{{name}} deleted", { name: deleted.name }));
          }}
        >
          {deleted.load > 0
            ? `${t("The {{count}} open conversations of {{name}} are given to other agents.", { count: deleted.load, name: deleted.name })} `
            : null}
          {t("What was written stays in the threads. To keep the account for later, disable it instead.")}
        </DeleteDialog>
      ) : null}
    </Page>
  );
}

function AgentRow({
  agent,
  onEdit,
  onDelete,
  onEnabled,
  onInvite,
}: {
  agent: AgentView;
  onEdit: () => void;
  onDelete: () => void;
  onEnabled: (enabled: boolean) => void;
  onInvite: () => void;
}) {
  const now = useNow();
  const own = useMe().agent.id === agent.id;
  const shown = shownStatus(agent, useStatuses());
  const queues = agent.queues.map((queue) => (queue.can_reply ? queue.name : t("{{name}} (looks only)", { name: queue.name })));
  return (
    <Tr>
      <Td>
        <span className={cn("flex items-center gap-2.5", !agent.enabled && "text-ink-muted")}>
          <PersonAvatar name={agent.name} size="lg" {...(agent.enabled && !agent.invited ? { status: shown.base, color: shown.color } : { status: "offline" })} />
          <span className="min-w-0">
            <span className="flex items-center gap-1.5 font-medium whitespace-nowrap">
              {agent.name}
              {own ? <span className="font-normal text-ink-muted">{t("(you)")}</span> : null}
            </span>
            <span className="block text-xs text-ink-muted">{agent.email}</span>
          </span>
        </span>
      </Td>
      <Td label={t("Role")}>{roleNames[agent.role]}</Td>
      <Td label={t("Status")} className="whitespace-nowrap">
        {!agent.enabled ? (
          <Badge tone="danger">{t("Disabled")}</Badge>
        ) : agent.invited ? (
          <Badge tone="accent">{t("Invited")}</Badge>
        ) : (
          <span className="text-ink-muted">
            {shown.name}
            {shown.sub ? ` · ${shown.sub}` : ""}
            {shown.base === "offline" && agent.seen_at ? t(", seen {{time}} ago", { time: duration(now - Date.parse(agent.seen_at)) }) : ""}
          </span>
        )}
      </Td>
      <Td label={t("Queues")} className="max-w-72 text-ink-muted">
        {queues.join(", ") || t("None")}
      </Td>
      <Td label={t("Load")} className="text-end whitespace-nowrap tabular-nums">
        {agent.load}/{agent.effective_capacity}
      </Td>
      <Td corner className="w-10">
        <ActionsMenu name={agent.name}>
          <EditItem onSelect={onEdit} />
          <MenuItem onSelect={onInvite}>
            <Link2 aria-hidden />
            {agent.invited ? t("New invitation link") : t("Link to set a new password")}
          </MenuItem>
          <EnabledItem enabled={agent.enabled} disabled={own} onChange={onEnabled} />
          <MenuLine />
          <DeleteItem disabled={own} onSelect={onDelete} />
        </ActionsMenu>
      </Td>
    </Tr>
  );
}
