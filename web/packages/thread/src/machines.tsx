import { Bot, ChevronRight, type LucideIcon, Tag, TextCursorInput, Workflow } from "lucide-react";
import type { HandoffLine } from "@rapport/core/api/bots";
import type { Item } from "@rapport/core/api/types";
import type { Fold } from "@rapport/core/folds";
import { clock, dateTime, fieldLabel } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";

// What bots and rules leave in a thread. It never looks like the words of a colleague.

interface Machine {
  label: string;
  Icon: LucideIcon;
}

const bot: Machine = { label: t("Bot"), Icon: Bot };
const rule: Machine = { label: t("Automatic"), Icon: Workflow };

/** What wrote an item, if it was no person. */
export function machineOf(item: Item): Machine | undefined {
  if (item.by === "bot") return bot;
  return item.by === "system" ? rule : undefined;
}

export function MachineAvatar({ machine: { Icon } }: { machine: Machine }) {
  return (
    <span aria-hidden className="inline-flex size-7 items-center justify-center rounded-md bg-machine text-machine-ink">
      <Icon className="size-4" />
    </span>
  );
}

export function MachineBadge({ machine: { label } }: { machine: Machine }) {
  return <span className="rounded-sm bg-machine px-1 text-2xs font-medium text-machine-ink">{label}</span>;
}

const icons: Record<string, LucideIcon> = { bot: Bot, workflow: Workflow, tags: Tag, fields: TextCursorInput };

/** Marks the events that stand out among those of people. */
export function EventIcon({ item }: { item: Item }) {
  const Icon = icons[item.event ?? ""];
  return Icon ? <Icon aria-hidden className="me-1 inline size-3.5 -translate-y-px" /> : null;
}

/** The answers that a message offered; the customer's choice stands out. */
export function Buttons({ buttons, chosen }: { buttons: string[]; chosen: string | undefined }) {
  return (
    <ul aria-label={t("Answers offered")} className="mt-1 flex flex-wrap justify-end gap-1">
      {buttons.map((button, n) => (
        <li
          key={n}
          className={cn(
            "rounded-full border px-2.5 py-0.5 text-xs",
            button === chosen ? "border-machine-ink bg-machine font-medium text-machine-ink" : "border-line-strong text-ink-muted",
          )}
        >
          {button}
          {button === chosen ? <span className="sr-only">{t(", chosen")}</span> : null}
        </li>
      ))}
    </ul>
  );
}

/** Stands for the transcript of a bot; opens it in place. */
export function FoldLine({ fold, open, onOpen }: { fold: Fold; open: boolean; onOpen: ((key: string, open: boolean) => void) | undefined }) {
  const count = fold.partial ? t("{{n}}+ messages", { n: fold.messages }) : t("{{count}} messages", { count: fold.messages });
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={() => {
        onOpen?.(fold.key, !open);
      }}
      className="my-3 flex w-full items-center gap-2.5 rounded-lg border border-dashed border-line-strong px-3 py-2 text-start text-sm text-ink-muted hover:bg-hover hover:text-ink"
    >
      <ChevronRight aria-hidden className={cn("size-4 shrink-0 text-ink-faint transition-transform", open ? "rotate-90" : "rtl:-scale-x-100")} />
      <Bot aria-hidden className="size-4 shrink-0 text-machine-ink" />
      <span className="min-w-0 flex-1 truncate">
        {t("{{messages}} with {{bot}} the bot", { messages: count, bot: fold.bot })}
      </span>
      <span className="shrink-0 text-xs text-ink-faint">{open ? t("Hide") : t("Show")}</span>
    </button>
  );
}

/** Why a bot gave the conversation to humans, and what it had found out. */
export function HandoffCard({ item, handoff: h }: { item: Item; handoff: HandoffLine }) {
  return (
    <section aria-label={t("Handed off by {{bot}}", { bot: h.bot })} className="my-3 rounded-lg border border-line-strong bg-raised">
      <header className="flex items-center gap-2.5 border-b border-line px-3 py-2">
        <MachineAvatar machine={bot} />
        <h3 className="min-w-0 flex-1 text-sm font-semibold">{t("{{bot}} handed it off", { bot: h.bot })}</h3>
        <time dateTime={item.at} title={dateTime(item.at)} className="shrink-0 text-xs text-ink-faint tabular-nums">
          {clock(item.at)}
        </time>
      </header>
      <dl className="grid gap-2 px-3 py-2.5 text-sm">
        {h.reason || !h.summary ? (
          <Part term={t("Reason")}>{h.reason || <span className="text-ink-muted">{t("The bot gave none.")}</span>}</Part>
        ) : null}
        {h.summary ? <Part term={t("Summary")}>{h.summary}</Part> : null}
        {h.fields.length > 0 ? (
          <div>
            <dt className="text-xs text-ink-muted">{t("Collected")}</dt>
            <dd className="mt-1">
              <ul className="flex flex-wrap gap-1.5">
                {h.fields.map(([name, value]) => (
                  <li key={name} className="max-w-full rounded-md border border-line bg-canvas px-2 py-0.5 text-xs break-words">
                    <span className="text-ink-muted">{fieldLabel(name)}:</span> <span className="font-medium">{value}</span>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        ) : null}
      </dl>
    </section>
  );
}

function Part({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-ink-muted">{term}</dt>
      <dd className="break-words whitespace-pre-wrap">{children}</dd>
    </div>
  );
}
