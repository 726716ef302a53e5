import type { Hold, Sticky, StickyMode } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Switch, Toggle } from "@rapport/ui/field";
import { DurationField } from "./duration-field";

const modes: { value: StickyMode; label: string; help: string }[] = [
  {
    value: "prefer",
    label: t("Prefer the own agent"),
    help: t("If the own agent cannot take it now, another agent of the queue does; at once, or after the wait below."),
  },
  {
    value: "strict",
    label: t("Wait for the own agent"),
    help: t("If the own agent cannot take it now, the conversation waits for them and nobody else gets it."),
  },
  {
    value: "ignore_availability",
    label: t("Always the own agent"),
    help: t("The own agent gets it at once, even while busy, away or offline."),
  },
];

/** The sticky-session settings in plain words; of the account or of one queue. */
export function StickyFields({
  value,
  onChange,
  errorOf,
}: {
  value: Sticky;
  onChange: (value: Sticky) => void;
  errorOf: (field: string) => string | undefined;
}) {
  const set = (change: Partial<Sticky>) => {
    onChange({ ...value, ...change });
  };
  const mode = modes.find((one) => one.value === value.mode);
  return (
    <div className="grid gap-4">
      <Toggle
        label={t("Sticky sessions")}
        help={t("A customer who comes back goes to the agent who helped them last.")}
      >
        <Switch
          checked={value.enabled}
          onCheckedChange={(enabled) => {
            set({ enabled });
          }}
        />
      </Toggle>
      {value.enabled ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label={t("Days")}
            help={t("Holds for {{days}} × 24 hours after the end of the last conversation; then the usual rules apply.", { days: value.days })}
            error={errorOf("sticky.days")}
          >
            <Input
              type="number"
              min={1}
              max={3650}
              value={value.days}
              onChange={(event) => {
                set({ days: event.target.valueAsNumber || 1 });
              }}
            />
          </Field>
          <Field
            label={t("Least replies that count")}
            help={t("A conversation with fewer answers by the agent leaves no bond.")}
            error={errorOf("sticky.min_replies")}
          >
            <Input
              type="number"
              min={0}
              max={100}
              value={value.min_replies}
              onChange={(event) => {
                set({ min_replies: event.target.valueAsNumber || 0 });
              }}
            />
          </Field>
        </div>
      ) : null}
      <Toggle
        label={t("Check availability")}
        help={
          value.availability_check
            ? t("The own agent is only chosen while available and with room for more.")
            : t("The own agent gets the conversation even while not available.")
        }
      >
        <Switch
          checked={value.availability_check}
          onCheckedChange={(availability_check) => {
            set({ availability_check });
          }}
        />
      </Toggle>
      {value.availability_check ? (
        <Field label={t("When the own agent cannot take it")} help={mode?.help} error={errorOf("sticky.mode")}>
          <Select
            value={value.mode}
            onChange={(event) => {
              set({ mode: event.target.value as StickyMode });
            }}
          >
            {modes.map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
          </Select>
        </Field>
      ) : null}
      {value.availability_check && value.mode === "prefer" ? (
        <HoldFields
          value={value.hold ?? noHold}
          errorOf={errorOf}
          onChange={(hold) => {
            set({ hold });
          }}
        />
      ) : null}
      <Toggle
        label={t("Keep open cases together")}
        help={t("An agent who already holds an open conversation of the customer gets the new one too.")}
      >
        <Switch
          checked={value.open_case}
          onCheckedChange={(open_case) => {
            set({ open_case });
          }}
        />
      </Toggle>
    </div>
  );
}

const noHold: Hold = { full: 0, busy: 0, away: 0, offline: 0 };

const reasons: { name: keyof Hold; label: string }[] = [
  { name: "full", label: t("Has no room") },
  { name: "busy", label: t("Is busy") },
  { name: "away", label: t("Is away") },
  { name: "offline", label: t("Is offline") },
];

/** How long a conversation waits for the own agent, by what keeps them. */
function HoldFields({
  value,
  onChange,
  errorOf,
}: {
  value: Hold;
  onChange: (value: Hold) => void;
  errorOf: (field: string) => string | undefined;
}) {
  return (
    <fieldset className="grid gap-2">
      <legend className="text-sm font-medium">{t("Wait for the own agent while they …")}</legend>
      <p className="text-xs text-ink-muted">
        {t("The customer sees their place and may choose anyone now. 0 does not wait.")}
      </p>
      <div className="grid grid-cols-2 gap-4 lg:grid-cols-4">
        {reasons.map(({ name, label }) => (
          <DurationField
            key={name}
            label={label}
            error={errorOf(`sticky.hold.${name}`)}
            units={[1, 60, 3600]}
            max={86400}
            value={value[name]}
            onChange={(seconds) => {
              onChange({ ...value, [name]: seconds ?? 0 });
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
