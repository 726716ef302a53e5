import { useState } from "react";
import { isProblem } from "@rapport/core/api/problem";
import { keys } from "@rapport/core/apply";
import { differences } from "@rapport/core/workflow/diff";
import type { FlowProblem } from "@rapport/core/workflow/types";
import { t } from "@rapport/i18n";
import { Field, Input } from "@rapport/ui/field";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { useBuilder, useDefinition, useDraftState } from "./context";
import { DiffList } from "./diff-list";
import { ProblemList } from "./problems";

/** Shows what changes, and makes the draft the version that new conversations run on. */
export function PublishDialog({ onClose }: { onClose: () => void }) {
  const { api, client } = useBackend();
  const { workflow, builder, vocabulary, names } = useBuilder();
  const definition = useDefinition();
  const known = useDraftState((state) => state.problems);
  const [note, setNote] = useState("");
  const [refused, setRefused] = useState<FlowProblem[]>([]);
  const problems = known.length > 0 ? known : refused;
  const form = useSubmission(["note"], async () => {
    await builder.draft.flush();
    if (builder.draft.unsaved) throw new Error("unsaved");
    try {
      const published = await api.workflows.publish(workflow.id, note.trim());
      onClose();
      toast(t("Version {{published}} is live", { published: published.published }));
    } catch (error) {
      const found = isProblem(error) ? (error.document as { problems?: FlowProblem[] }).problems : undefined;
      if (found) setRefused(found);
      throw error;
    } finally {
      void client.invalidateQueries({ queryKey: keys.workflow(workflow.id) });
      void client.invalidateQueries({ queryKey: keys.workflows });
    }
  });
  if (problems.length > 0) {
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={t("Not ready to publish")}
        description={t("The draft is saved. Mend these first; each line leads to its step.")}
        footer={<Button onClick={onClose}>{t("Close")}</Button>}
      >
        <ProblemList problems={problems} onGo={onClose} />
      </Dialog>
    );
  }
  const next = workflow.versions + 1;
  return (
    <FormDialog
      form={form}
      title={t("Publish version {{next}}", { next })}
      description={
        workflow.published > 0
          ? t("New conversations run on version {{next}}. Running conversations finish on the version they began with.", { next })
          : workflow.enabled
            ? t("From now on it runs.")
            : t("The workflow is switched off: it runs once it is switched on.")
      }
      submit={t("Publish")}
      onClose={onClose}
    >
      <section aria-label={t("What changes")}>
        <h3 className="mb-2 text-sm font-medium">{workflow.live ? t("Changes since version {{published}}", { published: workflow.published }) : t("What it does")}</h3>
        <div className="max-h-[38dvh] overflow-y-auto rounded-md border border-line p-3">
          <DiffList differences={differences(workflow.live, definition, vocabulary, names)} />
        </div>
      </section>
      <Field label={t("Note")} help={t("For the history: why it changes.")} error={form.of("note")}>
        <Input
          autoFocus
          maxLength={500}
          value={note}
          onChange={(event) => {
            setNote(event.target.value);
          }}
        />
      </Field>
    </FormDialog>
  );
}
