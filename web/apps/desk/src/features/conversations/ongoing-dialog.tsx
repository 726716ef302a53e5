import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { Way } from "@rapport/core/api/outbound";
import type { ConversationView } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { useBackend } from "@/lib/backend";
import { useCommands } from "@/lib/commands";
import { mergeInto } from "./deeds";

/** Says that a conversation is ongoing on the way that was picked: merge it, or go on there. */
export function OngoingDialog({ conversation: c, way, other, onClose, onMerged }: { conversation: ConversationView; way: Way; other: string; onClose: () => void; onMerged: () => void }) {
  const backend = useBackend();
  const { context } = useCommands();
  const [error, setError] = useState<string>();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("Another conversation is ongoing there")}
      size="sm"
      footer={
        <>
          <Button
            onClick={() => {
              onClose();
              context.go.open(other);
            }}
          >
            {t("Open it")}
          </Button>
          <Button
            variant="primary"
            onClick={() => {
              mergeInto(backend, c.id, other)
                .then(onMerged)
                .catch((problem: unknown) => {
                  setError(problem instanceof Error ? problem.message : String(problem));
                });
            }}
          >
            {t("Merge it into this one")}
          </Button>
        </>
      }
    >
      <p className="text-sm">
        {t("{{customer}} has another conversation by {{inbox}}. Merge the two, or go on there: a customer has one conversation per inbox.", {
          customer: c.contact_name,
          inbox: way.inbox.name,
        })}
      </p>
      {error ? (
        <p role="alert" className="mt-3 flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-sm">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
          {error}
        </p>
      ) : null}
    </Dialog>
  );
}
