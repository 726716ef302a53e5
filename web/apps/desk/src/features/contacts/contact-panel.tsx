import { useQuery } from "@tanstack/react-query";
import { AtSign, BadgeCheck, Globe, Hash, History, Phone, UserRound, UserRoundCheck, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { ContactView, ConversationView, PointKind, Summary } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { ago, date, duration, pointText, stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { CopyButton } from "@rapport/ui/copy";
import { Badge } from "@rapport/ui/marks";
import { Tip } from "@rapport/ui/tip";
import { useBackend } from "@/lib/backend";
import { ConversationPreview } from "@/lib/conversation-preview";
import { desk } from "@/lib/desk-state";
import { useNow } from "@/lib/now";
import { Loaded, RowsLoading } from "@/lib/page";
import { PersonAvatar } from "@/lib/person";
import { queries } from "@/lib/queries";
import { tell } from "@/lib/tell";
import { Fields } from "./fields";
import { Tags } from "./tags";

const pointIcons: Record<PointKind, typeof Phone> = { phone: Phone, email: AtSign, external: Hash, visitor: Globe, handle: UserRound };

/** Who the customer is, whom they belong to, and what was before. */
export function ContactPanel({ conversation: c, className, children }: { conversation: ConversationView; className?: string; children?: React.ReactNode }) {
  const { api } = useBackend();
  const contact = useQuery(queries.contact(api, c.contact_id));
  return (
    <aside aria-label={t("Customer")} className={cn("flex min-h-0 flex-col border-s border-line bg-surface", className)}>
      <header className="flex h-13 shrink-0 items-center px-4">
        <h2 className="flex-1 text-md font-semibold">{t("Customer")}</h2>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t("Close customer details")}
          onClick={() => {
            desk.set({ details: false });
          }}
        >
          <X />
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-6">
        <Loaded query={contact} what={t("the customer")} loading={<RowsLoading rows={4} />}>
          {(data) => <Details key={data.id} contact={data} conversation={c} />}
        </Loaded>
        {children ? <div className="mt-5">{children}</div> : null}
      </div>
    </aside>
  );
}

function Details({ contact, conversation: c }: { contact: ContactView; conversation: ConversationView }) {
  const backend = useBackend();
  const now = useNow();
  const { id: current, contact_name: shownName } = c;
  const [preview, setPreview] = useState<Summary>();
  const earlier = contact.conversations.filter((one) => one.id !== current);
  return (
    <div className="grid gap-5">
      <div className="flex items-center gap-3">
        <PersonAvatar name={shownName} size="xl" />
        <div className="min-w-0 flex-1">
          <Name contact={contact} shownName={shownName} />
          {contact.known ? (
            <Badge tone="positive" className="mt-1">
              <BadgeCheck aria-hidden /> {t("Known")}
            </Badge>
          ) : (
            <Tip text={t("Nobody has vouched for who this is.")} side="left">
              <Badge className="mt-1" tabIndex={0}>
                {t("Unknown")}
              </Badge>
            </Tip>
          )}
        </div>
      </div>

      <Section title={t("Tags")}>
        <Tags key={c.id} conversation={c} />
      </Section>

      <Section title={t("This conversation")}>
        <Fields
          key={c.id}
          what={t("this conversation")}
          fields={c.fields ?? {}}
          onSave={async (fields) => {
            backend.put(await backend.api.conversations.setFields(c.id, fields));
          }}
        />
      </Section>

      <Section title={t("Known of the customer")}>
        <Fields
          what={t("the customer")}
          fields={contact.fields ?? {}}
          onSave={async (fields) => {
            const saved = await backend.api.contacts.setFields(contact.id, fields);
            // A field that was taken away is absent from the answer.
            backend.cache.patch<ContactView>(keys.contact(contact.id), ({ fields: _before, ...held }) => ({ ...held, ...saved }));
          }}
        />
      </Section>

      <Section title={t("Contact points")}>
        <ul className="grid gap-0.5">
          {contact.points.map((point) => {
            const Icon = pointIcons[point.kind];
            const text = pointText(point);
            return (
              <li key={`${point.kind} ${point.address}`} className="flex h-7 items-center gap-2 text-sm">
                <Icon aria-label={point.kind} className="size-3.5 shrink-0 text-ink-faint" />
                <span className="min-w-0 flex-1 truncate tabular-nums" title={text}>
                  {text}
                </span>
                {point.kind === "visitor" ? null : <CopyButton text={point.address} label={t("Copy {{text}}", { text })} />}
              </li>
            );
          })}
        </ul>
      </Section>

      <Section title={t("Belongs to")}>
        {contact.named ? (
          <Bond icon={<UserRoundCheck aria-hidden />} name={contact.named.agent.name} text={t("Sticky agent: {{title}}", { title: contact.named.title })} />
        ) : null}
        {contact.last_agent ? (
          <Bond
            icon={<History aria-hidden />}
            name={contact.last_agent.agent.name}
            text={
              Date.parse(contact.last_agent.expires_at) > now
                ? t("Last agent, {{duration}} ago. Holds until {{expires_at}}.", { duration: duration(now - Date.parse(contact.last_agent.ended_at)), expires_at: date(contact.last_agent.expires_at) })
                : t("Last agent. The bond ended on {{expires_at}}.", { expires_at: date(contact.last_agent.expires_at) })
            }
          />
        ) : null}
        {!contact.named && !contact.last_agent ? (
          <p className="text-sm text-ink-muted">{t("Nobody yet. The first agent to help becomes the last agent.")}</p>
        ) : null}
      </Section>

      <Section title={earlier.length > 0 ? t("Earlier conversations ({{n}})", { n: earlier.length }) : t("Earlier conversations")}>
        {earlier.length === 0 ? (
          <p className="text-sm text-ink-muted">{t("This is the first one.")}</p>
        ) : (
          <ul className="-mx-2 grid gap-0.5">
            {earlier.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  onClick={() => {
                    setPreview(one);
                  }}
                  className="grid w-full gap-0.5 rounded-md px-2 py-1.5 text-start hover:bg-hover"
                >
                  <span className="flex items-center gap-2 text-xs text-ink-muted">
                    <span className="min-w-0 flex-1 truncate">
                      {one.assignee_name ?? t("Unassigned")} · {one.queue_name}
                    </span>
                    <Badge className="h-4">{stateNames[one.state]}</Badge>
                    <span className="tabular-nums">{ago(one.last_at ?? one.opened_at, now)}</span>
                  </span>
                  <span className="truncate text-sm">{one.last_text}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {preview ? (
        <ConversationPreview
          conversation={preview}
          onClose={() => {
            setPreview(undefined);
          }}
        />
      ) : null}
    </div>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 text-xs font-medium text-ink-muted">{title}</h3>
      {children}
    </section>
  );
}

function Bond({ icon, name, text }: { icon: React.ReactNode; name: string; text: string }) {
  return (
    <div className="flex items-start gap-2 py-1 [&_svg]:mt-0.5 [&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:text-ink-faint">
      {icon}
      <div>
        <p className="text-sm font-medium">{name}</p>
        <p className="text-xs text-ink-muted">{text}</p>
      </div>
    </div>
  );
}

/** The name, changed in place: Enter keeps it, Escape leaves it as it was. */
function Name({ contact, shownName }: { contact: ContactView; shownName: string }) {
  const { api, cache } = useBackend();
  const [name, setName] = useState<string>();

  function save(event: FormEvent): void {
    event.preventDefault();
    const next = name?.trim();
    setName(undefined);
    if (next === undefined || next === contact.name) return;
    cache.patch<ContactView>(keys.contact(contact.id), (held) => ({ ...held, name: next }));
    api.contacts
      .rename(contact.id, next)
      .then((saved) => {
        cache.patch<ContactView>(keys.contact(contact.id), (held) => ({ ...held, ...saved }));
      })
      .catch((error: unknown) => {
        cache.patch<ContactView>(keys.contact(contact.id), (held) => ({ ...held, name: contact.name }));
        tell(error);
      });
  }

  if (name === undefined) {
    return (
      <Tip text={t("Rename")}>
        <button
          type="button"
          aria-label={t("Rename {{shownName}}", { shownName })}
          onClick={() => {
            setName(contact.name);
          }}
          className="-mx-1 block max-w-full truncate rounded-sm px-1 text-start text-md font-semibold hover:bg-hover"
        >
          {contact.name || shownName}
        </button>
      </Tip>
    );
  }
  return (
    <form onSubmit={save}>
      <input
        autoFocus
        aria-label={t("Customer's name")}
        value={name}
        placeholder={shownName}
        onChange={(event) => {
          setName(event.target.value);
        }}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          setName(undefined);
        }}
        className="-mx-1 w-full rounded-sm border border-accent bg-surface px-1 text-md font-semibold"
      />
    </form>
  );
}
