import type { ReplyTimer } from "@rapport/core/api/types";
import { minutesText } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Switch, Toggle } from "@rapport/ui/field";
import { DurationField } from "./duration-field";

export interface QueueChoice {
  id: string;
  name: string;
}

/** What the reply timer does, in sentences. */
export function replyTimerText(timer: ReplyTimer, queues: readonly QueueChoice[]): string {
  if (!timer.enabled) return t("Off: a conversation stays with its agent, however long they take.");
  const minutes = minutesText(timer.minutes);
  const time = timer.business_hours ? t("{{time}} of business hours", { time: minutes }) : minutes;
  const has = timer.every_message ? t("An agent has {{time}} for each answer.", { time }) : t("An agent has {{time}} for the first answer.", { time });
  if (timer.then === "notify") return `${has} ${t("Then supervisors are told; the conversation stays where it is.")}`;
  const end = queues.find((queue) => queue.id === timer.fallback_queue)?.name;
  const after = end ? t("supervisors are told and it goes to {{queue}}.", { queue: end }) : t("supervisors are told and it waits, unassigned.");
  if (timer.hops === 0) return `${has} ${t("Then {{after}}", { after })}`;
  return `${has} ${t("Then it moves on to another agent, at most {{count}} times; after that {{after}}", { count: timer.hops, after })}`;
}

/** How long an agent has for an answer, and what happens then; of the account or of one queue. */
export function ReplyTimerFields({
  value,
  onChange,
  queues,
  hours,
  errorOf,
}: {
  value: ReplyTimer;
  onChange: (value: ReplyTimer) => void;
  queues: readonly QueueChoice[];
  /** Whether the queue has business hours; undefined for the account, whose queues may. */
  hours?: boolean | undefined;
  errorOf: (field: string) => string | undefined;
}) {
  const set = (change: Partial<ReplyTimer>) => {
    onChange({ ...value, ...change });
  };
  return (
    <div className="grid gap-4">
      <Toggle label={t("Reply timer")} help={replyTimerText(value, queues)}>
        <Switch
          checked={value.enabled}
          onCheckedChange={(enabled) => {
            set({ enabled });
          }}
        />
      </Toggle>
      {value.enabled ? (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <DurationField
              label={t("Time for an answer")}
              help={t("From the assignment or the customer's message, whichever is later. Notes and automatic messages are no answer.")}
              error={errorOf("reply_timer.minutes")}
              units={[60, 3600, 86400]}
              max={7 * 86400}
              value={value.minutes * 60}
              onChange={(seconds) => {
                set({ minutes: Math.round((seconds ?? 0) / 60) });
              }}
            />
            <Field label={t("Then")} error={errorOf("reply_timer.then")}>
              <Select
                value={value.then}
                onChange={(event) => {
                  set({ then: event.target.value as ReplyTimer["then"] });
                }}
              >
                <option value="reassign">{t("Move it on to another agent")}</option>
                <option value="notify">{t("Tell supervisors and leave it")}</option>
              </Select>
            </Field>
            {value.then === "reassign" ? (
              <>
                <Field
                  label={t("Agents it moves on to, at most")}
                  help={t("Never back to one who let it lapse.")}
                  error={errorOf("reply_timer.hops")}
                >
                  <Input
                    type="number"
                    min={0}
                    max={20}
                    value={value.hops}
                    onChange={(event) => {
                      set({ hops: event.target.valueAsNumber || 0 });
                    }}
                  />
                </Field>
                <Field
                  label={t("After that")}
                  help={t("Supervisors are told in any case.")}
                  error={errorOf("reply_timer.fallback_queue")}
                >
                  <Select
                    value={value.fallback_queue ?? ""}
                    onChange={(event) => {
                      set({ fallback_queue: event.target.value });
                    }}
                  >
                    <option value="">{t("Wait, unassigned")}</option>
                    {queues.map((queue) => (
                      <option key={queue.id} value={queue.id}>
                        {t("Move to {{name}}", { name: queue.name })}
                      </option>
                    ))}
                  </Select>
                </Field>
              </>
            ) : null}
          </div>
          <Toggle
            label={t("After every message")}
            help={value.every_message ? t("The time runs again for each message of the customer.") : t("The time ends for good with the agent's first answer.")}
          >
            <Switch
              checked={value.every_message}
              onCheckedChange={(every_message) => {
                set({ every_message });
              }}
            />
          </Toggle>
          <Toggle
            label={t("Count business hours only")}
            help={
              hours === false && value.business_hours
                ? t("This queue has no business hours yet, so all hours count.")
                : t("The time stands still while the queue is closed.")
            }
          >
            <Switch
              checked={value.business_hours}
              onCheckedChange={(business_hours) => {
                set({ business_hours });
              }}
            />
          </Toggle>
        </>
      ) : null}
    </div>
  );
}
