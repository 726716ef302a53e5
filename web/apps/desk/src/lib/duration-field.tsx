import { type ComponentProps, useId, useState } from "react";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Input, Select } from "@rapport/ui/field";

const names = (): Record<number, string> => ({ 1: t("seconds"), 60: t("minutes"), 3600: t("hours"), 86400: t("days") });

/** The largest unit in which a stretch of time is a whole number. */
function unitFor(seconds: number, units: readonly number[]): number {
  const fitting = units.filter((unit) => seconds >= unit && seconds % unit === 0);
  return Math.max(units[0] ?? 1, ...fitting);
}

/** A stretch of time as a number and its unit; kept in seconds. */
export function DurationField({
  label,
  help,
  error,
  value,
  onChange,
  units,
  max,
  placeholder,
  standard,
  className,
}: {
  label: string;
  help?: string;
  error?: string | undefined;
  /** In seconds; null is the standard value. */
  value: number | null;
  onChange: (value: number | null) => void;
  /** In seconds, the smallest first. */
  units: readonly number[];
  max?: number;
  placeholder?: string;
  /** In seconds: what an empty field means; only then may it be empty. */
  standard?: number;
  className?: string;
}) {
  const id = useId();
  const shownValue = value ?? standard ?? 0;
  const [unit, setUnit] = useState(() => unitFor(shownValue, units));
  const factor = value !== null && value % unit !== 0 ? unitFor(value, units) : unit;
  const described = [error ? `${id}-error` : "", help ? `${id}-help` : ""].filter(Boolean).join(" ") || undefined;
  const shared: ComponentProps<"input"> = { "aria-describedby": described, "aria-invalid": error ? true : undefined };
  return (
    <div className={cn("grid min-w-0 content-start gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="flex gap-1.5">
        <Input
          id={id}
          type="number"
          min={0}
          max={max === undefined ? undefined : Math.floor(max / factor)}
          className="w-20"
          placeholder={placeholder ?? (standard === undefined ? undefined : String(standard / factor))}
          value={value === null ? "" : value / factor}
          onChange={(event) => {
            const { value: text, valueAsNumber } = event.target;
            if (text === "") onChange(standard === undefined ? 0 : null);
            else if (!Number.isNaN(valueAsNumber)) onChange(Math.round(valueAsNumber * factor));
          }}
          {...shared}
        />
        <Select
          aria-label={t("Unit of: {{label}}", { label })}
          className="min-w-0 flex-1"
          value={factor}
          onChange={(event) => {
            const next = Number(event.target.value);
            setUnit(next);
            if (value !== null) onChange((value / factor) * next);
          }}
        >
          {units.map((one) => (
            <option key={one} value={one}>
              {names()[one]}
            </option>
          ))}
        </Select>
      </div>
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
      {help ? (
        <p id={`${id}-help`} className="text-xs text-ink-muted">
          {help}
        </p>
      ) : null}
    </div>
  );
}
