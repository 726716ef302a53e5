import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { QueueView, ReplyTimer } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { minutesText, strategyNames } from "@rapport/core/format";
import { openingAt, openingText, weekdayName } from "@rapport/core/hours";
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
      title="Queues"
      wide
      lead="A queue is a waiting line with the agents who serve it and the rule by which one of them is chosen."
      actions={
        <AddButton
          onClick={() => {
            setEdited("new");
          }}
        >
          New queue
        </AddButton>
      }
    >
      <Loaded query={queues} what="the queues">
        {({ items }) => (
          <Table label="Queues">
            <thead>
              <tr>
                <Th>Queue</Th>
                <Th>Chooses</Th>
                <Th>Hours</Th>
                <Th>Reply within</Th>
                <Th>Sticky sessions</Th>
                <Th className="text-right">Members</Th>
                <Th className="text-right">Available</Th>
                <Th className="text-right">Waiting</Th>
                <ActionsTh />
              </tr>
            </thead>
            <tbody>
              {items.map((queue) => (
                <Tr key={queue.id}>
                  <Td className="font-medium">
                    <span className="flex items-center gap-2 whitespace-nowrap">
                      {queue.name}
                      {queue.default ? <Badge>Default</Badge> : null}
                    </span>
                  </Td>
                  <Td className="text-ink-muted">{strategyNames[queue.strategy]}</Td>
                  <Td className="whitespace-nowrap">
                    <OpenText queue={queue} now={now} />
                  </Td>
                  <Td className="whitespace-nowrap text-ink-muted">{replyText(queue, settings.reply_timer)}</Td>
                  <Td className="text-ink-muted">{stickyText(queue)}</Td>
                  <Td className="text-right tabular-nums">{queue.members.length}</Td>
                  <Td className="text-right tabular-nums">{queue.available}</Td>
                  <Td className="text-right tabular-nums">{queue.waiting}</Td>
                  <Td className="w-10">
                    <ActionsMenu name={queue.name}>
                      <EditItem
                        onSelect={() => {
                          setEdited(queue);
                        }}
                      />
                      <MenuLine />
                      <DeleteItem
                        disabled={queue.default}
                        why={queue.default ? "The default queue collects what nothing else matched and stays." : undefined}
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
            saved(`${name} saved`);
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
            saved(`${deleted.name} deleted`);
          }}
        >
          Its conversations move to the default queue. Inboxes that point at it point there too.
        </DeleteDialog>
      ) : null}
    </Page>
  );
}

/** Open or closed right now; when that changes is the hint. */
function OpenText({ queue: { hours }, now }: { queue: QueueView; now: number }) {
  if (!hours) return <span className="text-ink-muted">Always open</span>;
  const opening = openingAt(hours, now);
  return (
    <span title={openingText(opening)}>
      <Badge tone={opening.open ? "positive" : "neutral"}>{opening.open ? "Open" : "Closed"}</Badge>
      {opening.until ? (
        <span className="ml-1.5 text-ink-muted">
          until {opening.until.days > 0 ? `${weekdayName(opening.until.day, "short")} ` : ""}
          {opening.until.time}
        </span>
      ) : null}
    </span>
  );
}

function replyText(queue: QueueView, account: ReplyTimer): string {
  const timer = queue.reply_timer ?? account;
  if (!timer.enabled) return "–";
  return `${minutesText(timer.minutes)}${queue.reply_timer ? "" : " (account)"}`;
}

function stickyText({ sticky }: QueueView): string {
  if (!sticky) return "As the account";
  if (!sticky.enabled) return "Off";
  return `${sticky.days} ${sticky.days === 1 ? "day" : "days"}${sticky.mode === "strict" && sticky.availability_check ? ", waits for the own agent" : ""}`;
}
