import { type ReactNode, useState } from "react";
import { sentenceOf } from "@rapport/core/api/problem";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Choice } from "@rapport/ui/choice";
import { Dialog } from "@rapport/ui/dialog";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { CsvFile } from "./csv-file";
import { useEntered } from "./entered";
import { FormError, useSubmission } from "./form";

/** What would come of a file, line by line. */
export interface CsvReport<Row> {
  good: number;
  bad: number;
  rows: Row[];
}

export interface CsvImportProps<Row> {
  title: string;
  /** Which columns the file has, in words. */
  columns: string;
  /** Says what would come of the file; nothing is stored. */
  check: (csv: string) => Promise<CsvReport<Row>>;
  /** Stores the good lines, and tells so. */
  store: (csv: string) => Promise<void>;
  heads: string[];
  /** What stands in a line, under the heads. */
  cells: (row: Row) => string[];
  /** What is wrong with a line; empty if nothing is. */
  wrong: (row: Row) => string;
  /** What comes of a good line. */
  outcome: (row: Row) => ReactNode;
  onClose: () => void;
}

/** The server takes no more in one piece. */
const LARGEST = 5 << 20;

/** Reads a CSV file, shows what would come of each line, then imports the good ones. */
export function CsvImport<Row extends { line: number }>({ title, columns, check, store, onClose, ...lines }: CsvImportProps<Row>) {
  const [csv, setCsv] = useState("");
  const [report, setReport] = useState<CsvReport<Row>>();
  const [reading, setReading] = useState(false);
  const [failure, setFailure] = useState<string>();
  const form = useSubmission([], () => store(csv));
  const { leave, closedBy, watch, question } = useEntered(onClose, t("Nothing has been imported."));

  async function read(file: File): Promise<void> {
    setFailure(undefined);
    setReport(undefined);
    if (file.size > LARGEST) {
      setFailure(t("The file is larger than {{mb}} MB. Split it into smaller ones.", { mb: LARGEST >> 20 }));
      return;
    }
    setReading(true);
    try {
      const text = await file.text();
      setCsv(text);
      setReport(await check(text));
    } catch (error) {
      setFailure(sentenceOf(error));
    } finally {
      setReading(false);
    }
  }

  return (
    <>
      <Dialog
        open
        onOpenChange={leave}
        closedBy={closedBy}
        size="lg"
        title={title}
        description={t("You see what comes of each line before anything is stored.")}
        footer={
          <>
            <Button onClick={leave}>{t("Cancel")}</Button>
            <Button variant="primary" disabled={!report || report.good === 0 || form.busy} onClick={form.submit}>
              {report ? t("Import {{count}} good lines", { count: report.good }) : t("Import")}
            </Button>
          </>
        }
      >
        <div className="grid gap-4" {...watch}>
          <CsvFile
            chosen={report !== undefined}
            columns={columns}
            busy={reading ? t("Reading the file") : undefined}
            onFile={(file) => {
              void read(file);
            }}
          />
          <FormError>{failure ?? form.error}</FormError>
          {report ? <Preview report={report} {...lines} /> : null}
        </div>
      </Dialog>
      {question}
    </>
  );
}

function Preview<Row extends { line: number }>({ report, heads, cells, wrong, outcome }: { report: CsvReport<Row> } & Pick<CsvImportProps<Row>, "heads" | "cells" | "wrong" | "outcome">) {
  const [shown, setShown] = useState<"bad" | "all">(report.bad > 0 ? "bad" : "all");
  const rows = shown === "bad" ? report.rows.filter((row) => wrong(row)) : report.rows;
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
            {heads.map((head) => (
              <Th key={head}>{head}</Th>
            ))}
            <Th>{t("Result")}</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Tr key={row.line}>
              <Td className="h-9 text-end text-ink-muted tabular-nums">{row.line}</Td>
              {cells(row).map((cell, n) => (
                <Td key={heads[n]} className={n === 0 ? "h-9" : "h-9 text-ink-muted"}>
                  {cell}
                </Td>
              ))}
              <Td className="h-9 min-w-56">{wrong(row) ? <span className="text-danger">{wrong(row)}</span> : outcome(row)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
