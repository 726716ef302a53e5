import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { useState } from "react";
import type { Attribute, Pair } from "@rapport/core/api/customers";
import type { Contact } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { pointText } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Empty } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { Loaded, NextPage, Page } from "@/lib/page";
import { tell } from "@/lib/tell";
import { shownValue } from "./attributes";
import { customerQueries, labelOf } from "./customer-queries";
import { MergeDialog } from "./merge-dialog";

/** Pairs who may be the same person: to be merged, or told apart for good. */
export function DuplicatesPage() {
  const { api, client } = useBackend();
  const [merged, setMerged] = useState<Pair>();
  const pairs = useInfiniteQuery(customerQueries.duplicates(api));
  const attributes = useQuery(customerQueries.attributes(api)).data?.items ?? [];
  const refresh = () => {
    setMerged(undefined);
    void client.invalidateQueries({ queryKey: keys.customers });
  };
  const why = ({ reason, shared }: Pair): string => {
    if (reason === "phone") return t("The same phone number: {{shared}}", { shared });
    if (reason === "email") return t("The same e-mail address: {{shared}}", { shared });
    const [field = "", value = ""] = shared.split(": ");
    return t("Names that are alike, and the same {{field}}: {{value}}", { field: labelOf(field, attributes), value });
  };
  return (
    <Page title={t("Duplicates")} lead={t("Customers who may be the same person. Nobody is merged by itself.")}>
      <Loaded query={pairs} what={t("the duplicates")}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.items);
          if (list.length === 0) {
            return (
              <Empty icon={<UsersRound />} title={t("No duplicates")}>
                <p>{t("No two customers share a phone number, an e-mail address, or a name and an attribute.")}</p>
              </Empty>
            );
          }
          return (
            <>
              <ul aria-label={t("Duplicates")} className="grid gap-3">
                {list.map((pair) => (
                  <li key={`${pair.a.id} ${pair.b.id}`} className="grid gap-3 rounded-lg border border-line bg-surface p-4">
                    <p className="text-sm text-ink-muted">{why(pair)}</p>
                    <div className="grid gap-3 sm:grid-cols-2">
                      <One contact={pair.a} name={pair.a_name} attributes={attributes} />
                      <One contact={pair.b} name={pair.b_name} attributes={attributes} />
                    </div>
                    <div className="flex flex-wrap gap-2">
                      <Button
                        onClick={() => {
                          setMerged(pair);
                        }}
                      >
                        {t("Compare and merge")}
                      </Button>
                      <Button
                        variant="ghost"
                        onClick={() => {
                          api.customers.dismiss(pair.a.id, pair.b.id).then(refresh).catch(tell);
                        }}
                      >
                        {t("Not the same")}
                      </Button>
                    </div>
                  </li>
                ))}
              </ul>
              <NextPage query={pairs}>{t("Show more")}</NextPage>
            </>
          );
        }}
      </Loaded>
      {merged ? (
        <MergeDialog
          ids={[merged.a.id, merged.b.id]}
          onClose={() => {
            setMerged(undefined);
          }}
          onDone={refresh}
        />
      ) : null}
    </Page>
  );
}

function One({ contact, name, attributes }: { contact: Contact; name: string; attributes: readonly Attribute[] }) {
  const fields = Object.entries(contact.fields ?? {});
  return (
    <div className="min-w-0">
      <Link to="/customers/$customerId" params={{ customerId: contact.id }} className="block truncate text-sm font-medium hover:underline">
        {name}
      </Link>
      <p className="truncate text-xs text-ink-muted">{contact.points.map(pointText).join(", ")}</p>
      <p className="truncate text-xs text-ink-muted">{fields.map(([field, value]) => shownValue(attributes.find((one) => one.name === field), value)).join(" · ")}</p>
    </div>
  );
}
