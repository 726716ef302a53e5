import type { FormField } from "@rapport/core/api/texts";
import { t } from "@rapport/i18n";
import { Checkbox, Field, Input, Select, Toggle } from "@rapport/ui/field";

/** The control of a form's field, by its type. */
export function FormFieldInput({
  field,
  value,
  onChange,
  onCommit,
  error,
  autoFocus,
}: {
  field: FormField;
  value: string;
  onChange: (value: string) => void;
  /** The person is done with it. */
  onCommit?: (value: string) => void;
  error?: string | undefined;
  autoFocus?: boolean;
}) {
  const label = (
    <>
      {field.label}
      {field.required_on_solve || field.required ? (
        <span className="text-danger" title={field.required_on_solve ? t("Needed before solving") : t("Required")}>
          {" *"}
        </span>
      ) : null}
    </>
  );
  const choose = (next: string) => {
    onChange(next);
    onCommit?.(next);
  };
  switch (field.type) {
    case "choice":
    case "yesno": {
      const choices = field.type === "yesno" ? [{ value: "yes", label: t("Yes") }, { value: "no", label: t("No") }] : (field.choices ?? []).map((one) => ({ value: one, label: one }));
      const known = value === "" || choices.some((one) => one.value === value);
      return (
        <Field label={label} help={field.help} error={error}>
          <Select
            value={value}
            onChange={(event) => {
              choose(event.target.value);
            }}
          >
            <option value="">{t("Not chosen")}</option>
            {choices.map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
            {known ? null : <option value={value}>{value}</option>}
          </Select>
        </Field>
      );
    }
    case "multi": {
      const chosen = value === "" ? [] : value.split("\n");
      return (
        <fieldset className="grid gap-1.5">
          <legend className="mb-1 text-sm font-medium">{label}</legend>
          {(field.choices ?? []).map((one) => (
            <Toggle key={one} label={one}>
              <Checkbox
                checked={chosen.includes(one)}
                onCheckedChange={(on) => {
                  choose((field.choices ?? []).filter((other) => (other === one ? on === true : chosen.includes(other))).join("\n"));
                }}
              />
            </Toggle>
          ))}
          {error ? (
            <p role="alert" className="text-xs text-danger">
              {error}
            </p>
          ) : null}
        </fieldset>
      );
    }
    default:
      return (
        <Field label={label} help={field.help} error={error}>
          <Input
            type={field.type === "date" ? "date" : field.type === "url" ? "url" : "text"}
            inputMode={field.type === "number" ? "decimal" : undefined}
            maxLength={2000}
            autoFocus={autoFocus}
            value={value}
            onChange={(event) => {
              onChange(event.target.value);
            }}
            onBlur={(event) => onCommit?.(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && onCommit) {
                event.preventDefault();
                onCommit(event.currentTarget.value);
              }
            }}
          />
        </Field>
      );
  }
}
