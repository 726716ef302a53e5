import { t } from "@rapport/i18n";
import { Field, Input } from "@rapport/ui/field";

/** A capacity that may be left empty to take the value of what is above. */
export function CapacityField({
  value,
  onChange,
  inherits,
  error,
}: {
  value: number | null;
  onChange: (value: number | null) => void;
  inherits: string;
  error: string | undefined;
}) {
  return (
    <Field label={t("Capacity")} help={t("Conversations at once. Empty takes {{inherits}}.", { inherits })} error={error}>
      <Input
        type="number"
        min={0}
        max={1000}
        placeholder={t("Inherited")}
        value={value ?? ""}
        onChange={(event) => {
          onChange(event.target.value === "" ? null : event.target.valueAsNumber);
        }}
      />
    </Field>
  );
}
