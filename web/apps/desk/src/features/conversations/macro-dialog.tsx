import { useQuery } from "@tanstack/react-query";
import type { Macro } from "@rapport/core/api/texts";
import type { ConversationView } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { clientId } from "@rapport/core/id";
import { t } from "@rapport/i18n";
import { Dialog } from "@rapport/ui/dialog";
import { Empty } from "@rapport/ui/marks";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { wantSender } from "@/lib/carried";
import { closeDialog, desk } from "@/lib/desk-state";
import { drafts } from "@/lib/drafts";
import { MacroChooser } from "@/lib/macro-chooser";
import { Loaded } from "@/lib/page";
import { setPending } from "@/lib/pending";
import { queries } from "@/lib/queries";

/** Applies a macro to a conversation (S3-47). */
export function MacroDialog({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const { api } = backend;
  const macros = useQuery(queries.macros(api, c.queue_id));

  async function apply(macro: Macro): Promise<void> {
    const done = await api.macros.apply(macro.id, { conversation_id: c.id, client_id: clientId() });
    backend.put(done.conversation);
    if (done.body) {
      const draft = drafts.read(c.id, "message");
      drafts.write(c.id, "message", draft ? `${draft}\n${done.body}` : done.body);
    }
    if (done.inbox_id) wantSender(c.id, done.inbox_id);
    const later = done.effects.filter((effect) => effect.later);
    if (later.length > 0) setPending(c.id, { macro: { id: macro.id, name: macro.name }, then: { ...done.later, macro_id: macro.id }, effects: later });
    closeDialog();
    desk.set({ mode: "reply", compose: desk.get().compose + 1 });
    toast(t("Applied {{macro}}", { macro: macro.name }));
  }

  return (
    <Dialog open onOpenChange={closeDialog} title={t("Apply a macro")} size="lg">
      <Loaded query={macros} what={t("the macros")}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t("There are no macros for {{queue}} yet", { queue: c.queue_name })}>{t("Supervisors make them under Macros.")}</Empty>
          ) : (
            <MacroChooser
              macros={items}
              preview={{ key: [...keys.macros("preview"), c.id, c.version], read: (macro, signal) => api.macros.preview(macro.id, c.id, signal) }}
              onApply={apply}
            />
          )
        }
      </Loaded>
    </Dialog>
  );
}
