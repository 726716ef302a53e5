import type { SurveyRules } from "@rapport/core/api/desk";
import { t } from "@rapport/i18n";
import { Choice } from "@rapport/ui/choice";
import { Field, Input, Switch, Toggle } from "@rapport/ui/field";
import { DurationField } from "@/lib/duration-field";

/** Whether and how customers are asked how it was, once a conversation has ended. */
export function SurveyFields({
  value,
  onChange,
  errorOf,
}: {
  value: SurveyRules;
  onChange: (value: SurveyRules) => void;
  errorOf: (field: string) => string | undefined;
}) {
  const set = (change: Partial<SurveyRules>) => {
    onChange({ ...value, ...change });
  };
  return (
    <fieldset className="grid gap-3 rounded-md border border-line p-3.5">
      <legend className="-ms-1 px-1 text-sm font-medium">{t("Satisfaction survey")}</legend>
      <Toggle
        label={t("Ask how it was")}
        help={t("After a conversation was solved or closed, in the widget; elsewhere by a message with a link. The answer stands in the thread.")}
      >
        <Switch
          checked={value.enabled}
          onCheckedChange={(enabled) => {
            set({ enabled });
          }}
        />
      </Toggle>
      {value.enabled ? (
        <>
          <Field label={t("Question")} error={errorOf("survey.question")}>
            <Input
              placeholder={t("How did we do?")}
              maxLength={300}
              value={value.question}
              onChange={(event) => {
                set({ question: event.target.value });
              }}
            />
          </Field>
          <Choice
            label={t("Scale")}
            className="justify-self-start"
            value={value.scale}
            onChange={(scale) => {
              set({ scale });
            }}
            options={[
              { value: "stars", label: t("1 to 5 stars") },
              { value: "thumbs", label: t("Thumb up or down") },
            ]}
          />
          <Field label={t("Thanks afterwards")} error={errorOf("survey.thanks")}>
            <Input
              placeholder={t("Thank you!")}
              maxLength={300}
              value={value.thanks}
              onChange={(event) => {
                set({ thanks: event.target.value });
              }}
            />
          </Field>
          <DurationField
            label={t("Ask after")}
            help={t("So long after the end; 0 asks at once. Nobody is asked whose conversation goes on meanwhile.")}
            error={errorOf("survey.delay_minutes")}
            units={[60, 3600, 86400]}
            max={7 * 86400}
            value={value.delay_minutes * 60}
            onChange={(seconds) => {
              set({ delay_minutes: Math.round((seconds ?? 0) / 60) });
            }}
          />
          <Toggle label={t("Customers may add a few words")}>
            <Switch
              checked={value.comment}
              onCheckedChange={(comment) => {
                set({ comment });
              }}
            />
          </Toggle>
          <Toggle label={t("Also when the customer fell silent")}>
            <Switch
              checked={value.after_silence}
              onCheckedChange={(after_silence) => {
                set({ after_silence });
              }}
            />
          </Toggle>
          <Toggle label={t("Also when a bot or a workflow ended it")}>
            <Switch
              checked={value.after_software}
              onCheckedChange={(after_software) => {
                set({ after_software });
              }}
            />
          </Toggle>
        </>
      ) : null}
    </fieldset>
  );
}
