import type { Disposition } from "@rapport/core/api/texts";
import { t } from "@rapport/i18n";
import { Field, Select } from "@rapport/ui/field";

/** How a conversation ended, chosen from a list. */
export function DispositionField({ value, choices, error, onChange }: { value: string; choices: Disposition[]; error?: string | undefined; onChange: (id: string) => void }) {
  return (
    <Field label={t("Disposition")} error={error}>
      <Select
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        <option value="">{t("Not chosen")}</option>
        {choices.map((one) => (
          <option key={one.id} value={one.id}>
            {one.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}
