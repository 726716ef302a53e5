import type { ReplyTimer } from "@rapport/core/api/types";
import { minutesText } from "@rapport/core/format";
import { Field, Input, Select, Switch, Toggle } from "@rapport/ui/field";
import { DurationField } from "./duration-field";

export interface QueueChoice {
  id: string;
  name: string;
}

/** What the reply timer does, in sentences. */
export function replyTimerText(timer: ReplyTimer, queues: readonly QueueChoice[]): string {
  if (!timer.enabled) return "Off: a conversation stays with its agent, however long they take.";
  const time = `${minutesText(timer.minutes)}${timer.business_hours ? " of business hours" : ""}`;
  const has = `An agent has ${time} for ${timer.every_message ? "each answer" : "the first answer"}.`;
  if (timer.then === "notify") return `${has} Then supervisors are told; the conversation stays where it is.`;
  const end = queues.find((queue) => queue.id === timer.fallback_queue)?.name;
  const after = `supervisors are told and it ${end ? `goes to ${end}` : "waits, unassigned"}.`;
  if (timer.hops === 0) return `${has} Then ${after}`;
  return `${has} Then it moves on to another agent, at most ${timer.hops === 1 ? "once" : `${timer.hops} times`}; after that ${after}`;
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
      <Toggle label="Reply timer" help={replyTimerText(value, queues)}>
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
              label="Time for an answer"
              help="From the assignment or the customer's message, whichever is later. Notes and automatic messages are no answer."
              error={errorOf("reply_timer.minutes")}
              units={[60, 3600, 86400]}
              max={7 * 86400}
              value={value.minutes * 60}
              onChange={(seconds) => {
                set({ minutes: Math.round((seconds ?? 0) / 60) });
              }}
            />
            <Field label="Then" error={errorOf("reply_timer.then")}>
              <Select
                value={value.then}
                onChange={(event) => {
                  set({ then: event.target.value as ReplyTimer["then"] });
                }}
              >
                <option value="reassign">Move it on to another agent</option>
                <option value="notify">Tell supervisors and leave it</option>
              </Select>
            </Field>
            {value.then === "reassign" ? (
              <>
                <Field
                  label="Agents it moves on to, at most"
                  help="Never back to one who let it lapse."
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
                  label="After that"
                  help="Supervisors are told in any case."
                  error={errorOf("reply_timer.fallback_queue")}
                >
                  <Select
                    value={value.fallback_queue ?? ""}
                    onChange={(event) => {
                      set({ fallback_queue: event.target.value });
                    }}
                  >
                    <option value="">Wait, unassigned</option>
                    {queues.map((queue) => (
                      <option key={queue.id} value={queue.id}>
                        Move to {queue.name}
                      </option>
                    ))}
                  </Select>
                </Field>
              </>
            ) : null}
          </div>
          <Toggle
            label="After every message"
            help={value.every_message ? "The time runs again for each message of the customer." : "The time ends for good with the agent's first answer."}
          >
            <Switch
              checked={value.every_message}
              onCheckedChange={(every_message) => {
                set({ every_message });
              }}
            />
          </Toggle>
          <Toggle
            label="Count business hours only"
            help={
              hours === false && value.business_hours
                ? "This queue has no business hours yet, so all hours count."
                : "The time stands still while the queue is closed."
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
