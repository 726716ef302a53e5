import type { ReactNode } from "react";
import { t } from "@rapport/i18n";
import { Confirm, type ConfirmProps } from "@rapport/ui/dialog";
import { FormError, useSubmission } from "./form";

/** Asks before a deed, then does it; a refusal is shown in the dialog, which stays open. */
export function ConfirmDialog({
  perform,
  onClose,
  children,
  ...question
}: Pick<ConfirmProps, "title" | "confirm" | "danger"> & {
  perform: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}) {
  const form = useSubmission([], perform);
  return (
    <Confirm open onOpenChange={onClose} busy={form.busy} onConfirm={form.submit} {...question}>
      <p>{children}</p>
      <FormError>{form.error}</FormError>
    </Confirm>
  );
}

/** Asks before something is deleted; the children say what becomes of what hangs on it. */
export function DeleteDialog({
  name,
  remove,
  onClose,
  onDeleted,
  children,
}: {
  name: string;
  remove: () => Promise<unknown>;
  onClose: () => void;
  onDeleted: () => void;
  children: ReactNode;
}) {
  const perform = async () => {
    await remove();
    onDeleted();
  };
  return (
    <ConfirmDialog title={t("Delete {{name}}?", { name })} confirm={t("Yes, delete")} danger perform={perform} onClose={onClose}>
      {children}
    </ConfirmDialog>
  );
}
