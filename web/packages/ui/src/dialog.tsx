import { X } from "lucide-react";
import { AlertDialog as RadixAlert, Dialog as RadixDialog } from "radix-ui";
import type { ReactNode } from "react";
import { t } from "@rapport/i18n";
import { Button } from "./button";
import { cn } from "./cn";
import { focusBack } from "./focus";

const scrim = "fixed inset-0 z-40 bg-scrim data-[state=open]:animate-fade";
const panel =
  "fixed top-[10dvh] left-1/2 z-50 flex max-h-[82dvh] w-[calc(100vw-24px)] -translate-x-1/2 flex-col rounded-xl border border-line-strong bg-raised shadow-pop data-[state=open]:animate-enter focus:outline-none";

const widths = { sm: "max-w-sm", md: "max-w-lg", lg: "max-w-3xl", xl: "max-w-5xl" };

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  size?: keyof typeof widths;
  /** What closes it beside its buttons: Escape and a press outside, only Escape, or nothing. */
  closedBy?: "anything" | "escape" | "buttons";
  children: ReactNode;
  /** Buttons at the foot; the body scrolls above them. */
  footer?: ReactNode;
}

/** A modal dialog. Focus goes in when it opens and back to where it was when it closes. */
export function Dialog({ open, onOpenChange, title, description, size = "md", closedBy = "anything", children, footer }: DialogProps) {
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={scrim} />
        <RadixDialog.Content
          className={cn(panel, widths[size])}
          onCloseAutoFocus={focusBack}
          onEscapeKeyDown={(event) => {
            // A field that closes something of its own first.
            const own = event.target instanceof Element && event.target.closest("[data-own-escape]");
            if (own || closedBy === "buttons") event.preventDefault();
          }}
          onInteractOutside={(event) => {
            if (closedBy !== "anything") event.preventDefault();
          }}
          {...(description ? {} : { "aria-describedby": undefined })}>
          <header className="flex items-center gap-3 border-b border-line px-5 py-3.5">
            <div className="min-w-0 flex-1">
              <RadixDialog.Title className="text-md font-semibold">{title}</RadixDialog.Title>
              {description ? (
                <RadixDialog.Description className="mt-0.5 text-sm text-ink-muted">{description}</RadixDialog.Description>
              ) : null}
            </div>
            <RadixDialog.Close asChild>
              <Button variant="ghost" size="icon-sm" aria-label={t("Close dialog")} className="-me-2">
                <X />
              </Button>
            </RadixDialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer ? <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer> : null}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

export interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  /** What the button that goes on says, e.g. "Yes, delete". */
  confirm: string;
  /** What the other one says; else Cancel. */
  cancel?: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
}

/** Asks before something that cannot be undone, also above the dialog in which that would happen. */
export function Confirm({ open, onOpenChange, title, children, confirm, cancel = t("Cancel"), danger, busy, onConfirm }: ConfirmProps) {
  return (
    <RadixAlert.Root open={open} onOpenChange={onOpenChange}>
      <RadixAlert.Portal>
        <RadixAlert.Overlay className={cn(scrim, "z-50")} />
        <RadixAlert.Content className={cn(panel, "max-w-sm p-5")} onCloseAutoFocus={focusBack}>
          <RadixAlert.Title className="text-md font-semibold">{title}</RadixAlert.Title>
          <RadixAlert.Description asChild>
            <div className="mt-1.5 text-sm text-ink-muted">{children}</div>
          </RadixAlert.Description>
          <div className="mt-5 flex justify-end gap-2">
            <RadixAlert.Cancel asChild>
              <Button>{cancel}</Button>
            </RadixAlert.Cancel>
            <Button variant={danger ? "danger" : "primary"} disabled={busy} onClick={onConfirm}>
              {confirm}
            </Button>
          </div>
        </RadixAlert.Content>
      </RadixAlert.Portal>
    </RadixAlert.Root>
  );
}
