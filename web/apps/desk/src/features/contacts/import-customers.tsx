import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sentenceOf } from "@rapport/core/api/problem";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { useBackend } from "@/lib/backend";
import { CsvFile } from "@/lib/csv-file";
import { useEntered } from "@/lib/entered";
import { FormError } from "@/lib/form";

const LOOK_AGAIN = 500;

/** A file larger than this is no list that a person made. */
const LARGEST = 20 << 20;

/** Sends a CSV file, shows what would come of it, then has it imported, with progress. */
export function ImportCustomers({ onClose }: { onClose: () => void }) {
  const { api, client } = useBackend();
  const [id, setId] = useState<string>();
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string>();
  const run = useQuery({
    queryKey: [...keys.customers, "import", id],
    queryFn: ({ signal }) => api.customers.import(id ?? "", signal),
    enabled: id !== undefined,
    staleTime: 0,
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data?.status === "checking" || state.data?.status === "running" ? LOOK_AGAIN : false),
  });
  const state = run.data;
  const ended = state?.status === "done" || state?.status === "failed";
  const busy = sending || state?.status === "checking" || state?.status === "running";

  async function send(file: File): Promise<void> {
    setFailure(undefined);
    if (file.size > LARGEST) {
      setFailure(t("The file is larger than {{mb}} MB. Split it into smaller ones.", { mb: LARGEST >> 20 }));
      return;
    }
    setSending(true);
    try {
      setId((await api.customers.upload(await file.text(), file.name)).id);
    } catch (error) {
      setFailure(sentenceOf(error));
    } finally {
      setSending(false);
    }
  }

  async function start(): Promise<void> {
    if (!id) return;
    try {
      await api.customers.startImport(id);
      await run.refetch();
    } catch (error) {
      setFailure(sentenceOf(error));
    }
  }

  const close = () => {
    void client.invalidateQueries({ queryKey: keys.customers });
    onClose();
  };
  const { leave: ask, closedBy, watch, question } = useEntered(close, t("Nothing has been imported."));
  // What has begun goes on by itself.
  const leave = ended || state?.status === "running" ? close : ask;

  return (
    <>
      <Dialog
        open
        onOpenChange={leave}
        closedBy={closedBy}
        size="lg"
        title={t("Import customers")}
        description={t("You see what comes of each line before anything is stored.")}
        footer={
          <>
            <Button onClick={leave}>{ended ? t("Done") : t("Cancel")}</Button>
            {ended ? null : (
              <Button
                variant="primary"
                disabled={state?.status !== "checked" || state.good === 0}
                onClick={() => {
                  void start();
                }}
              >
                {t("Import")}
              </Button>
            )}
          </>
        }
      >
        <div className="grid gap-4 text-sm" {...watch}>
          <CsvFile
            chosen={state !== undefined}
            columns={t("Columns: name, points, tags, and the names of attributes. A line with a known address changes that customer.")}
            busy={busy ? t("Working on the file") : undefined}
            disabled={busy}
            onFile={(file) => {
              void send(file);
            }}
          />
          <FormError>{failure ?? (run.error ? sentenceOf(run.error) : state?.error)}</FormError>
          {state && state.lines > 0 ? (
            <div className="grid gap-2" aria-live="polite">
              {state.status === "running" || state.status === "checking" ? (
                <progress className="w-full" aria-label={t("Progress")} max={state.lines} value={state.done} />
              ) : null}
              <p>
                {ended
                  ? t("Imported: {{added}} new, {{changed}} changed, {{skipped}} as they were, {{bad}} bad lines.", state as never)
                  : t("Of {{lines}} lines: {{added}} new, {{changed}} changed, {{skipped}} as they are, {{bad}} bad.", state as never)}
              </p>
            </div>
          ) : null}
          {state && state.problems.length > 0 ? (
            <Table label={t("Bad lines")}>
              <thead>
                <tr>
                  <Th className="text-end">{t("Line")}</Th>
                  <Th>{t("Name")}</Th>
                  <Th>{t("What is wrong")}</Th>
                </tr>
              </thead>
              <tbody>
                {state.problems.map((one) => (
                  <Tr key={one.line}>
                    <Td className="text-end tabular-nums">{one.line}</Td>
                    <Td>{one.name}</Td>
                    <Td>{one.errors.join(" ")}</Td>
                  </Tr>
                ))}
              </tbody>
            </Table>
          ) : null}
        </div>
      </Dialog>
      {question}
    </>
  );
}
