import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";
import { keys } from "@rapport/core/apply";
import { dateTime } from "@rapport/core/format";
import { differences } from "@rapport/core/workflow/diff";
import type { WorkflowVersion } from "@rapport/core/workflow/types";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Badge, Empty } from "@rapport/ui/marks";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { ConfirmDialog } from "@/lib/confirm-dialog";
import { Loaded, RowsLoading } from "@/lib/page";
import { queries } from "@/lib/queries";
import { useBuilder } from "./context";
import { DiffList } from "./diff-list";
import { SidePanel } from "./step-panel";

/** What was published, what was different each time, and the way back. */
export function VersionsPanel() {
  const { api, client } = useBackend();
  const { workflow, builder } = useBuilder();
  const versions = useQuery(queries.workflowVersions(api, workflow.id));
  const [opened, setOpened] = useState<number>();
  const [back, setBack] = useState<WorkflowVersion>();
  return (
    <SidePanel
      title={t("Version history")}
      icon={<History aria-hidden className="size-4 text-ink-faint" />}
      onClose={() => {
        builder.draft.show(undefined);
      }}
    >
      <Loaded query={versions} what={t("the versions")}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={<History />} title={t("Not published yet")} className="px-2">
              {t("Each time you publish, a version is kept here with what changed.")}
            </Empty>
          ) : (
            <>
              <p className="mb-3 text-sm text-ink-muted">{t("Running conversations finish on the version they began with.")}</p>
              <ol className="grid gap-2">
                {items.map((version) => {
                  const open = opened === version.version;
                  return (
                    <li key={version.version} className="rounded-md border border-line">
                      <button
                        type="button"
                        aria-expanded={open}
                        onClick={() => {
                          setOpened(open ? undefined : version.version);
                        }}
                        className="grid w-full gap-0.5 rounded-md px-3 py-2 text-start hover:bg-hover"
                      >
                        <span className="flex items-center gap-2 text-sm font-medium">
                          {t("Version {{version}}", { version: version.version })}
                          {version.version === workflow.published ? <Badge tone="positive">{t("Live")}</Badge> : null}
                        </span>
                        {version.note ? <span className="text-sm">{version.note}</span> : null}
                        <span className="text-xs text-ink-muted">
                          {version.by_name}, {dateTime(version.published_at)}
                        </span>
                      </button>
                      {open ? (
                        <div className="grid gap-3 border-t border-line px-3 py-2.5">
                          <VersionDiff version={version.version} />
                          {version.version === workflow.published ? null : (
                            <Button
                              size="sm"
                              className="justify-self-start"
                              onClick={() => {
                                setBack(version);
                              }}
                            >
                              {t("Go back to this version")}
                            </Button>
                          )}
                        </div>
                      ) : null}
                    </li>
                  );
                })}
              </ol>
            </>
          )
        }
      </Loaded>
      {back ? (
        <ConfirmDialog
          title={t("Go back to version {{version}}?", { version: back.version })}
          confirm={t("Publish it as version {{version}}", { version: workflow.versions + 1 })}
          onClose={() => {
            setBack(undefined);
          }}
          perform={async () => {
            await builder.draft.flush();
            await api.workflows.rollback(workflow.id, back.version);
            const fresh = await api.workflows.read(workflow.id);
            client.setQueryData(keys.workflow(workflow.id), fresh);
            builder.draft.replace(fresh.draft, fresh.problems);
            void client.invalidateQueries({ queryKey: keys.workflowVersions(workflow.id) });
            void client.invalidateQueries({ queryKey: keys.workflows });
            setBack(undefined);
            toast(t("Version {{published}} is live: the same as version {{version}}", { published: fresh.published, version: back.version }));
          }}
        >
          {t("It is published again as a new version, and the draft becomes the same; Undo brings your draft back. Running conversations finish on the version they began with.")}
        </ConfirmDialog>
      ) : null}
    </SidePanel>
  );
}

function VersionDiff({ version }: { version: number }) {
  const { api } = useBackend();
  const { workflow, vocabulary, names } = useBuilder();
  const one = useQuery({
    queryKey: [...keys.workflowVersions(workflow.id), version],
    queryFn: () => api.workflows.version(workflow.id, version),
  });
  return (
    <Loaded query={one} what={t("the version")} loading={<RowsLoading rows={2} />}>
      {({ definition, before }) =>
        definition ? (
          <section aria-label={t("What changed in version {{version}}", { version })}>
            <DiffList differences={differences(before ?? null, definition, vocabulary, names)} />
          </section>
        ) : null
      }
    </Loaded>
  );
}
