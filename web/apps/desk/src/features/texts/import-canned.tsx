import { t } from "@rapport/i18n";
import { Badge } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { CsvImport } from "@/lib/csv-import";

/** Imports canned responses from a file. */
export function ImportCanned({ onClose, onDone }: { onClose: () => void; onDone: (text: string) => void }) {
  const { api } = useBackend();
  return (
    <CsvImport
      title={t("Import canned responses")}
      columns={t("Columns: shortcut, title, body, and if you like folder and queues (names, separated by |). A short code that is there is changed.")}
      check={(csv) => api.canned.importCsv(csv, true)}
      store={async (csv) => {
        const { imported } = await api.canned.importCsv(csv, false);
        onDone(t("{{count}} canned responses imported", { count: imported }));
      }}
      heads={[t("Short code"), t("Title")]}
      cells={(row) => [row.shortcut, row.title]}
      wrong={(row) => row.error ?? ""}
      outcome={(row) => (row.action === "change" ? <Badge tone="accent">{t("Will be changed")}</Badge> : <Badge tone="positive">{t("Will be added")}</Badge>)}
      onClose={onClose}
    />
  );
}
