import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, Search, Upload, UserRoundCheck } from "lucide-react";
import { useDeferredValue, useState } from "react";
import type { StickyAgent } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { date, dateTime, pointText } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Input } from "@rapport/ui/field";
import { Badge, Empty } from "@rapport/ui/marks";
import { MenuLine } from "@rapport/ui/menu";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { toast } from "@rapport/ui/toast";
import { ActionsMenu, ActionsTh, DeleteItem, EditItem, EnabledItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { DeleteDialog } from "@/lib/confirm-dialog";
import { AddButton, Loaded, NextPage, Page } from "@/lib/page";
import { PersonAvatar } from "@/lib/person";
import { queries } from "@/lib/queries";
import { tell, tellUndoable } from "@/lib/tell";
import { ImportDialog } from "./import-dialog";
import { StickyDialog } from "./sticky-dialog";

const SHOWN_POINTS = 3;

export function StickyPage() {
  const { api, client } = useBackend();
  const [text, setText] = useState("");
  const list = useInfiniteQuery(queries.sticky(api, useDeferredValue(text.trim())));
  const [edited, setEdited] = useState<StickyAgent | "new">();
  const [deleted, setDeleted] = useState<StickyAgent>();
  const [importing, setImporting] = useState(false);

  function refresh(): void {
    void client.invalidateQueries({ queryKey: keys.stickyAgents });
    void client.invalidateQueries({ queryKey: keys.contacts });
  }

  async function setEnabled(record: StickyAgent, enabled: boolean): Promise<void> {
    await api.sticky.change(record.id, { enabled });
    refresh();
    tellUndoable(enabled ? t("“{{title}}” is active", { title: record.title }) : t("“{{title}}” is inactive", { title: record.title }), () => setEnabled(record, !enabled));
  }

  const add = (
    <AddButton
      onClick={() => {
        setEdited("new");
      }}
    >
      {t("Add sticky agent")}
    </AddButton>
  );

  return (
    <Page
      title={t("Sticky agents")}
      lead={t("Customers who always reach the same agent. A sticky agent goes before the agent of the last conversation.")}
      actions={
        <>
          <Button
            onClick={() => {
              setImporting(true);
            }}
          >
            <Upload aria-hidden />
            {t("Import CSV")}
          </Button>
          <Button asChild>
            <a href={api.sticky.exportPath} download="sticky-agents.csv">
              <Download aria-hidden />
              {t("Export CSV")}
            </a>
          </Button>
          {add}
        </>
      }
    >
      <div className="relative max-w-80">
        <Search aria-hidden className="absolute top-2 start-2.5 size-4 text-ink-faint" />
        <Input
          type="search"
          aria-label={t("Search sticky agents")}
          placeholder={t("Title, number, mail address or agent")}
          className="ps-8"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </div>
      <Loaded query={list} what={t("the sticky agents")}>
        {(data) => {
          const records = data.pages.flatMap((page) => page.items);
          if (records.length === 0) {
            return text ? (
              <Empty icon={<Search />} title={t("No match")}>
                {t("No record contains “{{text}}”.", { text })}
              </Empty>
            ) : (
              <Empty icon={<UserRoundCheck />} title={t("No sticky agents yet")} action={add}>
                {t("Name the agent for customers who should always reach the same person, or import a list.")}
              </Empty>
            );
          }
          return (
            <>
              <Table label={t("Sticky agents")} stacked>
                <thead>
                  <tr>
                    <Th>{t("Title")}</Th>
                    <Th>{t("Customer numbers")}</Th>
                    <Th>{t("Agent")}</Th>
                    <Th>{t("Last updated on")}</Th>
                    <Th>{t("Status")}</Th>
                    <ActionsTh />
                  </tr>
                </thead>
                <tbody>
                  {records.map((record) => (
                    <Row
                      key={record.id}
                      record={record}
                      onEdit={() => {
                        setEdited(record);
                      }}
                      onDelete={() => {
                        setDeleted(record);
                      }}
                      onEnabled={(enabled) => {
                        setEnabled(record, enabled).catch(tell);
                      }}
                    />
                  ))}
                </tbody>
              </Table>
              <NextPage query={list}>{t("Load more")}</NextPage>
            </>
          );
        }}
      </Loaded>
      {edited ? (
        <StickyDialog
          record={edited === "new" ? undefined : edited}
          onClose={() => {
            setEdited(undefined);
          }}
          onSaved={(record) => {
            setEdited(undefined);
            refresh();
            toast(t("“{{title}}” saved", { title: record.title }));
          }}
        />
      ) : null}
      {deleted ? (
        <DeleteDialog
          name={`“${deleted.title}”`}
          remove={() => api.sticky.remove(deleted.id)}
          onClose={() => {
            setDeleted(undefined);
          }}
          onDeleted={() => {
            setDeleted(undefined);
            refresh();
            toast(t("“{{title}}” deleted", { title: deleted.title }));
          }}
        >
          {t("These customers are then routed like all others. To stop it only for a while, disable the record instead.")}
        </DeleteDialog>
      ) : null}
      {importing ? (
        <ImportDialog
          onClose={() => {
            setImporting(false);
          }}
          onDone={(count) => {
            setImporting(false);
            refresh();
            toast(t("{{count}} records imported", { count }));
          }}
        />
      ) : null}
    </Page>
  );
}

function Row({
  record,
  onEdit,
  onDelete,
  onEnabled,
}: {
  record: StickyAgent;
  onEdit: () => void;
  onDelete: () => void;
  onEnabled: (enabled: boolean) => void;
}) {
  const points = record.points.map(pointText);
  const rest = points.length - SHOWN_POINTS;
  return (
    <Tr>
      <Td className="font-medium">{record.title}</Td>
      <Td label={t("Customer numbers")} className="text-ink-muted tabular-nums" title={points.join(", ")}>
        {points.slice(0, SHOWN_POINTS).join(", ")}
        {rest > 0 ? t(" and {{rest}} more", { rest }) : ""}
      </Td>
      <Td label={t("Agent")}>
        <span className="flex items-center gap-2 whitespace-nowrap">
          <PersonAvatar name={record.agent_name ?? "?"} size="sm" />
          {record.agent_name ?? t("Deleted agent")}
        </span>
      </Td>
      <Td label={t("Last updated on")} className="whitespace-nowrap text-ink-muted tabular-nums" title={dateTime(record.updated_at)}>
        {date(record.updated_at)}
      </Td>
      <Td label={t("Status")}>
        <Badge tone={record.enabled ? "positive" : "neutral"}>{record.enabled ? t("Active") : t("Inactive")}</Badge>
      </Td>
      <Td corner className="w-10">
        <ActionsMenu name={record.title}>
          <EditItem onSelect={onEdit} />
          <EnabledItem enabled={record.enabled} onChange={onEnabled} />
          <MenuLine />
          <DeleteItem onSelect={onDelete} />
        </ActionsMenu>
      </Td>
    </Tr>
  );
}
