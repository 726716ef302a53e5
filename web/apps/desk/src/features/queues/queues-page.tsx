import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { QueueView, ReplyTimer } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { minutesText, strategyNames } from "@rapport/core/format";
import { openingAt, openingText, weekdayName } from "@rapport/core/hours";
import { t } from "@rapport/i18n";
import { Badge } from "@rapport/ui/marks";
import { MenuLine } from "@rapport/ui/menu";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { toast } from "@rapport/ui/toast";
import { ActionsMenu, ActionsTh, DeleteItem, EditItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { DeleteDialog } from "@/lib/confirm-dialog";
import { useMe } from "@/lib/me";
import { useNow } from "@/lib/now";
import { AddButton, Loaded, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { QueueDialog } from "./queue-dialog";

export function QueuesPage() {
  const { api, client } = useBackend();
  const queues = useQuery(queries.queues(api));
  const { settings } = useMe();
  const now = useNow();
  const [edited, setEdited] = useState<QueueView | "new">();
  const [deleted, setDeleted] = useState<QueueView>();

  function saved(text: string): void {
    setEdited(undefined);
    setDeleted(undefined);
    void client.invalidateQueries({ queryKey: keys.queues });
    void client.invalidateQueries({ queryKey: keys.agents });
    void client.invalidateQueries({ queryKey: keys.me });
    toast(text);
  }

  return (
    <Page
      title={t("Queues")}
      wide
      lead={t("A queue is a waiting line with the agents who serve it and the rule by which one of them is chosen.")}
      actions={
        <AddButton
          onClick={() => {
            setEdited("new");
          }}
        >
          {t("New queue")}
        </AddButton>
      }
    >
      <Loaded query={queues} what={t("the queues")}>
        {({ items }) => (
          <Table label={t("Queues")} stacked>
            <thead>
              <tr>
                <Th>{t("Queue")}</Th>
                <Th>{t("Chooses")}</Th>
                <Th>{t("Hours")}</Th>
                <Th>{t("Reply within")}</Th>
                <Th>{t("Sticky sessions")}</Th>
                <Th className="text-end">{t("Members")}</Th>
                <Th className="text-end">{t("Available")}</Th>
                <Th className="text-end">{t("Waiting")}</Th>
                <ActionsTh />
              </tr>
            </thead>
            <tbody>
              {items.map((queue) => (
                <Tr key={queue.id}>
                  <Td className="font-medium">
                    <span className="flex items-center gap-2 whitespace-nowrap">
                      {queue.name}
                      {queue.default ? <Badge>{t("Default")}</Badge> : null}
                    </span>
                  </Td>
                  <Td label={t("Chooses")} className="text-ink-muted">
                    {strategyNames[queue.strategy]}
                  </Td>
                  <Td label={t("Hours")} className="whitespace-nowrap">
                    <OpenText queue={queue} now={now} />
                  </Td>
                  <Td label={t("Reply within")} className="whitespace-nowrap text-ink-muted">
                    {replyText(queue, settings.reply_timer)}
                  </Td>
                  <Td label={t("Sticky sessions")} className="text-ink-muted">
                    {stickyText(queue)}
                  </Td>
                  <Td label={t("Members")} className="text-end tabular-nums">
                    {queue.members.length}
                  </Td>
                  <Td label={t("Available")} className="text-end tabular-nums">
                    {queue.available}
                  </Td>
                  <Td label={t("Waiting")} className="text-end tabular-nums">
                    {queue.waiting}
                  </Td>
                  <Td corner className="w-10">
                    <ActionsMenu name={queue.name}>
                      <EditItem
                        onSelect={() => {
                          setEdited(queue);
                        }}
                      />
                      <MenuLine />
                      <DeleteItem
                        disabled={queue.default}
                        why={queue.default ? t("The default queue collects what nothing else matched and stays.") : undefined}
                        onSelect={() => {
                          setDeleted(queue);
                        }}
                      />
                    </ActionsMenu>
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        )}
      </Loaded>
      {edited ? (
        <QueueDialog
          queue={edited === "new" ? undefined : edited}
          queues={queues.data?.items ?? []}
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
          remove={() => api.queues.remove(deleted.id)}
          onClose={() => {
            setDeleted(undefined);
          }}
          onDeleted={() => {
            saved(t("{{name}} deleted", { name: deleted.name }));
          }}
        >
          {t("Its conversations move to the default queue. Inboxes that point at it point there too.")}
        </DeleteDialog>
      ) : null}
    </Page>
  );
}

/** Open or closed right now; when that changes is the hint. */
function OpenText({ queue: { hours }, now }: { queue: QueueView; now: number }) {
  if (!hours) return <span className="text-ink-muted">{t("Always open")}</span>;
  const opening = openingAt(hours, now);
  return (
    <span title={openingText(opening)}>
      <Badge tone={opening.open ? "positive" : "neutral"}>{opening.open ? t("Open") : t("Closed")}</Badge>
      {opening.until ? (
        <span className="ms-1.5 text-ink-muted">
          {t("until {{time}}", {
            time: opening.until.days > 0 ? `${weekdayName(opening.until.day, "short")} ${opening.until.time}` : opening.until.time,
          })}
        </span>
      ) : null}
    </span>
  );
}

function replyText(queue: QueueView, account: ReplyTimer): string {
  const timer = queue.reply_timer ?? account;
  if (!timer.enabled) return "–";
  const time = minutesText(timer.minutes);
  return queue.reply_timer ? time : t("{{time}} (account)", { time });
}

function stickyText({ sticky }: QueueView): string {
  if (!sticky) return t("As the account");
  if (!sticky.enabled) return t("Off");
  const days = t("{{count}} days", { count: sticky.days });
  return sticky.mode === "strict" && sticky.availability_check ? t("{{days}}, waits for the own agent", { days }) : days;
}
