import { useQuery } from "@tanstack/react-query";
import type { Senders } from "@rapport/core/api/outbound";
import type { InboxView } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Checkbox } from "@rapport/ui/field";
import { Button } from "@rapport/ui/button";
import { useBackend } from "@/lib/backend";
import { Loaded } from "@/lib/page";
import { queries } from "@/lib/queries";

/** What a queue writes from: its senders, and the default one of each channel (S3-63…S3-67). */
export function SendersPart({ value, onChange, error }: { value: Senders; onChange: (value: Senders) => void; error: string | undefined }) {
  const { api } = useBackend();
  const inboxes = useQuery(queries.inboxes(api));
  const channels = useQuery(queries.channels(api)).data?.items ?? [];
  const senders = value.inboxes ?? [];
  const defaults = value.defaults ?? [];
  const nameOf = (kind: string) => channels.find((one) => one.kind === kind)?.name ?? kind;

  function setSender(inbox: InboxView, on: boolean): void {
    onChange({
      inboxes: on ? [...senders, inbox.id] : senders.filter((id) => id !== inbox.id),
      defaults: on ? defaults : defaults.filter((id) => id !== inbox.id),
    });
  }

  function setDefault(inbox: InboxView, all: readonly InboxView[], on: boolean): void {
    const others = defaults.filter((id) => id !== inbox.id && all.find((one) => one.id === id)?.channel !== inbox.channel);
    onChange({
      inboxes: on && senders.length > 0 && !senders.includes(inbox.id) ? [...senders, inbox.id] : senders,
      defaults: on ? [...others, inbox.id] : defaults.filter((id) => id !== inbox.id),
    });
  }

  return (
    <>
      <p className="text-sm text-ink-muted">
        {t("Conversations of this queue are answered only from its senders, and its agents begin new ones only from the default sender of each channel. While no queue has senders, every inbox may be used everywhere.")}
      </p>
      {error ? (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
      <Loaded query={inboxes} what={t("the inboxes")}>
        {({ items }) => (
          <div className="overflow-x-auto rounded-md border border-line">
            <table className="w-full text-sm">
              <thead>
                <tr className="border-b border-line text-start text-xs text-ink-muted">
                  <th scope="col" className="px-3 py-2 text-start font-medium">
                    {t("Inbox")}
                  </th>
                  <th scope="col" className="px-3 py-2 text-start font-medium">
                    {t("Sender")}
                  </th>
                  <th scope="col" className="px-3 py-2 text-start font-medium">
                    {t("Default")}
                  </th>
                </tr>
              </thead>
              <tbody className="divide-y divide-line">
                {items.map((inbox) => (
                  <tr key={inbox.id}>
                    <th scope="row" className="px-3 py-2 text-start font-normal">
                      <span className="block font-medium">{inbox.name}</span>
                      <span className="block text-xs text-ink-muted">
                        {nameOf(inbox.channel)}
                        {inbox.enabled ? "" : ` · ${t("switched off")}`}
                      </span>
                    </th>
                    <td className="px-3 py-2">
                      <Checkbox
                        aria-label={t("{{name}} is a sender", { name: inbox.name })}
                        checked={senders.includes(inbox.id)}
                        onCheckedChange={(on) => {
                          setSender(inbox, on === true);
                        }}
                      />
                    </td>
                    <td className="px-3 py-2">
                      <Checkbox
                        aria-label={t("{{name}} is the default sender of its channel", { name: inbox.name })}
                        checked={defaults.includes(inbox.id)}
                        onCheckedChange={(on) => {
                          setDefault(inbox, items, on === true);
                        }}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      {senders.length + defaults.length > 0 ? (
        <Button
          size="sm"
          className="justify-self-start"
          onClick={() => {
            onChange({});
          }}
        >
          {t("Remove all senders")}
        </Button>
      ) : null}
    </>
  );
}
