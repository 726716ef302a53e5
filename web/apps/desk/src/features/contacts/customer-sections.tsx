import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BadgeCheck, History, UserRoundCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { ContactView, ConversationView } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { date, duration } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Badge } from "@rapport/ui/marks";
import { Tip } from "@rapport/ui/tip";
import { useBackend } from "@/lib/backend";
import { useNow } from "@/lib/now";
import { Loaded, RowsLoading } from "@/lib/page";
import { PanelSection } from "@/lib/panel-section";
import { PersonAvatar } from "@/lib/person";
import { queries } from "@/lib/queries";
import { tell } from "@/lib/tell";
import { CustomerFields } from "./attributes";
import { CustomerTags } from "./customer-tags";
import { LinkButtons } from "./link-buttons";
import { Points } from "./points";

/** Who the customer is, how they are reached, and whom they belong to. */
export function CustomerSections({ conversation: c }: { conversation: ConversationView }) {
  const { api } = useBackend();
  const contact = useQuery(queries.contact(api, c.contact_id));
  return (
    <Loaded
      query={contact}
      what={t("the customer")}
      loading={
        <div className="px-4 pb-4">
          <RowsLoading rows={4} />
        </div>
      }
    >
      {(data) => <Details key={data.id} contact={data} conversation={c} />}
    </Loaded>
  );
}

function Details({ contact, conversation: c }: { contact: ContactView; conversation: ConversationView }) {
  const now = useNow();
  const { contact_name: shownName } = c;
  return (
    <>
      <div className="flex items-center gap-3 px-4 pb-3">
        <PersonAvatar name={shownName} size="xl" />
        <div className="min-w-0 flex-1">
          <Name contact={contact} shownName={shownName} />
          <Link to="/customers/$customerId" params={{ customerId: contact.id }} className="me-2 inline-flex min-h-6 items-center text-xs underline">
            {t("All about them")}
          </Link>
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

      <LinkButtons conversation={c} customer={contact} />

      <PanelSection id="customer" title={t("Known of the customer")}>
        <div className="grid gap-2">
          <CustomerTags contact={contact} />
          <CustomerFields contact={contact} />
        </div>
      </PanelSection>

      <PanelSection id="points" title={t("Contact points")}>
        <Points contact={contact} />
      </PanelSection>

      <PanelSection id="belongs" title={t("Belongs to")}>
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
      </PanelSection>
    </>
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
          className="-mx-1 block min-h-6 max-w-full truncate rounded-sm px-1 text-start text-md font-semibold hover:bg-hover"
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
