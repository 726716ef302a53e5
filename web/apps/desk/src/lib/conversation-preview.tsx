import { useQuery } from "@tanstack/react-query";
import type { Summary } from "@rapport/core/api/types";
import { dateTime, stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { MessageList } from "@rapport/thread/message-list";
import { Dialog } from "@rapport/ui/dialog";
import { useBackend } from "./backend";
import { useNow } from "./now";
import { Loaded } from "./page";
import { queries } from "./queries";

const nothing = () => undefined;

/** Another conversation, to read only, above the open one. */
export function ConversationPreview({ conversation: c, onClose }: { conversation: Summary; onClose: () => void }) {
  const { api } = useBackend();
  const now = useNow();
  const thread = useQuery(queries.thread(api, c.id));
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title={`${c.contact_name}, ${dateTime(c.opened_at)}`}
      description={`${stateNames[c.state]} · ${c.queue_name} · ${c.assignee_name ?? t("Unassigned")}`}
    >
      <Loaded query={thread} what={t("the messages")}>
        {(data) => (
          <div className="-mx-5 -my-4 flex h-[56dvh]">
            <MessageList
              items={data.items}
              outgoing={[]}
              customerName={c.contact_name}
              now={now}
              more={false}
              loadingOlder={false}
              onOlder={nothing}
              onRetry={nothing}
              onDiscard={nothing}
            />
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}
