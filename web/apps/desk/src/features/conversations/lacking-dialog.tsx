import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ConversationView } from "@rapport/core/api/types";
import { stateNames } from "@rapport/core/format";
import { formOf } from "@rapport/core/texts";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { closeDialog, desk } from "@/lib/desk-state";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { FormFieldInput } from "@/lib/form-field";
import { useMe } from "@/lib/me";
import { queries } from "@/lib/queries";
import { DispositionField } from "./disposition-field";
import { setState } from "./deeds";

/** Asks for what must be noted before a conversation can end, and ends it then. */
export function LackingDialog({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const { api } = backend;
  const { settings } = useMe();
  const forms = useQuery(queries.forms(api)).data ?? [];
  const dispositions = (useQuery(queries.dispositions(api)).data ?? []).filter((one) => one.enabled && (!one.queues?.length || one.queues.includes(c.queue_id)));
  const form = formOf(forms, c);
  const needed = form?.fields.filter((field) => field.required_on_solve) ?? [];
  const [values, setValues] = useState<Record<string, string>>({});
  const [disposition, setDisposition] = useState(c.disposition_id ?? "");
  const ending = desk.get().ending;
  const valueOf = (name: string, fallback = "") => values[name] ?? c.fields?.[name] ?? fallback;
  const submission = useSubmission(["disposition_id", ...needed.map((field) => `fields.${field.name}`)], async () => {
    const fields = Object.fromEntries(needed.map((field) => [field.name, valueOf(field.name, field.default)]));
    const saved = await api.conversations.describe(c.id, { fields, ...(disposition ? { disposition_id: disposition } : {}) });
    backend.put(saved);
    if (ending) await setState(backend, saved, ending);
    closeDialog();
  });
  return (
    <FormDialog
      form={submission}
      title={t("Before it can end")}
      description={ending ? undefined : t("Then send your reply again.")}
      submit={ending ? t("Save, and set to {{state}}", { state: stateNames[ending].toLowerCase() }) : t("Save")}
      onClose={closeDialog}
    >
      {needed.map((field, n) => (
        <FormFieldInput
          key={field.name}
          field={field}
          autoFocus={n === 0}
          value={valueOf(field.name, field.default)}
          onChange={(value) => {
            setValues({ ...values, [field.name]: value });
          }}
          error={submission.of(`fields.${field.name}`)}
        />
      ))}
      {settings.details.disposition_required && dispositions.length > 0 ? (
        <DispositionField value={disposition} choices={dispositions} error={submission.of("disposition_id")} onChange={setDisposition} />
      ) : null}
    </FormDialog>
  );
}
