import { useQuery } from "@tanstack/react-query";
import { Hourglass, Timer } from "lucide-react";
import type { Summary } from "@rapport/core/api/types";
import { countdown, type Place, type Rules, type Urgency, warningOf } from "@rapport/core/countdown";
import { cn } from "@rapport/ui/cn";
import { useBackend } from "./backend";
import { useMe } from "./me";
import { useTicking } from "./now";
import { queries } from "./queries";

const tones: Record<Urgency, string> = { calm: "text-ink-muted", soon: "text-warning", now: "text-danger" };

/** What the account, the queue and the names of colleagues add to a timer. */
function useRules(c: Summary, place: Place = "header"): Rules {
  const { api } = useBackend();
  const { settings } = useMe();
  const queue = useQuery(queries.queues(api)).data?.items.find((one) => one.id === c.queue_id);
  const awaited = c.waiting?.agent_id;
  const agents = useQuery({ ...queries.agents(api), enabled: awaited !== undefined }).data?.items;
  const holder = agents?.find((one) => one.id === awaited)?.name;
  return {
    then: (queue?.reply_timer ?? settings.reply_timer).then,
    // A row has no room for more than the first name.
    holder: place === "row" ? holder?.split(" ")[0] : holder,
  };
}

/** What happens to a conversation by itself, and when; nothing while that is far off. */
export function Countdown({ conversation, place, className }: { conversation: Summary; place: Place; className?: string }) {
  return conversation.timer ? <Ticking conversation={conversation} place={place} className={className} /> : null;
}

function Ticking({ conversation: c, place, className }: { conversation: Summary; place: Place; className: string | undefined }) {
  const rules = useRules(c, place);
  const shown = useTicking((now) => {
    const found = countdown(c, place, now, rules);
    return found ? `${found.urgency} ${found.text}` : "";
  });
  if (!shown) return null;
  const space = shown.indexOf(" ");
  const waits = c.timer?.kind === "hold" || c.timer?.kind === "wait";
  const Icon = waits ? Hourglass : Timer;
  return (
    <span
      role="timer"
      className={cn("inline-flex min-w-0 items-center gap-1 font-medium tabular-nums", tones[shown.slice(0, space) as Urgency], className)}
    >
      <Icon aria-hidden className="size-3 shrink-0" />
      <span className="truncate">{shown.slice(space + 1)}</span>
    </span>
  );
}

/** Reads aloud, once, that the open conversation is about to leave. */
export function CountdownWarning({ conversation: c }: { conversation: Summary }) {
  const rules = useRules(c);
  const text = useTicking((now) => warningOf(c, now, rules));
  return (
    <p aria-live="polite" className="sr-only">
      {text}
    </p>
  );
}
