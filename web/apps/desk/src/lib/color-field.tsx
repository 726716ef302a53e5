import { Check } from "lucide-react";
import { RadioGroup } from "radix-ui";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Input } from "@rapport/ui/field";

/** Colours that are told apart in light and dark; any other can be typed. */
export const colors: { value: string; name: string }[] = [
  { value: "#16a34a", name: t("Green") },
  { value: "#0d9488", name: t("Teal") },
  { value: "#2563eb", name: t("Blue") },
  { value: "#7c3aed", name: t("Violet") },
  { value: "#db2777", name: t("Pink") },
  { value: "#dc2626", name: t("Red") },
  { value: "#d97706", name: t("Amber") },
  { value: "#64748b", name: t("Slate") },
];

/** A colour of the palette, or another one. */
export function ColorField({ value, error, onChange }: { value: string; error: string | undefined; onChange: (color: string) => void }) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{t("Colour")}</legend>
      <div className="flex flex-wrap items-center gap-3">
        <RadioGroup.Root aria-label={t("Colour")} orientation="horizontal" value={value} onValueChange={onChange} className="flex flex-wrap gap-2">
          {colors.map((one) => (
            <RadioGroup.Item
              key={one.value}
              value={one.value}
              aria-label={one.name}
              title={one.name}
              className="inline-flex size-7 items-center justify-center rounded-full border border-line-strong"
              style={{ backgroundColor: one.value }}
            >
              <RadioGroup.Indicator>
                <Check aria-hidden className="size-4 text-accent-ink" strokeWidth={3} />
              </RadioGroup.Indicator>
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
        <Input
          type="color"
          aria-label={t("Another colour")}
          title={t("Another colour")}
          className={cn("w-12 p-1", colors.every((one) => one.value !== value) && "border-accent")}
          value={value}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      </div>
      {error ? (
        <p role="alert" className="mt-1 text-xs text-danger">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
