import { Dialog as RadixDialog } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@rapport/ui/cn";
import { focusBack } from "@rapport/ui/focus";

/** A dialog over everything in which one finds something by typing. */
export function FinderDialog({
  open,
  title,
  className,
  onClose,
  onClosed,
  children,
}: {
  open: boolean;
  title: string;
  className: string;
  onClose: () => void;
  /** Closing gives the focus back; what moves it has to come after that. */
  onClosed?: (() => void) | undefined;
  children: ReactNode;
}) {
  return (
    <RadixDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <RadixDialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            focusBack(event);
            onClosed?.();
          }}
          className={cn("fixed left-1/2 z-50 w-[calc(100vw-24px)] -translate-x-1/2 overflow-hidden rounded-xl border border-line-strong bg-raised shadow-pop", className)}
        >
          <RadixDialog.Title className="sr-only">{title}</RadixDialog.Title>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** How the heading of a group of findings looks. */
export const findings =
  "[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-muted";
