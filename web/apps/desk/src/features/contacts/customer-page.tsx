import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { BadgeCheck, Combine, Download, Eraser, Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import type { ContactChange, CustomerView } from "@rapport/core/api/customers";
import type { Summary } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { date, dateTime } from "@rapport/core/format";
import { administers, supervises } from "@rapport/core/permission";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Badge, Empty } from "@rapport/ui/marks";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { ConversationPreview } from "@/lib/conversation-preview";
import { useMe } from "@/lib/me";
import { useNow } from "@/lib/now";
import { Card, Loaded, LoadedPage, NextPage, Page } from "@/lib/page";
import { tell } from "@/lib/tell";
import { HistoryRow } from "./history-row";
import { CustomerFields } from "./attributes";
import { customerQueries, labelOf } from "./customer-queries";
import { CustomerTags } from "./customer-tags";
import { EraseDialog } from "./erase-dialog";
import { MergeDialog } from "./merge-dialog";
import { nameOf, PickCustomer } from "./pick-customer";
import { Points } from "./points";

/** All that is known of one customer. Who was merged leads to who is left. */
export function CustomerPage() {
  const { customerId = "" } = useParams({ strict: false });
  const { api } = useBackend();
  const navigate = useNavigate();
  const customer = useQuery(customerQueries.one(api, customerId));
  const survivor = customer.data?.id;
  useEffect(() => {
    if (survivor && survivor !== customerId) void navigate({ to: "/customers/$customerId", params: { customerId: survivor }, replace: true });
  }, [survivor, customerId, navigate]);
  return (
    <LoadedPage
      query={customer}
      title={t("Customer")}
      what={t("the customer")}
      missing={{ title: t("There is no such customer"), to: "/customers", all: t("All customers") }}
    >
      {(data) => <Shown key={data.id} customer={data} />}
    </LoadedPage>
  );
}

function Shown({ customer }: { customer: CustomerView }) {
  const { api, client } = useBackend();
  const me = useMe();
  const [dialog, setDialog] = useState<"merge" | "erase">();
  const [other, setOther] = useState<string>();
  const name = nameOf(customer);
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.contact(customer.id) });
    void client.invalidateQueries({ queryKey: keys.customers });
  };
  const shut = () => {
    setDialog(undefined);
    setOther(undefined);
  };

  if (customer.erased_at) {
    return (
      <Page title={t("Customer")}>
        <Empty icon={<Eraser />} title={t("Erased on request")}>
          <p>{t("What was known of this person was erased on {{date}}.", { date: date(customer.erased_at) })}</p>
        </Empty>
      </Page>
    );
  }
  return (
    <Page
      wide
      title={name}
      actions={
        <>
          {supervises(me.role) ? (
            <Button
              onClick={() => {
                setDialog("merge");
              }}
            >
              <Combine aria-hidden />
              {t("Merge with another customer")}
            </Button>
          ) : null}
          {administers(me.role) ? (
            <>
              <Button asChild>
                <a href={api.customers.dossierPath(customer.id)} download>
                  <Download aria-hidden />
                  {t("Export this person's data")}
                </a>
              </Button>
              <Button
                variant="danger"
                onClick={() => {
                  setDialog("erase");
                }}
              >
                <Eraser aria-hidden />
                {t("Erase")}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <div className="flex items-center gap-2">
        {customer.known ? (
          <Badge tone="positive">
            <BadgeCheck aria-hidden /> {t("Known")}
          </Badge>
        ) : (
          <Badge>{t("Unknown")}</Badge>
        )}
        <span className="text-sm text-ink-muted">{t("Since {{date}}", { date: date(customer.created_at) })}</span>
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className="grid content-start gap-5">
          <Card title={t("Attributes")}>
            <CustomerFields contact={customer} all />
          </Card>
          <Card title={t("Contact points")}>
            <Points
              contact={customer}
              {...(supervises(me.role)
                ? {
                    onOwner: ({ id }: { id: string }) => {
                      setOther(id);
                    },
                  }
                : {})}
            />
          </Card>
          <Card title={t("Tags")}>
            <CustomerTags contact={customer} />
          </Card>
          <Card title={t("Belongs to")}>
            <p className="text-sm">
              {customer.named
                ? t("Sticky agent: {{title}}", { title: `${customer.named.agent.name} · ${customer.named.title}` })
                : customer.last_agent
                  ? t("Last agent: {{name}}, until {{date}}", { name: customer.last_agent.agent.name, date: date(customer.last_agent.expires_at) })
                  : t("Nobody yet. The first agent to help becomes the last agent.")}
            </p>
          </Card>
          <Merges customer={customer} onUndone={refresh} />
        </div>
        <div className="grid content-start gap-5">
          <History id={customer.id} />
          <Changes id={customer.id} />
        </div>
      </div>
      {dialog === "merge" && !other ? (
        <PickCustomer
          title={t("Merge with another customer")}
          description={t("Choose who is the same person as {{name}}.", { name })}
          not={customer.id}
          onPick={(one) => {
            setOther(one.id);
          }}
          onClose={shut}
        />
      ) : null}
      {other ? (
        <MergeDialog
          ids={[customer.id, other]}
          onClose={shut}
          onDone={() => {
            shut();
            refresh();
          }}
        />
      ) : null}
      {dialog === "erase" ? (
        <EraseDialog
          id={customer.id}
          name={name}
          onClose={shut}
          onDone={() => {
            shut();
            refresh();
            toast(t("Erased on request"));
          }}
        />
      ) : null}
    </Page>
  );
}

function Merges({ customer, onUndone }: { customer: CustomerView; onUndone: () => void }) {
  const { api } = useBackend();
  const me = useMe();
  const merges = (customer.merges ?? []).filter((one) => one.into_id === customer.id);
  if (merges.length === 0) return null;
  return (
    <Card title={t("Merged customers")}>
      <ul className="grid gap-2 text-sm">
        {merges.map((one) => (
          <li key={one.id} className="flex items-center gap-2">
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{one.from_name}</span>
              <span className="block text-xs text-ink-muted">{t("{{date}} by {{name}}", { date: dateTime(one.at), name: one.by_name })}</span>
            </span>
            {supervises(me.role) ? (
              <Button
                aria-label={t("Undo the merge with {{name}}", { name: one.from_name })}
                onClick={() => {
                  api.customers.undoMerge(one.id).then(onUndone).catch(tell);
                }}
              >
                <Undo2 aria-hidden />
                {t("Undo")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function History({ id }: { id: string }) {
  const { api } = useBackend();
  const now = useNow();
  const [preview, setPreview] = useState<Summary>();
  const history = useInfiniteQuery(customerQueries.history(api, id));
  return (
    <Card title={t("Conversations")}>
      <Loaded query={history} what={t("the conversations")}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.items);
          if (list.length === 0) return <p className="text-sm text-ink-muted">{t("None that you may see.")}</p>;
          return (
            <ul className="-mx-2 grid grid-cols-1 gap-0.5">
              {list.map((one) => (
                <li key={one.id} className="flex items-center gap-1">
                  <HistoryRow
                    conversation={one}
                    now={now}
                    inbox
                    className="min-w-0 flex-1"
                    onShow={() => {
                      setPreview(one);
                    }}
                  />
                  <Link to="/conversations/$id" params={{ id: one.id }} className="shrink-0 px-2 text-xs underline">
                    {t("Open", { context: "verb" })}
                  </Link>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      <NextPage query={history}>{t("Show more")}</NextPage>
      {preview ? (
        <ConversationPreview
          conversation={preview}
          onClose={() => {
            setPreview(undefined);
          }}
        />
      ) : null}
    </Card>
  );
}

const actions = (): Record<string, string> => ({
  created: t("Added"),
  named: t("Named"),
  fields: t("Attributes changed"),
  tags: t("Tags changed"),
  point_added: t("Contact point added"),
  point_removed: t("Contact point removed"),
  point_changed: t("Contact point changed"),
  merged: t("Merged"),
  unmerged: t("Merge undone"),
  linked: t("Conversation linked"),
  unlinked: t("Conversation unlinked"),
  exported: t("Data handed out"),
});

function Changes({ id }: { id: string }) {
  const { api } = useBackend();
  const changes = useInfiniteQuery(customerQueries.changes(api, id));
  const attributes = useQuery(customerQueries.attributes(api)).data?.items ?? [];
  const names = actions();
  const said = ({ what, from, to }: NonNullable<ContactChange["detail"]>[number]) =>
    `${labelOf(what, attributes)}: ${from ?? "–"} → ${to ?? "–"}`;
  return (
    <Card title={t("Changes")}>
      <Loaded query={changes} what={t("the changes")}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.items);
          if (list.length === 0) return <p className="text-sm text-ink-muted">{t("Nothing was changed yet.")}</p>;
          return (
            <ol className="grid gap-2 text-sm">
              {list.map((one) => (
                <li key={one.id}>
                  <span className="block">
                    {names[one.action] ?? one.action}
                    {one.detail ? <span className="text-ink-muted"> · {one.detail.map(said).join("; ")}</span> : null}
                  </span>
                  <span className="block text-xs text-ink-muted">{t("{{date}} by {{name}}", { date: dateTime(one.at), name: one.by_name })}</span>
                </li>
              ))}
            </ol>
          );
        }}
      </Loaded>
      <NextPage query={changes}>{t("Show more")}</NextPage>
    </Card>
  );
}
