import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Empty } from "@rapport/ui/marks";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { useBackend } from "@/lib/backend";
import { Loaded, NextPage, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { actionText, detailText, subjectText } from "./actions";

export function AuditPage() {
  const { api } = useBackend();
  const audit = useInfiniteQuery(queries.audit(api));
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
              <Table label={t("Audit log")}>
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
                      <Td className="whitespace-nowrap text-ink-muted tabular-nums">{dateTime(entry.at)}</Td>
                      <Td className="font-medium whitespace-nowrap">{entry.actor}</Td>
                      <Td className="whitespace-nowrap">{actionText(entry.action)}</Td>
                      <Td>{subjectText(entry)}</Td>
                      <Td className="text-ink-muted">{detailText(entry)}</Td>
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
