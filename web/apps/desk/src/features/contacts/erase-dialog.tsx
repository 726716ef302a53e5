import { useState } from "react";
import { t } from "@rapport/i18n";
import { Checkbox, Field, Input, Toggle } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";

/** Erases a person after their name was typed once more. */
export function EraseDialog({ id, name, onClose, onDone }: { id: string; name: string; onClose: () => void; onDone: () => void }) {
  const { api } = useBackend();
  const [typed, setTyped] = useState("");
  const [close, setClose] = useState(false);
  const [notes, setNotes] = useState(false);
  const form = useSubmission(["name"], async () => {
    await api.customers.erase(id, { name: typed, close, notes });
    onDone();
  });
  return (
    <FormDialog
      form={form}
      title={t("Erase what is known of {{name}}?", { name })}
      description={t(
        "Name, contact points, attributes, tags, and the texts and files of all conversations are removed for good, also from search and the audit log. That there were conversations, when, and who answered stays as a number. This cannot be undone.",
      )}
      submit={t("Erase for good")}
      blocked={typed.trim() !== name}
      onClose={onClose}
    >
      <Field label={t("Type {{name}} to confirm", { name })} error={form.of("name")}>
        <Input
          autoFocus
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
          }}
        />
      </Field>
      <Toggle label={t("Close conversations that are still open")}>
        <Checkbox
          checked={close}
          onCheckedChange={(next) => {
            setClose(next === true);
          }}
        />
      </Toggle>
      <Toggle label={t("Erase all notes in their conversations")} help={t("Without it, only notes that name them are erased.")}>
        <Checkbox
          checked={notes}
          onCheckedChange={(next) => {
            setNotes(next === true);
          }}
        />
      </Toggle>
    </FormDialog>
  );
}
