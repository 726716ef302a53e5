import { type ReactNode, useId } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Dialog, type DialogProps } from "@rapport/ui/dialog";
import { useEntered } from "./entered";
import { FormError, type Submission } from "./form";

/**
 * A form in a dialog: its fields, what was refused below them, and at the foot Cancel and the button that sends.
 * Once something was entered, it asks before it is closed without having been sent.
 */
export function FormDialog({
  form,
  submit,
  blocked = false,
  onClose,
  lost,
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
  /** What becomes of what was entered, if it is closed. */
  lost?: string;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  const { leave, watch, question } = useEntered(onClose, lost);
  return (
    <>
      <Dialog
        open
        onOpenChange={leave}
        closedBy="escape"
        {...dialog}
        footer={
          <>
            <Button onClick={leave}>{t("Cancel")}</Button>
            <Button type="submit" form={id} variant="primary" disabled={blocked || form.busy}>
              {submit}
            </Button>
          </>
        }
      >
        <form id={id} className={cn("grid gap-4", className)} onSubmit={form.submit} {...watch}>
          {children}
          <FormError>{form.error}</FormError>
        </form>
      </Dialog>
      {question}
    </>
  );
}
