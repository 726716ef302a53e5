import type { ReactNode } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { CopyButton } from "@rapport/ui/copy";
import { Dialog } from "@rapport/ui/dialog";

/** Shows links or secrets that cannot be seen again; only its buttons close it. */
export function OnceDialog({
  title,
  description,
  values,
  onClose,
}: {
  title: string;
  description: ReactNode;
  values: { label: string; value: string }[];
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      closedBy="buttons"
      title={title}
      description={description}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t("Done")}
        </Button>
      }
    >
      <dl className="grid gap-4">
        {values.map(({ label, value }) => (
          <div key={label}>
            <dt className="mb-1 text-sm font-medium">{label}</dt>
            <dd className="flex items-center gap-2 rounded-md border border-line bg-canvas py-1 pe-1 ps-3">
              <code className="min-w-0 flex-1 font-mono text-xs break-all">{value}</code>
              <CopyButton text={value} label={t("Copy {{label}}", { label: label.toLowerCase() })} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
