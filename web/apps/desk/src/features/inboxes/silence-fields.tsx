import type { Silence } from "@rapport/core/api/types";
import { minutesText } from "@rapport/core/format";
import { Choice } from "@rapport/ui/choice";
import { DurationField } from "@/lib/duration-field";

/** What each conduct does when nothing else is set, in minutes (S5-17, S5-18). */
const standard = { live: { close: 15, warn: 3 }, messaging: { close: 48 * 60, warn: 120 } };

function silenceText({ conduct, close_minutes, warn_minutes }: Silence): string {
  const close = close_minutes ?? standard[conduct].close;
  const warn = warn_minutes ?? standard[conduct].warn;
  if (close === 0) return "A conversation waits for the customer without end.";
  const told = warn > 0 && warn < close ? `; ${minutesText(warn)} before, the customer is told` : "";
  return `A conversation closes when we have waited ${minutesText(close)} for the customer${told}. Never while the customer waits for us.`;
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
      <legend className="-ml-1 px-1 text-sm font-medium">Silent customers</legend>
      <Choice
        label="How customers talk here"
        className="justify-self-start"
        value={value.conduct}
        onChange={(conduct) => {
          onChange({ ...value, conduct });
        }}
        options={[
          { value: "live", label: "Live chat" },
          { value: "messaging", label: "Messaging" },
        ]}
      />
      <p className="text-xs text-ink-muted">{silenceText(value)}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <DurationField
          key={`close ${value.conduct}`}
          label="Close after"
          help={`Empty is ${minutesText(usual.close)}; 0 never closes.`}
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
          label="Warn before"
          help={`Empty is ${minutesText(usual.warn)}; 0 does not warn.`}
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
