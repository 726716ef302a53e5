import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AlarmClock, ArrowLeft, ArrowLeftRight, Bot, ChevronRight, Ellipsis, Hourglass, TriangleAlert } from "lucide-react";
import type { ConversationView, View } from "@rapport/core/api/types";
import { ago, clock, dateTime, priorityNames, stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Badge, Banner, type Tone } from "@rapport/ui/marks";
import { Menu, MenuLabel, MenuLine } from "@rapport/ui/menu";
import { useBackend } from "@/lib/backend";
import { Countdown, CountdownWarning } from "@/lib/countdown";
import { CommandButton, CommandItem } from "@/lib/commands";
import { openDialog } from "@/lib/desk-state";
import { useMe } from "@/lib/me";
import { useNow } from "@/lib/now";
import { PersonAvatar } from "@/lib/person";
import { queries } from "@/lib/queries";
import { TagNames } from "@/lib/tag-name";
import { tell } from "@/lib/tell";
import { cancelTransfer } from "./deeds";
import { LinksBanner } from "./links-banner";
import { ViewersLine } from "./viewers";

const stateTones: Record<ConversationView["state"], Tone> = { open: "positive", pending: "warning", solved: "neutral", closed: "neutral" };

/** Who it is about, who has it and why, and what can be done. */
export function ThreadHeader({ conversation: c, view }: { conversation: ConversationView; view: View }) {
  const me = useMe();
  const mine = c.assignee_id === me.agent.id;
  return (
    <header className="shrink-0 border-b border-line">
      <div className="flex min-h-13 items-center gap-2 px-4 py-1.5">
        <Button asChild variant="ghost" size="icon" className="-ms-2 md:hidden">
          <Link to="/$view" params={{ view }} search={{}} aria-label={t("Back to the list")}>
            <ArrowLeft className="rtl:-scale-x-100" />
          </Link>
        </Button>
        <span className="hidden sm:block">
          <PersonAvatar name={c.contact_name} size="lg" />
        </span>
        <div className="min-w-0 flex-1">
          <h1 className="flex items-center gap-2 text-md font-semibold">
            <span className="truncate">{c.contact_name}</span>
            <Badge tone={stateTones[c.state]}>{stateNames[c.state]}</Badge>
            {c.priority !== "normal" ? (
              <Badge tone={c.priority === "urgent" ? "danger" : c.priority === "high" ? "warning" : "neutral"} className="hidden sm:inline-flex">
                {priorityNames[c.priority]}
              </Badge>
            ) : null}
            <TagNames tags={c.tags} className="hidden min-w-0 shrink text-xs font-normal text-ink-muted lg:inline-flex" />
          </h1>
          <WhyLine conversation={c} mine={mine} />
        </div>
        <div role="toolbar" aria-label={t("Conversation actions")} className="flex shrink-0 items-center gap-1.5">
          <CommandButton id="claim" variant="primary" />
          <CommandButton id="transfer" narrow />
          <CommandButton id="pending" narrow />
          <CommandButton id="solve" variant={mine ? "primary" : "secondary"} className="hidden sm:inline-flex" />
          {c.state === "solved" ? <CommandButton id="reopen" /> : null}
          <Menu
            key={c.id}
            trigger={
              <Button variant="ghost" size="icon" aria-label={t("More actions")}>
                <Ellipsis />
              </Button>
            }
          >
            <CommandItem id="transfer" />
            <CommandItem id="give-bot" />
            <CommandItem id="pending" />
            <CommandItem id="snooze" />
            <CommandItem id="wake" />
            <CommandItem id="ask" />
            <CommandItem id="solve" />
            <CommandItem id="reopen" />
            <CommandItem id="release" />
            <CommandItem id="merge" />
            <CommandItem id="close" danger />
            <MenuLine />
            <MenuLabel>{t("Priority")}</MenuLabel>
            <CommandItem id="priority-urgent" />
            <CommandItem id="priority-high" />
            <CommandItem id="priority-normal" />
            <CommandItem id="priority-low" />
            <MenuLine />
            <CommandItem id="why" />
            <CommandItem id="details" />
          </Menu>
          <CommandButton id="details" iconOnly variant="ghost" className="hidden sm:inline-flex" />
        </div>
      </div>
      {c.waiting && !c.transfer ? (
        <Banner tone="warning">
          <Hourglass aria-hidden />
          <span className="min-w-0 flex-1">
            {sentence(c.waiting.reason)}{" "}
            <span className="text-ink-muted">{sentence(t("Waits for {{waits_for}}", { waits_for: c.waiting.waits_for }))}</span>
          </span>
          <Countdown conversation={c} place="header" className="shrink-0 text-xs" />
        </Banner>
      ) : null}
      {c.transfer ? <TransferBanner conversation={c} /> : null}
      {c.assigned_while_unavailable ? (
        <Banner tone="warning">
          <TriangleAlert aria-hidden />
          {t("{{assignee_name}} was not available when this was assigned.", { assignee_name: c.assignee_name })}
        </Banner>
      ) : null}
      {c.snoozed_until ? (
        <Banner>
          <AlarmClock aria-hidden />
          <span className="min-w-0 flex-1">{t("Snoozed until {{time}}", { time: dateTime(c.snoozed_until) })}</span>
          <CommandButton id="wake" size="sm" />
        </Banner>
      ) : null}
      <LinksBanner id={c.id} />
      <ViewersLine id={c.id} />
      {c.follows_summary ? (
        <Banner>
          <span className="min-w-0 truncate">{t("Continues an earlier conversation: “{{last_text}}”", { last_text: c.follows_summary.last_text })}</span>
          <Link to="/$view/$conversationId" params={{ view: "history", conversationId: c.follows_summary.id }} search={{}} className="shrink-0 text-accent hover:underline">
            {t("Open it")}
          </Link>
        </Banner>
      ) : null}
      {c.followed_by ? (
        <Banner>
          <span className="min-w-0 truncate">{t("Continued in a newer conversation: “{{last_text}}”", { last_text: c.followed_by.last_text })}</span>
          <Link to="/$view/$conversationId" params={{ view: "all", conversationId: c.followed_by.id }} search={{}} className="shrink-0 text-accent hover:underline">
            {t("Open it")}
          </Link>
        </Banner>
      ) : null}
    </header>
  );
}

/** One line: who has it, and why; it opens into the decision. */
function WhyLine({ conversation: c, mine }: { conversation: ConversationView; mine: boolean }) {
  const now = useNow();
  const why = c.why?.sentence ?? t("see the decision");
  const waits = c.waiting && !c.transfer ? ago(c.waiting.since, now) : undefined;
  const holder = c.bot_id ? t("{{name}} the bot", { name: c.bot_name ?? t("A bot") }) : c.assignee_id ? (mine ? t("You") : c.assignee_name) : t("Unassigned");
  return (
    <div className="flex min-w-0 items-center gap-1 text-xs text-ink-muted">
      {c.bot_id ? <Bot aria-hidden className="size-3.5 shrink-0 text-machine-ink" /> : null}
      <span className={c.bot_id ? "truncate" : "max-w-1/2 shrink-0 truncate"}>
        {holder} · {c.queue_name}
      </span>
      {c.bot_id ? null : <button
        type="button"
        aria-label={waits ? t("waits {{time}}: {{why}}", { time: waits, why }) : t("Why this agent: {{why}}", { why })}
        onClick={() => {
          openDialog("why");
        }}
        className="inline-flex min-w-0 items-center rounded-sm text-ink-muted hover:text-ink hover:underline"
      >
        <span aria-hidden className="me-1">
          ·
        </span>
        <span className="truncate">
          {waits ? t("waits {{time}}", { time: waits }) : (c.why?.sentence ?? t("Why?"))}
        </span>
        <ChevronRight aria-hidden className="size-3 shrink-0 rtl:-scale-x-100" />
      </button>}
      {waits ? null : <Countdown conversation={c} place="header" className="ms-1.5 shrink-0" />}
      {mine ? <CountdownWarning conversation={c} /> : null}
    </div>
  );
}

/** A text of the server with its full stop. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function TransferBanner({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const now = useNow();
  const queues = useQuery(queries.queues(backend.api)).data?.items ?? [];
  const { transfer } = c;
  if (!transfer) return null;
  const name = queues.find((queue) => queue.id === transfer.queue_id)?.name ?? t("another queue");
  return (
    <Banner tone="accent">
      <ArrowLeftRight aria-hidden />
      <span className="min-w-0 flex-1">
        {Date.parse(transfer.since) > now - 60_000
          ? t("Waits for {{name}} to take over", { name })
          : t("Waits since {{time}} for {{name}} to take over", { time: ago(transfer.since, now), name })}
        {transfer.reason ? `: “${transfer.reason}”` : null}. {c.waiting ? sentence(c.waiting.reason) : null}{" "}
        <span className="text-ink-muted">
          {t("{{holder}} keeps it until then; at {{time}} it returns.", {
            holder: c.assignee_name ?? t("The holder"),
            time: clock(transfer.until),
          })}
        </span>
      </span>
      {c.may.transfer.ok ? (
        <Button
          size="sm"
          onClick={() => {
            cancelTransfer(backend, c).catch(tell);
          }}
        >
          {t("Cancel transfer")}
        </Button>
      ) : null}
    </Banner>
  );
}
