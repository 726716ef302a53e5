import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bot, BrainCircuit, KeyRound, MessageCircleQuestion, Webhook, Workflow } from "lucide-react";
import { useState } from "react";
import type { BotKind, BotView } from "@rapport/core/api/bots";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Badge, Empty } from "@rapport/ui/marks";
import { MenuItem, MenuLine } from "@rapport/ui/menu";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { toast } from "@rapport/ui/toast";
import { ActionsMenu, ActionsTh, DeleteItem, EditItem, EnabledItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { DeleteDialog } from "@/lib/confirm-dialog";
import { OnceDialog } from "@/lib/once-dialog";
import { isMade } from "@/lib/option-fields";
import { AddButton, Loaded, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { ReplaceSecretDialog, secretOf } from "@/lib/replace-secret-dialog";
import { tell } from "@/lib/tell";
import { BotDialog } from "./bot-dialog";
import { TryDialog } from "./try-dialog";

const icons: Record<string, typeof Bot> = { webhook: Webhook, openai: BrainCircuit, flow: Workflow };

interface Secrets {
  title: string;
  values: { label: string; value: string }[];
}

export function BotsPage() {
  const { api, client } = useBackend();
  const bots = useQuery(queries.bots(api));
  // All chatbots is live, so what each of them holds is counted there.
  const talks = useInfiniteQuery(queries.list(api, { view: "chatbots" }));
  const kinds = useQuery(queries.botKinds(api)).data?.items ?? [];
  const [edited, setEdited] = useState<BotView | "new">();
  const [tried, setTried] = useState<BotView>();
  const [deleted, setDeleted] = useState<BotView>();
  const [rotated, setRotated] = useState<{ bot: BotView; name: string; label: string }>();
  const [secrets, setSecrets] = useState<Secrets>();

  const refresh = () => client.invalidateQueries({ queryKey: keys.bots });
  const more = talks.hasNextPage;
  const heldBy = (bot: BotView) => talks.data?.pages.flatMap((page) => page.items).filter((c) => c.bot_id === bot.id).length ?? 0;
  const kindOf = (bot: BotView) => kinds.find((one) => one.kind === bot.kind);

  const add = (
    <AddButton
      disabled={kinds.length === 0}
      onClick={() => {
        setEdited("new");
      }}
    >
      {t("New bot")}
    </AddButton>
  );

  return (
    <Page
      title={t("Bots")}
      lead={t("Software that answers customers and hands over to people. Let one answer first in an inbox, or give it single conversations.")}
      actions={add}
    >
      <Loaded query={bots} what={t("the bots")}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={<Bot />} title={t("No bot yet")} action={add}>
              {t("Connect one of your own by webhook, a language model, or a flow of your workflows.")}
            </Empty>
          ) : (
            <Table label={t("Bots")}>
              <thead>
                <tr>
                  <Th>{t("Bot")}</Th>
                  <Th>{t("Kind")}</Th>
                  <Th>{t("Status")}</Th>
                  <Th>{t("Time-out")}</Th>
                  <Th className="text-end">{t("Holds")}</Th>
                  <ActionsTh />
                </tr>
              </thead>
              <tbody>
                {items.map((bot) => (
                  <BotRow
                    key={bot.id}
                    bot={bot}
                    kind={kindOf(bot)}
                    holds={heldBy(bot)}
                    more={more}
                    onEdit={() => {
                      setEdited(bot);
                    }}
                    onTry={() => {
                      setTried(bot);
                    }}
                    onRotate={(name, label) => {
                      setRotated({ bot, name, label });
                    }}
                    onEnabled={(enabled) => {
                      api.bots
                        .change(bot.id, { enabled })
                        .then(() => {
                          void refresh();
                          toast(enabled ? t("{{name}} answers again", { name: bot.name }) : t("{{name}} is switched off", { name: bot.name }));
                        })
                        .catch(tell);
                    }}
                    onDelete={() => {
                      setDeleted(bot);
                    }}
                  />
                ))}
              </tbody>
            </Table>
          )
        }
      </Loaded>
      {edited ? (
        <BotDialog
          bot={edited === "new" ? undefined : edited}
          kinds={kinds}
          onClose={() => {
            setEdited(undefined);
          }}
          onSaved={(bot, made) => {
            setEdited(undefined);
            void refresh();
            const label = (name: string) => kindOf(bot)?.options.find((option) => option.name === name)?.label ?? name.replaceAll("_", " ");
            const values = Object.entries(made).map(([name, value]) => ({ label: label(name), value }));
            if (values.length > 0) setSecrets({ title: t("Secrets of {{name}}", { name: bot.name }), values });
            else toast(t("{{name}} saved", { name: bot.name }));
          }}
        />
      ) : null}
      {tried ? (
        <TryDialog
          bot={tried}
          onClose={() => {
            setTried(undefined);
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
      {rotated ? (
        <ReplaceSecretDialog
          label={rotated.label}
          words={secretOf(rotated.bot.name, rotated.label)}
          rotate={() => api.bots.rotate(rotated.bot.id, rotated.name)}
          onClose={() => {
            setRotated(undefined);
          }}
        />
      ) : null}
      {deleted ? (
        <DeleteDialog
          name={deleted.name}
          remove={() => api.bots.remove(deleted.id)}
          onClose={() => {
            setDeleted(undefined);
          }}
          onDeleted={() => {
            setDeleted(undefined);
            void refresh();
            toast(t("{{name}} deleted", { name: deleted.name }));
          }}
        >
          {t("{{held}} What it wrote stays. To stop it for a while, switch it off instead.", { held: held(heldBy(deleted), more) })}
        </DeleteDialog>
      ) : null}
    </Page>
  );
}

function held(count: number, more: boolean): string {
  if (more) return t("The conversations that it holds are handed off to people.");
  if (count === 0) return t("It holds no conversation now.");
  return t("The {{count}} conversations that it holds are handed off to people.", { count });
}

function BotRow({
  bot,
  kind,
  holds,
  more,
  onEdit,
  onTry,
  onRotate,
  onEnabled,
  onDelete,
}: {
  bot: BotView;
  kind: BotKind | undefined;
  holds: number;
  /** There are more conversations than were counted. */
  more: boolean;
  onEdit: () => void;
  onTry: () => void;
  onRotate: (name: string, label: string) => void;
  onEnabled: (enabled: boolean) => void;
  onDelete: () => void;
}) {
  const Icon = icons[bot.kind] ?? Bot;
  const secrets = kind?.options.filter(isMade) ?? [];
  return (
    <Tr>
      <Td>
        <span className="flex items-center gap-2.5">
          <span aria-hidden className="inline-flex size-7 shrink-0 items-center justify-center rounded-md bg-machine text-machine-ink">
            <Icon className="size-4" />
          </span>
          <span className="min-w-24 font-medium">{bot.name}</span>
        </span>
      </Td>
      <Td className="whitespace-nowrap text-ink-muted">{kind?.name ?? bot.kind}</Td>
      <Td>
        <Badge tone={bot.enabled ? "positive" : "neutral"}>{bot.enabled ? t("On") : t("Off")}</Badge>
      </Td>
      <Td className="whitespace-nowrap text-ink-muted tabular-nums">{bot.timeout_seconds} s</Td>
      <Td className="text-end tabular-nums">
        {holds > 0 ? (
          <Link to="/$view" params={{ view: "chatbots" }} search={{}} aria-label={t("{{holds}} held by {{name}}", { holds, name: bot.name })} className="text-accent hover:underline">
            {holds}
            {more ? "+" : ""}
          </Link>
        ) : (
          <span className="text-ink-faint">0</span>
        )}
      </Td>
      <Td className="w-px">
        <span className="flex justify-end gap-1.5">
          <Button size="sm" onClick={onTry} disabled={kind?.caps.turns === false} title={kind?.caps.turns === false ? t("It is tried in its workflow.") : undefined}>
            <MessageCircleQuestion aria-hidden />
            {t("Try it")}
          </Button>
          <ActionsMenu name={bot.name}>
            <EditItem onSelect={onEdit} />
            <EnabledItem enabled={bot.enabled} onChange={onEnabled} />
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
            <MenuLine />
            <DeleteItem onSelect={onDelete} />
          </ActionsMenu>
        </span>
      </Td>
    </Tr>
  );
}
