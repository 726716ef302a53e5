import { useState } from "react";
import type { CustomStatus, CustomStatusInput } from "@rapport/core/api/types";
import { statusHelp, statusNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Choice } from "@rapport/ui/choice";
import { Field, Input } from "@rapport/ui/field";
import { Dot } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { ColorField, colors } from "@/lib/color-field";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";

const bases = ["available", "busy", "away"] as const;

export function StatusDialog({
  status,
  last,
  onClose,
  onSaved,
}: {
  status: CustomStatus | undefined;
  /** The place of the last one; a new one goes behind it. */
  last: number;
  onClose: () => void;
  onSaved: (name: string) => void;
}) {
  const { api } = useBackend();
  const [draft, setDraft] = useState<CustomStatusInput>({
    name: status?.name ?? "",
    base: status?.base ?? "away",
    color: status?.color ?? colors[2]?.value ?? "#2563eb",
  });
  const set = (change: Partial<CustomStatusInput>) => {
    setDraft({ ...draft, ...change });
  };
  const form = useSubmission(["name", "base", "color"], async () => {
    const saved = status ? await api.statuses.change(status.id, draft) : await api.statuses.create({ ...draft, position: last + 1 });
    onSaved(saved.name);
  });
  return (
    <FormDialog
      form={form}
      title={status ? t("Edit {{name}}", { name: status.name }) : t("New status")}
      submit={status ? t("Save") : t("Create status")}
      onClose={onClose}
      className="gap-5"
    >
      <Field label={t("Name")} help={t("Agents choose it in the menu with their name.")} error={form.of("name")}>
        <Input
          required
          autoFocus
          maxLength={40}
          value={draft.name}
          onChange={(event) => {
            set({ name: event.target.value });
          }}
        />
      </Field>
      <fieldset className="grid gap-1.5">
        <legend className="mb-1.5 text-sm font-medium">{t("Counts as")}</legend>
        <Choice
          label={t("Counts as")}
          className="justify-self-start"
          value={draft.base}
          onChange={(base) => {
            set({ base });
          }}
          options={bases.map((base) => ({
            value: base,
            label: (
              <>
                <Dot status={base} />
                {statusNames[base]}
              </>
            ),
          }))}
        />
        <p className="text-xs text-ink-muted">{statusHelp[draft.base]}.</p>
      </fieldset>
      <ColorField
        value={draft.color}
        error={form.of("color")}
        onChange={(color) => {
          set({ color });
        }}
      />
      <div className="rounded-md border border-line bg-canvas px-3 py-2.5 text-sm">
        <span className="text-xs text-ink-muted">{t("Shown as")}</span>
        <p className="mt-1 flex items-center gap-2 font-medium">
          <Dot status={draft.base} color={draft.color} className="size-2.5" />
          {draft.name.trim() || t("New status")}
        </p>
      </div>
    </FormDialog>
  );
}
