import { sentenceOf } from "@rapport/core/api/problem";
import { t } from "@rapport/i18n";
import { toast } from "@rapport/ui/toast";

/** Tells the person why something did not work. */
export function tell(error: unknown): void {
  toast(sentenceOf(error), { tone: "danger" });
}

/** Tells the person what was done, and offers to take it back. */
export function tellUndoable(text: string, undo: () => Promise<void>): void {
  const perform = () => {
    undo().catch(tell);
  };
  toast(text, { action: { label: t("Undo"), perform } });
}
