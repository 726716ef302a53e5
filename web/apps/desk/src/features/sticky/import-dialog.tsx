import { t } from "@rapport/i18n";
import { Badge } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { CsvImport } from "@/lib/csv-import";

/** Imports sticky agents from a file. */
export function ImportDialog({ onClose, onDone }: { onClose: () => void; onDone: (count: number) => void }) {
  const { api } = useBackend();
  return (
    <CsvImport
      title={t("Import sticky agents")}
      columns={t("Columns: title, customer (several separated by commas), agent (mail address), status (active or inactive).")}
      check={(csv) => api.sticky.importCsv(csv, true)}
      store={async (csv) => {
        onDone((await api.sticky.importCsv(csv, false)).imported);
      }}
      heads={[t("Title"), t("Customer"), t("Agent")]}
      cells={(row) => [row.title, row.customer, row.agent]}
      wrong={(row) => row.errors.join(" ")}
      outcome={() => <Badge tone="positive">{t("Will be added")}</Badge>}
      onClose={onClose}
    />
  );
}
