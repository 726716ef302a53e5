import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AlarmClock, AtSign, BellOff, Bot, MailWarning, MessageSquareText, TriangleAlert, Undo2, UserRoundCheck, X } from "lucide-react";
import { Dialog as RadixDialog } from "radix-ui";
import { type KeyboardEvent, useEffect, useState } from "react";
import type { Notification, NotificationKind } from "@rapport/core/api/bots";
import { applyRead } from "@rapport/core/apply";
import { ago, dateTime, notificationNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { focusBack } from "@rapport/ui/focus";
import { Empty } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { closeDialog, desk } from "@/lib/desk-state";
import { useNow } from "@/lib/now";
import { Loaded } from "@/lib/page";
import { queries } from "@/lib/queries";
import { canNotify } from "./alarm";

const looks: Record<NotificationKind, { Icon: typeof Bot; className: string }> = {
  assigned: { Icon: UserRoundCheck, className: "bg-accent-soft text-accent-strong" },
  comment: { Icon: MessageSquareText, className: "bg-note text-note-ink" },
  handoff: { Icon: Bot, className: "bg-machine text-machine-ink" },
  escalated: { Icon: TriangleAlert, className: "bg-danger-soft text-danger" },
  lost: { Icon: Undo2, className: "bg-hover text-ink-muted" },
  mention: { Icon: AtSign, className: "bg-note text-note-ink" },
  woke: { Icon: AlarmClock, className: "bg-accent-soft text-accent-strong" },
  send_failed: { Icon: MailWarning, className: "bg-danger-soft text-danger" },
};

/** What the agent was told, the latest first. Whoever looks at it has read it. */
export function NotificationPanel({ open: openId }: { open: string | undefined }) {
  return (
    <RadixDialog.Root
      open
      onOpenChange={(next) => {
        if (!next) closeDialog();
      }}
    >
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-40 max-lg:bg-scrim" />
        <RadixDialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            const first = (event.currentTarget as HTMLElement).querySelector<HTMLElement>("ul a");
            if (!first) return;
            event.preventDefault();
            first.focus();
          }}
          onCloseAutoFocus={focusBack}
          className="fixed inset-x-3 top-3 z-50 flex max-h-[82dvh] flex-col overflow-hidden rounded-xl border border-line-strong bg-raised shadow-pop data-[state=open]:animate-enter sm:start-auto sm:w-100 lg:top-11 lg:end-auto lg:start-3"
        >
          <header className="flex items-center gap-2 border-b border-line py-2 pe-2 ps-4">
            <RadixDialog.Title className="flex-1 text-md font-semibold">{t("Notifications")}</RadixDialog.Title>
            <RadixDialog.Close asChild>
              <Button variant="ghost" size="icon-sm" aria-label={t("Close notifications")}>
                <X />
              </Button>
            </RadixDialog.Close>
          </header>
          <AskPermission />
          <div className="min-h-0 overflow-y-auto overscroll-contain" onKeyDown={walk}>
            <Told openId={openId} />
          </div>
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** Asks for the browser's permission where its use is plain to see, and never by itself (S3-01). */
function AskPermission() {
  const [permission, setPermission] = useState(canNotify() ? globalThis.Notification.permission : "denied");
  if (permission === "granted") return null;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-4 py-2 text-sm">
      <p className="min-w-40 flex-1">
        {permission === "default" ? t("Be told while you look elsewhere, too?") : t("This browser shows no notifications of the desk.")}
      </p>
      {permission === "default" ? (
        <Button
          size="sm"
          variant="primary"
          onClick={() => {
            void globalThis.Notification.requestPermission().then(setPermission);
          }}
        >
          {t("Allow notifications")}
        </Button>
      ) : null}
      <Button asChild size="sm" variant="ghost">
        <Link to="/settings/notifications" onClick={closeDialog}>
          {t("Test notifications")}
        </Link>
      </Button>
    </div>
  );
}

function Told({ openId }: { openId: string | undefined }) {
  const { api, cache, client } = useBackend();
  const now = useNow();
  const told = useQuery(queries.notifications(api));
  const items = told.data?.items;
  const newest = items?.find((one) => !one.read_at)?.at;
  // What was unread when the panel opened stays marked until it closes.
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  if (items?.some((one) => !one.read_at && !fresh.has(one.id))) {
    setFresh(new Set([...fresh, ...items.filter((one) => !one.read_at).map((one) => one.id)]));
  }
  useEffect(() => {
    if (newest === undefined) return;
    applyRead(cache, newest, new Date().toISOString());
    api.notifications.read(newest).catch(() => client.invalidateQueries(queries.notifications(api)));
  }, [api, cache, client, newest]);
  return (
    <Loaded query={told} what={t("the notifications")}>
      {(data) =>
        data.items.length > 0 ? (
          <ul aria-label={t("Notifications")} className="py-1">
            {data.items.map((one) => (
              <li key={one.id}>
                <Entry told={one} fresh={fresh.has(one.id)} now={now} current={one.conversation_id === openId} />
              </li>
            ))}
          </ul>
        ) : (
          <Empty icon={<BellOff />} title={t("Nothing yet")} className="py-10">
            {t("You are told when a conversation comes to you, a bot hands one off, or a colleague’s rule writes you a note.")}
          </Empty>
        )
      }
    </Loaded>
  );
}

function Entry({ told, fresh, now, current }: { told: Notification; fresh: boolean; now: number; current: boolean }) {
  const { Icon, className } = looks[told.kind];
  const content = (
    <>
      <span aria-hidden className={cn("mt-0.5 inline-flex size-7 shrink-0 items-center justify-center rounded-md", className)}>
        <Icon className="size-4" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2 text-2xs text-ink-muted">
          <span className={cn("flex-1", told.kind === "escalated" && "font-medium text-danger")}>{notificationNames[told.kind]}</span>
          <time dateTime={told.at} title={dateTime(told.at)} className="tabular-nums">
            {ago(told.at, now)}
          </time>
        </span>
        <span className={cn("line-clamp-3 text-sm break-words", fresh && "font-medium")}>
          {told.text}
          {fresh ? <span className="sr-only">{t(", new")}</span> : null}
        </span>
      </span>
      <span aria-hidden className={cn("mt-2 size-1.5 shrink-0 rounded-full", fresh && "bg-accent")} />
    </>
  );
  const look = "flex gap-2.5 px-4 py-2 outline-offset-[-2px]";
  if (!told.conversation_id) return <div className={look}>{content}</div>;
  return (
    <Link
      to="/$view/$conversationId"
      params={{ view: told.kind === "assigned" || told.kind === "woke" || told.kind === "handoff" ? "mine" : "all", conversationId: told.conversation_id }}
      search={{}}
      onClick={() => {
        closeDialog();
        if (told.seq && told.conversation_id) desk.set({ jump: { conversation: told.conversation_id, seq: told.seq } });
      }}
      aria-current={current ? "true" : undefined}
      className={cn(look, "hover:bg-hover")}
    >
      {content}
    </Link>
  );
}

/** The arrow keys, and j and k, go from one to the next. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (!step) return;
  const links = [...event.currentTarget.querySelectorAll("a")];
  const at = links.findIndex((one) => one === document.activeElement);
  event.preventDefault();
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
}
