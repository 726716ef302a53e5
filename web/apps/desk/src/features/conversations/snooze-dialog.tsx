import { useState } from "react";
import { isProblem, sentenceOf } from "@rapport/core/api/problem";
import type { ConversationView } from "@rapport/core/api/types";
import { dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Dialog } from "@rapport/ui/dialog";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { closeDialog } from "@/lib/desk-state";
import { useEntered } from "@/lib/entered";
import { FormError } from "@/lib/form";
import { tellUndoable } from "@/lib/tell";
import { MomentFields } from "./moment-fields";

/** Lets the conversation sleep until a time, or until the customer writes. */
export function SnoozeDialog({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const [failure, setFailure] = useState<unknown>();
  const field = isProblem(failure) ? failure.fieldError("until") : undefined;
  const { leave, closedBy, watch, question } = useEntered(closeDialog, t("It does not sleep."));
  const snooze = async (until: string) => {
    try {
      backend.put(await backend.api.together.snooze(c.id, until));
      closeDialog();
      const text = t("Snoozed until {{time}}", { time: dateTime(until) });
      if (c.state === "open") {
        tellUndoable(text, async () => {
          backend.put(await backend.api.conversations.setState(c.id, "open"));
        });
      } else toast(text);
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <>
      <Dialog
        open
        onOpenChange={leave}
        closedBy={closedBy}
        size="sm"
        title={t("Snooze until")}
        description={t("It stays with you and wakes then, or as soon as the customer writes.")}
      >
        <MomentFields
          id={c.id}
          error={field}
          watch={watch}
          onChoose={(until) => {
            void snooze(until);
          }}
        />
        <FormError>{failure !== undefined && !field ? sentenceOf(failure) : null}</FormError>
      </Dialog>
      {question}
    </>
  );
}
