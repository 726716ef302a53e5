import { useState } from "react";
import type { ImportReport } from "@rapport/core/api/types";
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

/** Reads a CSV file, shows what would come of each line, then imports the good ones. */
export function ImportDialog({ onClose, onDone }: { onClose: () => void; onDone: (count: number) => void }) {
  const { api } = useBackend();
  const [csv, setCsv] = useState("");
  const [report, setReport] = useState<ImportReport>();
  const [reading, setReading] = useState(false);
  const [failure, setFailure] = useState<string>();
  const form = useSubmission([], async () => {
    onDone((await api.sticky.importCsv(csv, false)).imported);
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
      setReport(await api.sticky.importCsv(text, true));
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
      title={t("Import sticky agents")}
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
          columns={t("Columns: title, customer (several separated by commas), agent (mail address), status (active or inactive).")}
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

function Preview({ report }: { report: ImportReport }) {
  const [shown, setShown] = useState<"bad" | "all">(report.bad > 0 ? "bad" : "all");
  const rows = shown === "bad" ? report.rows.filter((row) => !row.ok) : report.rows;
  return (
    <section aria-label={t("Preview")} className="grid gap-2.5">
      <div className="flex flex-wrap items-center gap-2.5">
        <p role="status" className="flex-1 text-sm">
          <span className="font-medium">{report.good}</span> {t("good")}, <span className="font-medium">{report.bad}</span> {t("bad")}.
          {report.bad > 0 ? ` ${t("Bad lines are left out.")}` : null}
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
            <Th>{t("Title")}</Th>
            <Th>{t("Customer")}</Th>
            <Th>{t("Agent")}</Th>
            <Th>{t("Result")}</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Tr key={row.line}>
              <Td className="h-9 text-end text-ink-muted tabular-nums">{row.line}</Td>
              <Td className="h-9">{row.title}</Td>
              <Td className="h-9 text-ink-muted">{row.customer}</Td>
              <Td className="h-9 text-ink-muted">{row.agent}</Td>
              <Td className="h-9 min-w-56">
                {row.ok ? <Badge tone="positive">{t("Will be added")}</Badge> : <span className="text-danger">{row.errors.join(" ")}</span>}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
