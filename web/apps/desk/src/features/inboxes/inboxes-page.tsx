import { useQuery } from "@tanstack/react-query";
import { Code, Eye, Globe, KeyRound, MessageSquare, Pencil, Waypoints } from "lucide-react";
import { useState } from "react";
import type { Channel, InboxView } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { CopyButton } from "@rapport/ui/copy";
import { Badge, Empty } from "@rapport/ui/marks";
import { MenuItem, MenuLine } from "@rapport/ui/menu";
import { toast } from "@rapport/ui/toast";
import { ActionsMenu, DeleteItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { DeleteDialog } from "@/lib/confirm-dialog";
import { isShownNowhere, NoWebsite } from "@/lib/no-website";
import { OnceDialog } from "@/lib/once-dialog";
import { isMade } from "@/lib/option-fields";
import { AddButton, Loaded, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { ReplaceSecretDialog, secretOf } from "@/lib/replace-secret-dialog";
import { InboxDialog } from "./inbox-dialog";
import { WidgetPreview } from "./widget-preview";

const icons: Record<string, typeof Globe> = { web: Globe, api: Code };

interface Secrets {
  title: string;
  values: { label: string; value: string }[];
}

export function InboxesPage() {
  const { api, client } = useBackend();
  const inboxes = useQuery(queries.inboxes(api));
  const channels = useQuery(queries.channels(api)).data?.items ?? [];
  const [edited, setEdited] = useState<InboxView | "new">();
  const [deleted, setDeleted] = useState<InboxView>();
  const [previewed, setPreviewed] = useState<InboxView>();
  const [rotated, setRotated] = useState<{ inbox: InboxView; name: string; label: string }>();
  const [secrets, setSecrets] = useState<Secrets>();

  const refresh = () => client.invalidateQueries({ queryKey: keys.inboxes });
  const labelOf = (channel: string, name: string) =>
    channels.find((one) => one.kind === channel)?.options.find((option) => option.name === name)?.label ?? name.replaceAll("_", " ");

  const add = (
    <AddButton
      disabled={channels.length === 0}
      onClick={() => {
        setEdited("new");
      }}
    >
      {t("New inbox")}
    </AddButton>
  );

  return (
    <Page title={t("Inboxes")} lead={t("Where customers reach you: a chat on a website, a system that sends messages.")} actions={add}>
      <Loaded query={inboxes} what={t("the inboxes")}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={<Waypoints />} title={t("No inbox yet")} action={add}>
              {t("Create one for your website and copy the line that shows the chat there.")}
            </Empty>
          ) : (
            <ul className="grid grid-cols-1 gap-4">
              {items.map((inbox) => (
                <li key={inbox.id}>
                  <InboxCard
                    inbox={inbox}
                    channel={channels.find((one) => one.kind === inbox.channel)}
                    onEdit={() => {
                      setEdited(inbox);
                    }}
                    onPreview={() => {
                      setPreviewed(inbox);
                    }}
                    onDelete={() => {
                      setDeleted(inbox);
                    }}
                    onRotate={(name, label) => {
                      setRotated({ inbox, name, label });
                    }}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {edited ? (
        <InboxDialog
          inbox={edited === "new" ? undefined : edited}
          channels={channels}
          onClose={() => {
            setEdited(undefined);
          }}
          onSaved={(inbox, made) => {
            setEdited(undefined);
            void refresh();
            const values = Object.entries(made).map(([name, value]) => ({ label: labelOf(inbox.channel, name), value }));
            if (values.length > 0) setSecrets({ title: t("Secrets of {{name}}", { name: inbox.name }), values });
            else toast(t("{{name}} saved", { name: inbox.name }));
          }}
        />
      ) : null}
      {secrets ? (
        <OnceDialog
          title={secrets.title}
          description={t("Copy them now. They are shown this once; afterwards you can only replace them.")}
          values={secrets.values}
          onClose={() => {
            setSecrets(undefined);
          }}
        />
      ) : null}
      {previewed ? (
        <WidgetPreview
          id={previewed.id}
          name={previewed.name}
          onClose={() => {
            setPreviewed(undefined);
          }}
        />
      ) : null}
      {rotated ? (
        <ReplaceSecretDialog
          label={rotated.label}
          words={secretOf(rotated.inbox.name, rotated.label)}
          rotate={() => api.inboxes.rotate(rotated.inbox.id, rotated.name)}
          onClose={() => {
            setRotated(undefined);
          }}
        />
      ) : null}
      {deleted ? (
        <DeleteDialog
          name={deleted.name}
          remove={() => api.inboxes.remove(deleted.id)}
          onClose={() => {
            setDeleted(undefined);
          }}
          onDeleted={() => {
            setDeleted(undefined);
            void refresh();
            toast(t("{{name}} deleted", { name: deleted.name }));
          }}
        >
          {t("Customers cannot reach you through it any more. Its conversations stay. To stop it for a while, disable it instead.")}
        </DeleteDialog>
      ) : null}
    </Page>
  );
}

function InboxCard({
  inbox,
  channel,
  onEdit,
  onPreview,
  onDelete,
  onRotate,
}: {
  inbox: InboxView;
  channel: Channel | undefined;
  onEdit: () => void;
  onPreview: () => void;
  onDelete: () => void;
  onRotate: (name: string, label: string) => void;
}) {
  const { api } = useBackend();
  const queue = useQuery(queries.queues(api)).data?.items.find((one) => one.id === inbox.queue_id);
  const bot = useQuery(queries.bots(api)).data?.items.find((one) => one.id === inbox.bot_id);
  const Icon = icons[inbox.channel] ?? MessageSquare;
  const text = inbox.snippet || inbox.endpoint;
  const secrets = channel?.options.filter(isMade) ?? [];
  return (
    <section aria-label={inbox.name} className="rounded-lg border border-line bg-surface">
      <header className="flex flex-wrap items-center gap-3 px-4 py-3">
        <span aria-hidden className="inline-flex size-8 items-center justify-center rounded-md bg-hover text-ink-muted">
          <Icon className="size-4" />
        </span>
        <div className="min-w-40 flex-1">
          <h2 className="flex items-center gap-2 text-md font-semibold">
            {inbox.name}
            {inbox.enabled ? null : <Badge tone="danger">{t("Disabled")}</Badge>}
          </h2>
          <p className="text-xs text-ink-muted">
            {channel?.name ?? inbox.channel} · {queue?.name ?? t("Default queue")}
            {bot ? t(" · {{name}} answers first", { name: bot.name }) : ""}
          </p>
        </div>
        <div className="flex items-center gap-3">
          {inbox.channel === "web" ? (
            <Button size="sm" onClick={onPreview}>
              <Eye aria-hidden />
              {t("Preview")}
            </Button>
          ) : null}
          <Button size="sm" onClick={onEdit}>
            <Pencil aria-hidden />
            {t("Edit")}
          </Button>
          <ActionsMenu name={inbox.name}>
            {secrets.map((option) => (
              <MenuItem
                key={option.name}
                onSelect={() => {
                  onRotate(option.name, option.label);
                }}
              >
                <KeyRound aria-hidden />
                {t("Replace {{label}}", { label: option.label.toLowerCase() })}
              </MenuItem>
            ))}
            {secrets.length > 0 ? <MenuLine /> : null}
            <DeleteItem onSelect={onDelete} />
          </ActionsMenu>
        </div>
      </header>
      {isShownNowhere(inbox) ? (
        <NoWebsite className="border-t border-line bg-warning-soft px-4 py-2">
          <Button variant="link" size="text" onClick={onEdit}>
            {t("Add a website")}
          </Button>
        </NoWebsite>
      ) : null}
      {text ? (
        <div className="border-t border-line px-4 py-3">
          <p className="mb-1.5 text-xs text-ink-muted">
            {inbox.snippet ? t("Put this line before the end of each page that shows the chat.") : t("Messages are posted to this address.")}
          </p>
          <div className="flex items-start gap-2 rounded-md border border-line bg-canvas py-1 pe-1 ps-3">
            <pre tabIndex={0} aria-label={t("Snippet")} className="min-w-0 flex-1 overflow-x-auto py-1.5 font-mono text-xs">
              {text}
            </pre>
            <CopyButton text={text} label={t("Copy snippet")} />
          </div>
        </div>
      ) : null}
    </section>
  );
}
