import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import type { AuditEntry } from "@rapport/core/api/types";
import { dateTime } from "@rapport/core/format";
import { said, t } from "@rapport/i18n";
import { Empty } from "@rapport/ui/marks";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { useBackend } from "@/lib/backend";
import { Loaded, NextPage, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { actionText, detailText, subjectText } from "./actions";
import { changedText, changes } from "./changes";

export function AuditPage() {
  const { api } = useBackend();
  const audit = useInfiniteQuery(queries.audit(api));
  const lines = useLines();
  return (
    <Page title={t("Audit log")} lead={t("What was changed in the set-up of this desk, by whom and when. Newest first.")}>
      <Loaded query={audit} what={t("the audit log")}>
        {(data) => {
          const entries = data.pages.flatMap((page) => page.items);
          if (entries.length === 0) {
            return <Empty icon={<ScrollText />} title={t("Nothing yet")}>{t("Each change of agents, queues, inboxes and settings is written down here.")}</Empty>;
          }
          return (
            <>
              {/* On a phone each entry stands in lines of its own. */}
              <Table label={t("Audit log")} stacked>
                <thead>
                  <tr>
                    <Th>{t("When")}</Th>
                    <Th>{t("Who")}</Th>
                    <Th>{t("What")}</Th>
                    <Th>{t("Subject")}</Th>
                    <Th>{t("Detail")}</Th>
                  </tr>
                </thead>
                <tbody>
                  {entries.map((entry) => (
                    <Tr key={entry.id}>
                      <Td className="text-ink-muted tabular-nums md:whitespace-nowrap">{dateTime(entry.at)}</Td>
                      <Td className="font-medium break-words">{entry.actor}</Td>
                      <Td className="md:whitespace-nowrap">{actionText(entry.action)}</Td>
                      <Td className="wrap-anywhere max-md:empty:hidden md:min-w-32">{subjectText(entry)}</Td>
                      <Td className="text-ink-muted wrap-anywhere max-md:empty:hidden md:min-w-64">
                        {lines(entry).map((line, at) => (
                          <p key={at}>{line}</p>
                        ))}
                      </Td>
                    </Tr>
                  ))}
                </tbody>
              </Table>
              <NextPage query={audit}>{t("Load older entries")}</NextPage>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

/** What an entry says of what was changed, line by line, with the names that the desk has. */
function useLines(): (entry: AuditEntry) => string[] {
  const { api } = useBackend();
  const named = [useQuery(queries.queues(api)).data, useQuery(queries.agents(api)).data, useQuery(queries.bots(api)).data, useQuery(queries.inboxes(api)).data];
  const described = [useQuery(queries.channels(api)).data?.items ?? [], useQuery(queries.botKinds(api)).data?.items ?? []].flat();
  const names = new Map(named.flatMap((list) => (list?.items ?? []).map((one) => [one.id, one.name] as const)));
  const options = new Map(described.flatMap((kind) => kind.options.map((one) => [one.name, said(one.label)] as const)));
  return (entry) => {
    const found = changes(entry.detail);
    if (found) return found.map((change) => changedText(entry.action, change, names, options));
    const text = detailText(entry);
    return text === "" ? [] : [text];
  };
}
