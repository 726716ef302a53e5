import { useState } from "react";
import type { CannedReport, CannedRow } from "@rapport/core/api/texts";
import { sentenceOf } from "@rapport/core/api/problem";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Choice } from "@rapport/ui/choice";
import { Dialog } from "@rapport/ui/dialog";
import { Badge } from "@rapport/ui/marks";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { useBackend } from "@/lib/backend";
import { CsvFile, LARGEST_CSV } from "@/lib/csv-file";
import { FormError, useSubmission } from "@/lib/form";

/** Reads a file of canned responses, shows what comes of each line, then imports the good ones. */
export function ImportCanned({ onClose, onDone }: { onClose: () => void; onDone: (text: string) => void }) {
  const { api } = useBackend();
  const [csv, setCsv] = useState("");
  const [report, setReport] = useState<CannedReport>();
  const [reading, setReading] = useState(false);
  const [failure, setFailure] = useState<string>();
  const form = useSubmission([], async () => {
    const { imported } = await api.canned.importCsv(csv, false);
    onDone(t("{{count}} canned responses imported", { count: imported }));
  });

  async function read(file: File): Promise<void> {
    setFailure(undefined);
    setReport(undefined);
    if (file.size > LARGEST_CSV) {
      setFailure(t("The file is larger than 20 MB. Split it into smaller ones."));
      return;
    }
    setReading(true);
    try {
      const text = await file.text();
      setCsv(text);
      setReport(await api.canned.importCsv(text, true));
    } catch (error) {
      setFailure(sentenceOf(error));
    } finally {
      setReading(false);
    }
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title={t("Import canned responses")}
      description={t("You see what comes of each line before anything is stored.")}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button variant="primary" disabled={!report || report.good === 0 || form.busy} onClick={form.submit}>
            {report ? t("Import {{count}} good lines", { count: report.good }) : t("Import")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <CsvFile
          chosen={report !== undefined}
          columns={t("Columns: shortcut, title, body, and if you like folder and queues (names, separated by |). A short code that is there is changed.")}
          busy={reading ? t("Reading the file") : undefined}
          onFile={(file) => {
            void read(file);
          }}
        />
        <FormError>{failure ?? form.error}</FormError>
        {report ? <Preview report={report} /> : null}
      </div>
    </Dialog>
  );
}

function Preview({ report }: { report: CannedReport }) {
  const [shown, setShown] = useState<"bad" | "all">(report.bad > 0 ? "bad" : "all");
  const rows = shown === "bad" ? report.rows.filter((row) => row.error) : report.rows;
  return (
    <section aria-label={t("Preview")} className="grid gap-2.5">
      <div className="flex flex-wrap items-center gap-2.5">
        <p role="status" className="flex-1 text-sm">
          {t("{{good}} good, {{bad}} bad.", { good: report.good, bad: report.bad })} {report.bad > 0 ? t("Bad lines are left out.") : null}
        </p>
        {report.bad > 0 ? (
          <Choice
            label={t("Lines shown")}
            value={shown}
            onChange={setShown}
            options={[
              { value: "bad", label: t("Bad ({{bad}})", { bad: report.bad }) },
              { value: "all", label: t("All ({{n}})", { n: report.rows.length }) },
            ]}
          />
        ) : null}
      </div>
      <Table label={t("Lines of the file")}>
        <thead>
          <tr>
            <Th className="text-end">{t("Line")}</Th>
            <Th className="text-start">{t("Short code")}</Th>
            <Th className="text-start">{t("Title")}</Th>
            <Th className="text-start">{t("Result")}</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Tr key={row.line}>
              <Td className="h-9 text-end text-ink-muted tabular-nums">{row.line}</Td>
              <Td className="h-9">{row.shortcut}</Td>
              <Td className="h-9 text-ink-muted">{row.title}</Td>
              <Td className="h-9 min-w-56">
                <Result row={row} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

function Result({ row }: { row: CannedRow }) {
  if (row.error) return <span className="text-danger">{row.error}</span>;
  return row.action === "change" ? <Badge tone="accent">{t("Will be changed")}</Badge> : <Badge tone="positive">{t("Will be added")}</Badge>;
}
