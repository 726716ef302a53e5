import { useState } from "react";
import { t } from "@rapport/i18n";
import { ConfirmDialog } from "./confirm-dialog";
import { OnceDialog } from "./once-dialog";

export interface ReplaceWords {
  title: string;
  confirm: string;
  question: string;
  /** What the new one is called, and what to do with it. */
  made: string;
  once: string;
}

/** Asks whether a secret shall be replaced, replaces it, and shows the new one, once. */
export function ReplaceSecretDialog({ label, words, rotate, onClose }: { label: string; words: ReplaceWords; rotate: () => Promise<{ value: string }>; onClose: () => void }) {
  const [made, setMade] = useState<string>();
  if (made !== undefined) return <OnceDialog title={words.made} description={words.once} values={[{ label, value: made }]} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={words.title}
      confirm={words.confirm}
      danger
      perform={async () => {
        setMade((await rotate()).value);
      }}
      onClose={onClose}
    >
      {words.question}
    </ConfirmDialog>
  );
}

/** How one speaks of a secret of an inbox or a bot. */
export function secretOf(name: string, label: string): ReplaceWords {
  return {
    title: t("Replace {{label}}?", { label: label.toLowerCase() }),
    confirm: t("Yes, replace"),
    question: t("The old one stops working at once. Whatever uses it has to be given the new one, which is shown once."),
    made: t("New {{label}} of {{name}}", { label: label.toLowerCase(), name }),
    once: t("Copy them now. They are shown this once; afterwards you can only replace them."),
  };
}
