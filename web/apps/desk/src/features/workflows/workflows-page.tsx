import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Copy, TextCursorInput, Workflow as FlowIcon } from "lucide-react";
import { useState } from "react";
import { keys } from "@rapport/core/apply";
import { ago, dateTime } from "@rapport/core/format";
import type { WorkflowLine } from "@rapport/core/workflow/types";
import { triggerText } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { Switch } from "@rapport/ui/field";
import { Badge, Empty } from "@rapport/ui/marks";
import { MenuItem, MenuLine } from "@rapport/ui/menu";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { toast } from "@rapport/ui/toast";
import { ActionsMenu, ActionsTh, DeleteItem, EditItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { DeleteDialog } from "@/lib/confirm-dialog";
import { useNow } from "@/lib/now";
import { AddButton, Loaded, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { tell, tellUndoable } from "@/lib/tell";
import { namesOf, usePeople } from "./names";
import { stateOf } from "./state";
import { NewDialog, RenameDialog } from "./workflow-dialog";

const POLL = 15_000;

export function WorkflowsPage() {
  const { api, client } = useBackend();
  const navigate = useNavigate();
  const workflows = useQuery({ ...queries.workflows(api), refetchInterval: POLL });
  const vocabulary = useQuery(queries.vocabulary(api)).data;
  const people = usePeople();
  const now = useNow();
  const [creating, setCreating] = useState(false);
  const [renamed, setRenamed] = useState<WorkflowLine>();
  const [deleted, setDeleted] = useState<WorkflowLine>();

  const refresh = () => client.invalidateQueries({ queryKey: keys.workflows });
  const open = (id: string) => navigate({ to: "/admin/workflows/$workflowId", params: { workflowId: id } });

  async function setEnabled(workflow: WorkflowLine, enabled: boolean): Promise<void> {
    await api.workflows.change(workflow.id, { enabled });
    await refresh();
    tellUndoable(enabled ? t("{{name}} is on", { name: workflow.name }) : t("{{name}} is off", { name: workflow.name }), () => setEnabled(workflow, !enabled));
  }

  async function duplicate(workflow: WorkflowLine): Promise<void> {
    const { draft } = await api.workflows.read(workflow.id);
    const names = new Set(workflows.data?.items.map((one) => one.name));
    let name = t("{{name}} (copy)", { name: workflow.name.slice(0, 68) });
    for (let n = 2; names.has(name); n++) name = t("{{name}} (copy {{number}})", { name: workflow.name.slice(0, 66), number: n });
    const { name: _name, ...definition } = draft;
    const made = await api.workflows.create({ name, definition });
    await refresh();
    toast(t("{{name}} created", { name: made.name }), { action: { label: t("Open", { context: "verb" }), perform: () => void open(made.id) } });
  }

  const add = (
    <AddButton
      onClick={() => {
        setCreating(true);
      }}
    >
      {t("New workflow")}
    </AddButton>
  );

  return (
    <Page title={t("Workflows")} lead={t("When something happens to a conversation, a workflow takes steps: assign, wait, ask, tell. What you edit is a draft until you publish it.")} actions={add}>
      <Loaded query={workflows} what={t("the workflows")}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={<FlowIcon />} title={t("No workflows yet")} action={add}>
              {t("Start from a template, such as giving a conversation to somebody else if the first agent does not answer.")}
            </Empty>
          ) : (
            <Table label={t("Workflows")} stacked>
              <thead>
                <tr>
                  <Th>{t("Workflow")}</Th>
                  <Th>{t("State")}</Th>
                  <Th>{t("Starts when")}</Th>
                  <Th className="text-end">{t("Running")}</Th>
                  <Th>{t("Updated")}</Th>
                  <Th>{t("On")}</Th>
                  <ActionsTh />
                </tr>
              </thead>
              <tbody>
                {items.map((workflow) => {
                  const { label, tone, also } = stateOf(workflow);
                  return (
                    <Tr key={workflow.id}>
                      <Td className="min-w-44 font-medium">
                        <Link to="/admin/workflows/$workflowId" params={{ workflowId: workflow.id }} className="rounded-sm underline-offset-2 hover:underline">
                          {workflow.name}
                        </Link>
                      </Td>
                      <Td label={t("State")}>
                        <span className="flex flex-wrap items-center gap-1">
                          <Badge tone={tone}>{label}</Badge>
                          {also ? <Badge tone="warning">{also}</Badge> : null}
                        </span>
                      </Td>
                      <Td label={t("Starts when")} className="min-w-56 text-ink-muted">
                        {vocabulary ? triggerText(vocabulary, workflow.trigger ?? { kind: "" }, namesOf(people, vocabulary)) : "…"}
                      </Td>
                      <Td label={t("Running")} className="text-end tabular-nums">
                        {workflow.active_runs}
                      </Td>
                      <Td label={t("Updated")} className="whitespace-nowrap text-ink-muted tabular-nums" title={dateTime(workflow.updated_at)}>
                        {ago(workflow.updated_at, now)}
                      </Td>
                      <Td label={t("On")}>
                        <Switch
                          aria-label={t("{{name}} is on", { name: workflow.name })}
                          checked={workflow.enabled && workflow.published > 0}
                          disabled={workflow.published === 0}
                          title={workflow.published === 0 ? t("Publish it first") : undefined}
                          onCheckedChange={(enabled) => {
                            setEnabled(workflow, enabled).catch(tell);
                          }}
                        />
                      </Td>
                      <Td corner className="w-10">
                        <ActionsMenu name={workflow.name}>
                          <EditItem onSelect={() => void open(workflow.id)} />
                          <MenuItem
                            onSelect={() => {
                              setRenamed(workflow);
                            }}
                          >
                            <TextCursorInput aria-hidden />
                            {t("Rename")}
                          </MenuItem>
                          <MenuItem
                            onSelect={() => {
                              duplicate(workflow).catch(tell);
                            }}
                          >
                            <Copy aria-hidden />
                            {t("Duplicate")}
                          </MenuItem>
                          <MenuLine />
                          <DeleteItem
                            onSelect={() => {
                              setDeleted(workflow);
                            }}
                          />
                        </ActionsMenu>
                      </Td>
                    </Tr>
                  );
                })}
              </tbody>
            </Table>
          )
        }
      </Loaded>
      {creating ? (
        <NewDialog
          onClose={() => {
            setCreating(false);
          }}
          onCreated={(workflow) => {
            setCreating(false);
            void refresh();
            void open(workflow.id);
          }}
        />
      ) : null}
      {renamed ? (
        <RenameDialog
          workflow={renamed}
          onClose={() => {
            setRenamed(undefined);
          }}
          onSaved={(name) => {
            setRenamed(undefined);
            void refresh();
            toast(t("Renamed to {{name}}", { name }));
          }}
        />
      ) : null}
      {deleted ? (
        <DeleteDialog
          name={`“${deleted.name}”`}
          remove={() => api.workflows.remove(deleted.id)}
          onClose={() => {
            setDeleted(undefined);
          }}
          onDeleted={() => {
            setDeleted(undefined);
            void refresh();
            toast(t("“{{name}}” deleted", { name: deleted.name }));
          }}
        >
          {deleted.active_runs > 0 ? `${t("{{count}} running conversations are stopped where they are.", { count: deleted.active_runs })} ` : null}
          {t("Its versions and logs go too. To stop it only for a while, switch it off instead.")}
        </DeleteDialog>
      ) : null}
    </Page>
  );
}
