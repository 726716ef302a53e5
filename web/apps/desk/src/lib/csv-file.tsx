import { FileUp } from "lucide-react";
import { t } from "@rapport/i18n";
import { Spinner } from "@rapport/ui/marks";

/** Chooses a CSV file. */
export function CsvFile({ chosen, columns, busy, disabled = false, onFile }: { chosen: boolean; columns: string; busy: string | undefined; disabled?: boolean; onFile: (file: File) => void }) {
  return (
    <label className="flex cursor-pointer items-center gap-3 rounded-lg border border-dashed border-control px-4 py-4 text-sm hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-focus">
      <FileUp aria-hidden className="size-5 shrink-0 text-ink-faint" />
      <span className="flex-1">
        <span className="block font-medium">{chosen ? t("Choose another file") : t("Choose a CSV file")}</span>
        <span className="block text-xs text-ink-muted">{columns}</span>
      </span>
      {busy ? <Spinner label={busy} /> : null}
      <input
        type="file"
        accept=".csv,text/csv"
        aria-label={t("CSV file")}
        className="sr-only"
        disabled={disabled}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
          event.target.value = "";
        }}
      />
    </label>
  );
}
