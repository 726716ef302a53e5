import { CalendarPlus, DoorClosed, DoorOpen, X } from "lucide-react";
import { useMemo } from "react";
import type { Hours, Holiday } from "@rapport/core/api/types";
import { openingAt, openingText, localTime, timeOf, usualHours, zoneOffset } from "@rapport/core/hours";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Choice } from "@rapport/ui/choice";
import { Field, Input, Select, Textarea } from "@rapport/ui/field";
import { Banner } from "@rapport/ui/marks";
import { useNow } from "@/lib/now";
import type { QueueChoice } from "@/lib/reply-timer-fields";
import { WeekGrid } from "./week-grid";

const own = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** When a queue is open, and what happens when it is not. */
export function HoursFields({
  value,
  onChange,
  queues,
  errorOf,
}: {
  value: Hours | null;
  onChange: (value: Hours | null) => void;
  queues: readonly QueueChoice[];
  errorOf: (field: string) => string | undefined;
}) {
  return (
    <>
      <Choice
        label={t("Business hours")}
        className="justify-self-start"
        value={value ? "hours" : "always"}
        onChange={(next) => {
          onChange(next === "hours" ? (value ?? usualHours(own)) : null);
        }}
        options={[
          { value: "always", label: t("Always open") },
          { value: "hours", label: t("Business hours") },
        ]}
      />
      {value ? (
        <HoursForm value={value} onChange={onChange} queues={queues} errorOf={errorOf} />
      ) : (
        <p className="text-sm text-ink-muted">{t("Conversations are assigned at any hour, to whoever is available.")}</p>
      )}
    </>
  );
}

function HoursForm({
  value,
  onChange,
  queues,
  errorOf,
}: {
  value: Hours;
  onChange: (value: Hours) => void;
  queues: readonly QueueChoice[];
  errorOf: (field: string) => string | undefined;
}) {
  const set = (change: Partial<Hours>) => {
    onChange({ ...value, ...change });
  };
  const refused = errorOf("hours.blocks") ?? errorOf("hours");
  return (
    <>
      <OpenNow hours={value} />
      <ZoneField
        value={value.zone}
        error={errorOf("hours.zone")}
        onChange={(zone) => {
          set({ zone });
        }}
      />
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium">{t("Week")}</legend>
        <WeekGrid
          hours={value}
          onChange={(blocks) => {
            set({ blocks });
          }}
        />
        {refused ? (
          <p role="alert" className="mt-1 text-xs text-danger">
            {refused}
          </p>
        ) : null}
      </fieldset>
      <Holidays
        value={value.holidays}
        error={errorOf("hours.holidays")}
        onChange={(holidays) => {
          set({ holidays });
        }}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t("Reply outside the hours")}
          help={t("Sent to customers who write while the queue is closed. Empty sends nothing.")}
          error={errorOf("hours.reply")}
        >
          <Textarea
            maxLength={1000}
            placeholder={t("We are here again on Monday at 9.")}
            value={value.reply}
            onChange={(event) => {
              set({ reply: event.target.value });
            }}
          />
        </Field>
        <Field
          label={t("New conversations outside the hours")}
          help={t("A queue in another time zone can take over; otherwise they wait for the opening.")}
          error={errorOf("hours.fallback_queue")}
        >
          <Select
            value={value.fallback_queue ?? ""}
            onChange={(event) => {
              set({ fallback_queue: event.target.value });
            }}
          >
            <option value="">{t("Wait in this queue")}</option>
            {queues.map((queue) => (
              <option key={queue.id} value={queue.id}>
                {t("Go to {{name}}", { name: queue.name })}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </>
  );
}

/** What the hours mean right now. */
function OpenNow({ hours }: { hours: Hours }) {
  const now = useNow();
  const opening = openingAt(hours, now);
  return (
    <Banner tone={opening.open ? "positive" : "neutral"} role="status" className="rounded-md px-3">
      {opening.open ? <DoorOpen aria-hidden /> : <DoorClosed aria-hidden />}
      <span className="font-medium">{openingText(opening)}</span>
    </Banner>
  );
}

/** Every time zone by its region. The native list finds one by its first letters. */
function ZoneField({ value, onChange, error }: { value: string; onChange: (zone: string) => void; error: string | undefined }) {
  const now = useNow();
  const regions = useMemo(() => {
    const all = new Map<string, string[]>();
    for (const zone of Intl.supportedValuesOf("timeZone")) {
      const slash = zone.indexOf("/");
      if (slash < 0) continue;
      const region = zone.slice(0, slash);
      all.set(region, [...(all.get(region) ?? []), zone]);
    }
    return [...all];
  }, []);
  const known = regions.some(([, zones]) => zones.includes(value));
  const { minute } = localTime(now, value);
  return (
    <Field label={t("Time zone")} help={t("It is {{time}} there now ({{zoneOffset}}).", { time: timeOf(minute), zoneOffset: zoneOffset(value, now) })} error={error} className="sm:max-w-sm">
      <Select
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        {known ? null : <option value={value}>{value}</option>}
        {value === "UTC" ? null : <option value="UTC">{"UTC"}</option>}
        {regions.map(([region, zones]) => (
          <optgroup key={region} label={region}>
            {zones.map((zone) => (
              <option key={zone} value={zone}>
                {zone.slice(region.length + 1).replaceAll("_", " ").replaceAll("/", ", ")}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
    </Field>
  );
}

function Holidays({
  value,
  onChange,
  error,
}: {
  value: readonly Holiday[];
  onChange: (value: Holiday[]) => void;
  error: string | undefined;
}) {
  const replace = (at: number, change: Partial<Holiday>) => {
    onChange(value.map((holiday, n) => (n === at ? { ...holiday, ...change } : holiday)));
  };
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{t("Holidays")}</legend>
      {value.length > 0 ? (
        <ul aria-label={t("Holidays")} className="mb-2 grid gap-1.5">
          {value.map((holiday, n) => (
            <li key={n} className="flex items-center gap-1.5">
              <Input
                type="date"
                required
                aria-label={t("Date of holiday {{number}}", { number: n + 1 })}
                className="w-36 shrink-0"
                value={holiday.date}
                onChange={(event) => {
                  replace(n, { date: event.target.value });
                }}
              />
              <Input
                aria-label={t("Name of holiday {{number}}", { number: n + 1 })}
                placeholder={t("Name")}
                maxLength={80}
                className="min-w-0 flex-1"
                value={holiday.name}
                onChange={(event) => {
                  replace(n, { name: event.target.value });
                }}
              />
              <Button
                variant="ghost"
                size="icon"
                aria-label={t("Remove {{name}}", { name: holiday.name || t("holiday {{number}}", { number: n + 1 }) })}
                onClick={() => {
                  onChange(value.filter((_, at) => at !== n));
                }}
              >
                <X />
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="mb-2 text-sm text-ink-muted">{t("None yet. On a holiday the queue is closed all day.")}</p>
      )}
      <Button
        size="sm"
        onClick={() => {
          onChange([...value, { date: "", name: "" }]);
        }}
      >
        <CalendarPlus aria-hidden />
        {t("Add holiday")}
      </Button>
      {error ? (
        <p role="alert" className="mt-1 text-xs text-danger">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
