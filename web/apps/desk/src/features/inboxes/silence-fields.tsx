import type { Silence } from "@rapport/core/api/types";
import { minutesText } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Choice } from "@rapport/ui/choice";
import { DurationField } from "@/lib/duration-field";

/** What each conduct does when nothing else is set, in minutes (S5-17, S5-18). */
const standard = { live: { close: 15, warn: 3 }, messaging: { close: 48 * 60, warn: 120 } };

function silenceText({ conduct, close_minutes, warn_minutes }: Silence): string {
  const close = close_minutes ?? standard[conduct].close;
  const warn = warn_minutes ?? standard[conduct].warn;
  if (close === 0) return t("A conversation waits for the customer without end.");
  const time = minutesText(close);
  return warn > 0 && warn < close
    ? t(
        "A conversation closes when we have waited {{time}} for the customer; {{warning}} before, the customer is told. Never while the customer waits for us.",
        { time, warning: minutesText(warn) },
      )
    : t("A conversation closes when we have waited {{time}} for the customer. Never while the customer waits for us.", { time });
}

/** How customers talk in an inbox, and what their silence does. */
export function SilenceFields({
  value,
  onChange,
  errorOf,
}: {
  value: Silence;
  onChange: (value: Silence) => void;
  errorOf: (field: string) => string | undefined;
}) {
  const minutes = (seconds: number | null) => (seconds === null ? null : Math.round(seconds / 60));
  const seconds = (given: number | null) => (given === null ? null : given * 60);
  const usual = standard[value.conduct];
  return (
    <fieldset className="grid gap-3 rounded-md border border-line p-3.5">
      <legend className="-ms-1 px-1 text-sm font-medium">{t("Silent customers")}</legend>
      <Choice
        label={t("How customers talk here")}
        className="justify-self-start"
        value={value.conduct}
        onChange={(conduct) => {
          onChange({ ...value, conduct });
        }}
        options={[
          { value: "live", label: t("Live chat") },
          { value: "messaging", label: t("Messaging") },
        ]}
      />
      <p className="text-xs text-ink-muted">{silenceText(value)}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <DurationField
          key={`close ${value.conduct}`}
          label={t("Close after")}
          help={t("Empty is {{minutes}}; 0 never closes.", { minutes: minutesText(usual.close) })}
          error={errorOf("silence.close_minutes")}
          units={[60, 3600, 86400]}
          max={90 * 86400}
          standard={usual.close * 60}
          value={seconds(value.close_minutes)}
          onChange={(given) => {
            onChange({ ...value, close_minutes: minutes(given) });
          }}
        />
        <DurationField
          key={`warn ${value.conduct}`}
          label={t("Warn before")}
          help={t("Empty is {{minutes}}; 0 does not warn.", { minutes: minutesText(usual.warn) })}
          error={errorOf("silence.warn_minutes")}
          units={[60, 3600, 86400]}
          max={90 * 86400}
          standard={usual.warn * 60}
          value={seconds(value.warn_minutes)}
          onChange={(given) => {
            onChange({ ...value, warn_minutes: minutes(given) });
          }}
        />
      </div>
    </fieldset>
  );
}
