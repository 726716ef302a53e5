import {
  ArrowDown,
  BellRing,
  Check,
  CheckCheck,
  CircleAlert,
  Clock,
  Hourglass,
  Lock,
  Pin,
  PinOff,
  Shuffle,
  TimerOff,
  TriangleAlert,
  UserX,
} from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Avatar, Spinner } from "@rapport/ui/marks";
import type { Item } from "@rapport/core/api/types";
import { clock, day, deliveryNames, dateTime, type EventTone, eventTone, hue, initials, spoken } from "@rapport/core/format";
import type { Outgoing } from "@rapport/core/outbox";
import { foldsOf } from "@rapport/core/folds";
import { type Row, rowsOf } from "@rapport/core/rows";
import { placeOf } from "@rapport/core/thread";
import { useFound } from "./found";
import { Attachments } from "./media";
import { RichText } from "./text";
import { Buttons, EventIcon, FoldLine, HandoffCard, machineOf, MachineAvatar, MachineBadge } from "./machines";

export interface MessageListProps {
  items: Item[];
  outgoing: Outgoing[];
  customerName: string;
  now: number;
  /** Last item seen when the thread was opened; a line is drawn after it. */
  unreadAfter?: number | undefined;
  more: boolean;
  loadingOlder: boolean;
  onOlder: () => void;
  onRetry: (clientId: string) => void;
  onDiscard: (outgoing: Outgoing) => void;
  /** Whether *bold* and _italic_ look so in this channel (S3-37); in notes they always do. */
  marks?: boolean;
  /** Who is typing right now. */
  typing?: string | undefined;
  /** Pins an item to the top of the thread, or takes it down. */
  onPin?: (item: Item) => void;
  /** The name of a colleague or a queue that a note names. */
  mentionName?: (id: string) => string | undefined;
  /** Transcripts of bots that are unfolded, by key. */
  unfolded?: ReadonlySet<string>;
  onUnfold?: (key: string, open: boolean) => void;
  /** By which way a message went, where that is another one than before it. */
  wayOf?: ((item: Item) => string | undefined) | undefined;
  /** An item to bring into view and point out; a new object for each wish. */
  target?: { seq: number } | undefined;
  /** What one looks for; it is marked wherever it stands. */
  found?: string | undefined;
  /** These are items from the middle: there are newer ones, and the end is elsewhere. */
  later?: { more: boolean; onLater: () => void; onLatest: () => void } | undefined;
  /** Called with the last item's number whenever the end of the thread is in view. */
  onReachEnd?: (seq: number) => void;
}

/** Within this distance from the end the list follows new messages. */
const NEAR = 80;

/** The thread: messages, notes and events in one ordered list that stays at its end while one reads there. */
export function MessageList(props: MessageListProps) {
  const { items, outgoing, typing, more, loadingOlder, unreadAfter, unfolded, onReachEnd, target, later } = props;
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const held = useRef({ first: 0, height: 0 });
  const [fresh, setFresh] = useState(false);
  const rows = useMemo(() => rowsOf(items, outgoing, unreadAfter, unfolded), [items, outgoing, unreadAfter, unfolded]);
  const first = items[0] ? placeOf(items[0]) : 0;
  const last = items.at(-1);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const before = held.current;
    if (before.first > 0 && first > 0 && first < before.first) {
      element.scrollTop += element.scrollHeight - before.height;
    } else if (atEnd.current) {
      element.scrollTop = element.scrollHeight;
    }
    held.current = { first, height: element.scrollHeight };
  }, [rows, first, typing]);

  useTarget(box, target, items, unfolded, onUnfold, () => {
    atEnd.current = false;
  });
  useFound(box, props.found, rows);

  const lastSeq = last?.seq ?? 0;
  const lastByCustomer = last?.by === "customer";
  const seenSeq = useRef(lastSeq);
  useEffect(() => {
    if (lastSeq > seenSeq.current && !atEnd.current && lastByCustomer) setFresh(true);
    seenSeq.current = lastSeq;
    if (atEnd.current && lastSeq > 0 && !later) onReachEnd?.(lastSeq);
  }, [lastSeq, lastByCustomer, onReachEnd, later]);

  const ownSending = outgoing.at(-1)?.client_id;
  useEffect(() => {
    if (ownSending && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [ownSending]);

  function onScroll(): void {
    const element = box.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (atEnd.current) {
      setFresh(false);
      if (lastSeq > 0 && !later) onReachEnd?.(lastSeq);
    }
    if (element.scrollTop < NEAR && more && !loadingOlder) props.onOlder();
  }

  /** What is unfolded is read from its beginning, so the list stays where it is. */
  function onUnfold(key: string, open: boolean): void {
    if (open) atEnd.current = false;
    props.onUnfold?.(key, open);
  }

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={box}
        onScroll={onScroll}
        role="region"
        aria-label={t("Thread")}
        tabIndex={0}
        data-focus-home
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 py-3 outline-offset-[-2px]"
      >
        <div className="mx-auto flex min-h-full max-w-3xl flex-col justify-end">
          {more ? (
            <div className="flex justify-center py-2">
              <Button variant="ghost" size="sm" onClick={props.onOlder} disabled={loadingOlder}>
                {loadingOlder ? <Spinner label={t("Loading older messages")} /> : null}
                {t("Load older messages")}
              </Button>
            </div>
          ) : null}
          <ol aria-label={t("Messages")}>
            {rows.map((row) => (
              <li
                key={row.key}
                data-seq={"item" in row ? row.item.seq : undefined}
                className={target && "item" in row && row.item.seq === target.seq ? "-mx-2 rounded-lg bg-accent-soft px-2 pb-1" : undefined}
              >
                <RowView row={row} {...props} onUnfold={onUnfold} />
              </li>
            ))}
          </ol>
          {later ? (
            <div className="flex justify-center gap-2 py-3">
              {later.more ? (
                <Button variant="ghost" size="sm" onClick={later.onLater}>
                  {t("Load newer messages")}
                </Button>
              ) : null}
              <Button variant="secondary" size="sm" onClick={later.onLatest}>
                <ArrowDown aria-hidden />
                {t("To the newest messages")}
              </Button>
            </div>
          ) : null}
          {typing ? <TypingLine name={typing} /> : null}
        </div>
      </div>
      {fresh ? (
        <Button
          variant="primary"
          size="sm"
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-pop"
          onClick={() => {
            if (box.current) box.current.scrollTop = box.current.scrollHeight;
          }}
        >
          <ArrowDown aria-hidden />
          {t("New messages")}
        </Button>
      ) : null}
      <LiveRegion last={last} />
    </div>
  );
}

/** Scrolls to an item; one in a folded transcript is unfolded first. */
function useTarget(
  box: RefObject<HTMLElement | null>,
  target: { seq: number } | undefined,
  items: Item[],
  unfolded: ReadonlySet<string> | undefined,
  onUnfold: (key: string, open: boolean) => void,
  onLeave: () => void,
): void {
  const reached = useRef<object>(undefined);
  useLayoutEffect(() => {
    if (!target || reached.current === target) return;
    onLeave();
    const line = box.current?.querySelector(`[data-seq="${target.seq}"]`);
    if (line) {
      reached.current = target;
      line.scrollIntoView({ block: "center" });
      return;
    }
    const at = items.findIndex((item) => item.seq === target.seq);
    const fold = foldsOf(items).find(({ start, end }) => at >= start && at < end);
    if (fold && !unfolded?.has(fold.key)) onUnfold(fold.key, true);
  });
}

/** Reads new messages of the customer aloud; what was there before is not read. */
function LiveRegion({ last }: { last: Item | undefined }) {
  const [start] = useState(last?.seq);
  const aloud = last && last.seq !== start && last.by === "customer" ? spoken(last) : "";
  return (
    <p aria-live="polite" className="sr-only">
      {aloud}
    </p>
  );
}

function RowView({ row, ...props }: { row: Row } & MessageListProps) {
  switch (row.kind) {
    case "day":
      return (
        <div className="my-4 flex items-center gap-3 text-2xs font-medium text-ink-faint">
          <span aria-hidden className="h-px flex-1 bg-line" />
          <h2>{day(row.at, props.now)}</h2>
          <span aria-hidden className="h-px flex-1 bg-line" />
        </div>
      );
    case "unread":
      return (
        <div className="my-3 flex items-center gap-3 text-2xs font-medium text-accent">
          <span aria-hidden className="h-px flex-1 bg-accent" />
          {t("New")}
          <span aria-hidden className="h-px flex-1 bg-accent" />
        </div>
      );
    case "event":
      return <EventLine item={row.item} />;
    case "item":
      return (
        <>
          <WayLine way={props.wayOf?.(row.item)} />
          <Message row={row} onPin={props.onPin} mentionName={props.mentionName} customerName={props.customerName} marks={props.marks ?? true} />
        </>
      );
    case "fold":
      return <FoldLine fold={row.fold} open={row.open} onOpen={props.onUnfold} />;
    case "handoff":
      return <HandoffCard item={row.item} handoff={row.handoff} />;
    case "outgoing":
      return <Sending outgoing={row.outgoing} marks={props.marks ?? true} onRetry={props.onRetry} onDiscard={props.onDiscard} />;
  }
}

/** By which inbox and address the messages from here on went. */
function WayLine({ way }: { way: string | undefined }) {
  if (!way) return null;
  return <p className="mt-3 -mb-1 text-center text-2xs text-ink-faint">{t("via {{way}}", { way })}</p>;
}

const eventIcons: Record<string, typeof Clock> = {
  hopped: Shuffle,
  held: Hourglass,
  warned: BellRing,
  inactivity: TimerOff,
  unavailable: UserX,
  escalated: TriangleAlert,
};

const eventColors: Record<EventTone, string> = { plain: "text-ink-faint", time: "text-ink-muted", alert: "text-warning" };

/** What happened, in one line; what a timer did carries a sign. */
function EventLine({ item }: { item: Item }) {
  const Icon = eventIcons[item.event ?? ""];
  return (
    <p className={cn("my-2.5 text-center text-xs", eventColors[eventTone(item)])}>
      {Icon ? <Icon aria-hidden className="me-1.5 inline size-3.5 align-[-2px]" /> : <EventIcon item={item} />}
      {item.body}
      <span aria-hidden> · </span>
      <time dateTime={item.at} title={dateTime(item.at)} className="tabular-nums">
        {clock(item.at)}
      </time>
    </p>
  );
}

function Message({
  row: { item, first, last, buttons, chosen },
  customerName,
  marks,
  onPin,
  mentionName,
}: { row: Row & { kind: "item" }; customerName: string; marks: boolean } & Pick<MessageListProps, "onPin" | "mentionName">) {
  const theirs = item.by === "customer";
  const note = item.kind === "note";
  const name = theirs ? customerName : (item.author_name ?? (item.by === "agent" ? t("Agent") : "Rapport"));
  const machine = machineOf(item);
  const failed = item.delivery === "failed";
  const spokenName = machine ? `${name} (${machine.label})` : name;
  return (
    <article
      aria-label={
        note
          ? t("Internal note by {{name}}, {{time}}", { name: spokenName, time: clock(item.at) })
          : t("Message by {{name}}, {{time}}", { name: spokenName, time: clock(item.at) })
      }
      className={cn("flex gap-2.5", theirs ? "pe-10" : "flex-row-reverse ps-10", first ? "mt-3" : "mt-0.5")}
    >
      <span className="w-7 shrink-0">
        {first ? machine ? <MachineAvatar machine={machine} /> : <Avatar initials={initials(name)} ground={hue(name, 6)} /> : null}
      </span>
      <div className={cn("flex min-w-0 flex-col", theirs ? "items-start" : "items-end")}>
        {first ? (
          <p className="mb-1 flex items-center gap-1.5 text-xs text-ink-muted">
            <span className="font-medium text-ink">{name}</span>
            {machine ? <MachineBadge machine={machine} /> : null}
            {note ? (
              <span className="inline-flex items-center gap-1 text-note-ink">
                <Lock aria-hidden className="size-3" /> {t("Internal note")}
              </span>
            ) : null}
            <time dateTime={item.at} title={dateTime(item.at)} className="tabular-nums">
              {clock(item.at)}
            </time>
          </p>
        ) : null}
        <div className="group flex max-w-full items-center gap-1">
          <Bubble
            side={note ? "note" : theirs ? "theirs" : machine ? "machine" : "ours"}
            body={item.body ?? ""}
            marks={marks || note}
            named={namesOf(item, mentionName)}
          />
          {onPin ? (
            <button
              type="button"
              aria-label={item.pinned_at ? t("Take down") : t("Pin")}
              aria-pressed={item.pinned_at !== undefined}
              onClick={() => {
                onPin(item);
              }}
              className={cn(
                "shrink-0 rounded-sm p-1 text-ink-faint hover:text-ink focus-visible:opacity-100 group-hover:opacity-100",
                theirs ? "" : "-order-1",
                item.pinned_at ? "text-accent" : "opacity-0",
              )}
            >
              {item.pinned_at ? <PinOff aria-hidden className="size-3.5" /> : <Pin aria-hidden className="size-3.5" />}
            </button>
          ) : null}
        </div>
        {note && Array.isArray(item.data?.["not_told"]) ? (
          <p className="mt-1 text-2xs text-ink-muted">{t("Not told, as they may not see this: {{names}}", { names: (item.data["not_told"] as string[]).join(", ") })}</p>
          ) : null}
        {item.files || item.location ? (
          <div className={cn("max-w-full", item.body && "mt-1")}>
            <Attachments files={item.files} location={item.location} />
          </div>
        ) : null}
        {buttons ? <Buttons buttons={buttons} chosen={chosen} /> : null}
        {item.delivery && (last || failed) ? <DeliveryLine item={item} /> : null}
      </div>
    </article>
  );
}

const bubbles = {
  theirs: "bg-theirs rounded-ss-sm",
  ours: "bg-ours rounded-se-sm",
  machine: "bg-machine rounded-se-sm",
  note: "bg-note border border-note-line rounded-se-sm",
};

const NO_NAMES: string[] = [];

/** The names that a note calls, the longest first. */
function namesOf(item: Item, nameOf: MessageListProps["mentionName"]): string[] {
  const ids = [...(item.mentions ?? []), ...(item.mention_queues ?? [])];
  if (ids.length === 0 || !nameOf) return NO_NAMES;
  return ids.flatMap((id) => nameOf(id) ?? []).sort((a, b) => b.length - a.length);
}

function Bubble({ side, body, dim, marks, named = NO_NAMES }: { side: keyof typeof bubbles; body: string; dim?: boolean; marks: boolean; named?: string[] }) {
  if (body === "") return null;
  return (
    <div
      data-body
      dir="auto"
      className={cn(
        "max-w-full rounded-lg px-3 py-2 text-md break-words whitespace-pre-wrap text-ink",
        bubbles[side],
        dim && "opacity-60",
      )}
    >
      {chips(body, named, marks)}
    </div>
  );
}

/** A text in which the names that a note calls are chips. */
function chips(text: string, named: string[], marks: boolean): ReactNode {
  const name = named.find((one) => text.includes(`@${one}`));
  if (name === undefined) return <RichText text={text} marks={marks} />;
  const at = text.indexOf(`@${name}`);
  return (
    <>
      {chips(text.slice(0, at), named, marks)}
      <span className="rounded-sm bg-accent-soft px-1 font-medium text-accent-strong">@{name}</span>
      {chips(text.slice(at + name.length + 1), named, marks)}
    </>
  );
}

function DeliveryLine({ item }: { item: Item }) {
  const delivery = item.delivery ?? "queued";
  const Icon = { queued: Clock, sent: Check, delivered: CheckCheck, seen: CheckCheck, failed: CircleAlert }[delivery];
  return (
    <p
      className={cn(
        "mt-1 flex items-center gap-1 text-2xs",
        delivery === "failed" ? "text-danger" : delivery === "seen" ? "text-accent-strong" : "text-ink-faint",
      )}
    >
      <Icon aria-hidden className="size-3" />
      {deliveryNames[delivery]}
      {item.error ? `: ${item.error}` : ""}
    </p>
  );
}

function Sending({
  outgoing,
  marks,
  onRetry,
  onDiscard,
}: {
  outgoing: Outgoing;
  marks: boolean;
  onRetry: (clientId: string) => void;
  onDiscard: (outgoing: Outgoing) => void;
}) {
  const failed = outgoing.error !== undefined;
  return (
    <article
      aria-label={failed ? t("Message not sent") : t("Message being sent")}
      className="mt-1 flex flex-col items-end pe-9.5 ps-10"
    >
      <Bubble side={outgoing.kind === "note" ? "note" : "ours"} body={outgoing.body} dim={!failed} marks={marks || outgoing.kind === "note"} />
      <div className={cn("max-w-full", outgoing.body && "mt-1", !failed && "opacity-60")}>
        <Attachments files={outgoing.extra?.files} location={outgoing.extra?.location} />
      </div>
      {failed ? (
        <p role="alert" className="mt-1 flex flex-wrap items-center justify-end gap-x-2 text-xs text-danger">
          <span>{t("Not sent. {{error}}", { error: outgoing.error })}</span>
          <Button
            variant="link"
            size="text"
            className="text-xs"
            onClick={() => {
              onRetry(outgoing.client_id);
            }}
          >
            {t("Try again")}
          </Button>
          <Button
            variant="link"
            size="text"
            className="text-xs"
            onClick={() => {
              onDiscard(outgoing);
            }}
          >
            {t("Take back")}
          </Button>
        </p>
      ) : (
        <p className="mt-1 flex items-center gap-1 text-2xs text-ink-faint">
          <Clock aria-hidden className="size-3" /> {t("Sending")}
        </p>
      )}
    </article>
  );
}

function TypingLine({ name }: { name: string }) {
  return (
    <p className="mt-3 flex items-center gap-2.5 text-xs text-ink-muted">
      <span aria-hidden className="inline-flex w-7 justify-center gap-0.5">
        {["0ms", "150ms", "300ms"].map((delay) => (
          <span key={delay} className="size-1.5 animate-dot rounded-full bg-ink-faint" style={{ animationDelay: delay }} />
        ))}
      </span>
      {t("{{name}} is typing", { name })}
    </p>
  );
}
