import { type KeyboardEvent, type MouseEvent, type ReactNode, type SyntheticEvent, useState } from "react";
import { t } from "@rapport/i18n";
import { Confirm } from "@rapport/ui/dialog";

/** What a dialog in which something is entered does about it. */
export interface Entered {
  /** Something was entered; from then on a press outside no longer closes it. */
  entered: boolean;
  closedBy: "anything" | "escape";
  /** Closes the dialog, after a question once something was entered. */
  leave: () => void;
  /** For what holds the fields. */
  watch: {
    onChange: (event: SyntheticEvent<HTMLElement>) => void;
    onClick: (event: MouseEvent<HTMLElement>) => void;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    onDrop: () => void;
  };
  /** The question, beside the dialog. */
  question: ReactNode;
}

/** Asks before a dialog is closed in which something was entered; `lost` says what becomes of it. */
export function useEntered(onClose: () => void, lost = t("It has not been saved.")): Entered {
  const [entered, setEntered] = useState(false);
  const [asking, setAsking] = useState(false);
  const enter = () => {
    setEntered(true);
  };
  return {
    entered,
    closedBy: entered ? "escape" : "anything",
    leave: () => {
      if (entered) setAsking(true);
      else onClose();
    },
    watch: {
      onChange: (event) => {
        if (within(event)) enter();
      },
      onClick: (event) => {
        if (chooses(event)) enter();
      },
      onKeyDown: (event) => {
        if (picks(event)) enter();
      },
      onDrop: enter,
    },
    question: (
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
    ),
  };
}

/** React also tells it of what happens in lists and dialogs that its fields have opened elsewhere in the page. */
function within({ target, currentTarget }: SyntheticEvent<HTMLElement>): boolean {
  return target instanceof Node && currentTarget.contains(target);
}

/** A switch, one of several values, a line that is added or taken out; not what only shows more, or acts at once. */
function chooses(event: MouseEvent<HTMLElement>): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  return target.closest("[role=option]") !== null || (within(event) && target.closest("button:not([type=submit], [role=tab], [aria-haspopup], [aria-expanded], [data-acts])") !== null);
}

/** The option that is marked in a list to choose from. */
function picks({ key, target }: KeyboardEvent): boolean {
  return key === "Enter" && target instanceof Element && target.matches("[role=combobox]");
}
