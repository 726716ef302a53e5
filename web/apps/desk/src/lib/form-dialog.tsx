import { type ReactNode, useId } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Dialog, type DialogProps } from "@rapport/ui/dialog";
import { FormError, type Submission } from "./form";

/** A form in a dialog: its fields, what was refused below them, and at the foot Cancel and the button that sends. */
export function FormDialog({
  form,
  submit,
  blocked = false,
  onClose,
  className,
  children,
  ...dialog
}: Pick<DialogProps, "title" | "description" | "size"> & {
  form: Submission;
  /** What the button that sends says. */
  submit: string;
  /** The form cannot be sent as it is. */
  blocked?: boolean;
  onClose: () => void;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      {...dialog}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button type="submit" form={id} variant="primary" disabled={blocked || form.busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={id} className={cn("grid gap-4", className)} onSubmit={form.submit}>
        {children}
        <FormError>{form.error}</FormError>
      </form>
    </Dialog>
  );
}
