import { type KeyboardEvent, type MouseEvent, type ReactNode, type SyntheticEvent, useId, useState } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Confirm, Dialog, type DialogProps } from "@rapport/ui/dialog";
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
  lost = t("It has not been saved."),
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
  const [entered, setEntered] = useState(false);
  const [asking, setAsking] = useState(false);
  const enter = () => {
    setEntered(true);
  };
  const leave = () => {
    if (entered) setAsking(true);
    else onClose();
  };
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
        <form
          id={id}
          className={cn("grid gap-4", className)}
          onSubmit={form.submit}
          onChange={(event) => {
            if (within(event)) enter();
          }}
          onClick={(event) => {
            if (chooses(event)) enter();
          }}
          onKeyDown={(event) => {
            if (picks(event)) enter();
          }}
          onDrop={enter}
        >
          {children}
          <FormError>{form.error}</FormError>
        </form>
      </Dialog>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t("Discard what you entered?")}
        confirm={t("Discard")}
        cancel={t("Go on editing")}
        danger
        onConfirm={onClose}
      >
        {lost}
      </Confirm>
    </>
  );
}

/** React also tells a form of what happens in lists and dialogs that its fields have opened elsewhere in the page. */
function within({ target, currentTarget }: SyntheticEvent<HTMLFormElement>): boolean {
  return target instanceof Node && currentTarget.contains(target);
}

/** A switch, one of several values, a line that is added or taken out; not what only shows more. */
function chooses(event: MouseEvent<HTMLFormElement>): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  return target.closest("[role=option]") !== null || (within(event) && target.closest("button:not([type=submit], [role=tab], [aria-haspopup], [aria-expanded])") !== null);
}

/** The option that is marked in a list to choose from. */
function picks({ key, target }: KeyboardEvent): boolean {
  return key === "Enter" && target instanceof Element && target.matches("[role=combobox]");
}
