import { t } from "@rapport/i18n";
import { Field, Input } from "@rapport/ui/field";

const LEAST = 10;

/** A field for a password that is being chosen. */
export function NewPassword({ value, onChange, error }: { value: string; onChange: (value: string) => void; error: string | undefined }) {
  return (
    <Field label={t("Password")} help={t("At least {{least}} characters. A few words in a row are easy to remember.", { least: LEAST })} error={error}>
      <Input
        type="password"
        autoComplete="new-password"
        required
        minLength={LEAST}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </Field>
  );
}
