import { Link } from "@tanstack/react-router";
import { Command as Palette } from "cmdk";
import { Code, Globe, Lock, MessageSquare, UserRound } from "lucide-react";
import type { SearchAnswer } from "@rapport/core/api/types";
import { ago, dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { closeDialog } from "@/lib/desk-state";
import { Marked } from "@/lib/marked";
import { PersonAvatar } from "@/lib/person";

const icons: Record<string, typeof Globe> = { web: Globe, api: Code };

function ChannelIcon({ channel }: { channel: string }) {
  const Icon = icons[channel] ?? MessageSquare;
  return <Icon aria-label={channel} className="size-4 shrink-0 text-ink-faint" />;
}

const row = "flex items-center gap-2.5 rounded-md px-2.5 py-2 text-sm data-[selected=true]:bg-hover";

function When({ at, now }: { at: string | undefined; now: number }) {
  return at ? (
    <time dateTime={at} title={dateTime(at)} className="shrink-0 text-2xs text-ink-faint tabular-nums">
      {ago(at, now)}
    </time>
  ) : null;
}

interface Hit<T> {
  hit: T;
  now: number;
  onOpen: () => void;
}

/** A conversation: channel, what it is called, customer, last activity (S3-30). */
export function ConversationHit({ hit, now, onOpen }: Hit<SearchAnswer["conversations"][number]>) {
  return (
    <Palette.Item value={`conversation ${hit.id}`} onSelect={onOpen} className={row}>
      <ChannelIcon channel={hit.channel} />
      <span className="grid min-w-0 flex-1">
        <span className="truncate font-medium">
          <Marked pieces={hit.marked} />
        </span>
        <span className="truncate text-xs text-ink-muted">
          {hit.topic ? `${hit.contact_name} · ` : ""}
          {hit.last_text}
        </span>
      </span>
      <When at={hit.last_at} now={now} />
    </Palette.Item>
  );
}

/** A message or note with what was found in it. */
export function MessageHit({ hit, now, onOpen }: Hit<SearchAnswer["messages"][number]>) {
  const { conversation: c } = hit;
  const author = hit.by === "customer" ? c.contact_name : (hit.author_name ?? t("Agent"));
  return (
    <Palette.Item value={`message ${c.id} ${hit.seq}`} onSelect={onOpen} className={row}>
      {hit.kind === "note" ? <Lock aria-label={t("Internal note")} className="size-4 shrink-0 text-note-ink" /> : <ChannelIcon channel={c.channel} />}
      <span className="grid min-w-0 flex-1">
        <span className="line-clamp-2 break-words">
          <Marked pieces={hit.marked} />
        </span>
        <span className="truncate text-xs text-ink-muted">{author === c.contact_name ? author : t("{{author}} to {{customer}}", { author, customer: c.contact_name })}</span>
      </span>
      <When at={hit.at} now={now} />
    </Palette.Item>
  );
}

/** A customer: name, channels, last activity, the way to their page (S3-31). */
export function CustomerHit({ hit, now, onOpen }: Hit<SearchAnswer["customers"][number]>) {
  return (
    <Palette.Item value={`customer ${hit.id}`} onSelect={onOpen} className={row}>
      <PersonAvatar name={hit.name || t("Unknown customer")} />
      <span className="grid min-w-0 flex-1">
        <span className="truncate font-medium">{hit.marked.length > 0 ? <Marked pieces={hit.marked} /> : t("Unknown customer")}</span>
        <span className="flex items-center gap-1.5 text-xs text-ink-muted">
          {hit.channels.map((channel) => (
            <ChannelIcon key={channel} channel={channel} />
          ))}
          {hit.channels.length === 0 ? t("No conversations yet") : null}
        </span>
      </span>
      <When at={hit.last_at} now={now} />
      <Link
        to={`/customers/${hit.id}` as "/"}
        onClick={(event) => {
          event.stopPropagation();
          closeDialog();
        }}
        className="inline-flex shrink-0 items-center gap-1 rounded-sm px-1 text-xs text-accent hover:underline"
      >
        <UserRound aria-hidden className="size-3.5" />
        {t("Profile")}
      </Link>
    </Palette.Item>
  );
}
