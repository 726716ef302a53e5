import { X } from "lucide-react";
import type { Template } from "@rapport/core/api/texts";
import { dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input, Select } from "@rapport/ui/field";
import { templateText } from "./template-text";

export interface Chosen {
  template: Template;
  values: Record<string, string>;
}

/** Why nothing but an approved template can be sent (S3-51). */
export function whyShut(window: { hours: number; ends_at?: string } | undefined, customer: string): string {
  if (!window?.ends_at) return t("{{customer}} has never written here. Only an approved template can be sent first.", { customer });
  return t("More than {{hours}} hours have passed since {{customer}} wrote. Until they answer, only an approved template can be sent (since {{ended}}).", {
    hours: window.hours,
    customer,
    ended: dateTime(window.ends_at),
  });
}

/** Chooses an approved template and fills its variables; its text is fixed (S3-45). */
export function TemplatePanel({
  templates,
  chosen,
  onChosen,
  why,
  onClose,
}: {
  templates: Template[];
  chosen: Chosen | undefined;
  onChosen: (chosen: Chosen | undefined) => void;
  /** Why nothing else can be sent. */
  why: string | undefined;
  onClose: (() => void) | undefined;
}) {
  return (
    <section aria-label={t("Approved template")} className="grid max-h-[40dvh] gap-2.5 overflow-y-auto border-b border-line px-3 py-2.5">
      <div className="flex items-start gap-2">
        <div className="grid min-w-0 flex-1 gap-2">
          {why ? <p className="text-sm text-ink-muted">{why}</p> : null}
          {templates.length === 0 ? (
            <p className="text-sm">{t("This inbox has no approved template. An admin can enter one.")}</p>
          ) : (
            <Select
              aria-label={t("Approved template")}
              value={chosen?.template.id ?? ""}
              onChange={(event) => {
                const template = templates.find((one) => one.id === event.target.value);
                onChosen(template ? { template, values: {} } : undefined);
              }}
            >
              <option value="">{t("Choose a template …")}</option>
              {templates.map((one) => (
                <option key={one.id} value={one.id}>
                  {`${one.name} (${one.language})`}
                </option>
              ))}
            </Select>
          )}
        </div>
        {onClose ? (
          <Button variant="ghost" size="icon-sm" aria-label={t("Without a template")} onClick={onClose}>
            <X />
          </Button>
        ) : null}
      </div>
      {chosen ? (
        <>
          {chosen.template.variables.length > 0 ? (
            <div className="grid gap-2 sm:grid-cols-2">
              {chosen.template.variables.map((one, n) => (
                <Field key={one.name} label={one.label ?? one.name} help={one.example ? t("For example {{example}}", { example: one.example }) : undefined}>
                  <Input
                    autoFocus={n === 0}
                    maxLength={1000}
                    value={chosen.values[one.name] ?? ""}
                    onChange={(event) => {
                      onChosen({ ...chosen, values: { ...chosen.values, [one.name]: event.target.value } });
                    }}
                  />
                </Field>
              ))}
            </div>
          ) : null}
          <p aria-label={t("Preview")} className="rounded-md bg-canvas px-2.5 py-2 text-sm whitespace-pre-line">
            {templateText(chosen.template, chosen.values)}
          </p>
        </>
      ) : null}
    </section>
  );
}
