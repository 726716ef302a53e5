import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { AgentView, QueueInput, QueueMember, QueueView, Strategy } from "@rapport/core/api/types";
import { minutesText, strategyNames } from "@rapport/core/format";
import { hoursFault } from "@rapport/core/hours";
import { t } from "@rapport/i18n";
import { Choice } from "@rapport/ui/choice";
import { Field, Input, Select } from "@rapport/ui/field";
import { Tabs } from "@rapport/ui/tabs";
import { useBackend } from "@/lib/backend";
import { CapacityField } from "@/lib/capacity-field";
import { DurationField } from "@/lib/duration-field";
import { FormError, useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { useMe } from "@/lib/me";
import { MembershipRow } from "@/lib/membership-row";
import { Loaded } from "@/lib/page";
import { PersonAvatar } from "@/lib/person";
import { queries } from "@/lib/queries";
import { ReplyTimerFields, replyTimerText } from "@/lib/reply-timer-fields";
import { StickyFields } from "@/lib/sticky-fields";
import { HoursFields } from "./hours-fields";
import { SendersPart } from "./senders-part";

const strategyHelp: Record<Strategy, string> = {
  round_robin: t("Each available agent gets the next one in turn."),
  least_load: t("The agent with the fewest open conversations gets the next one."),
  longest_idle: t("The agent who has been without new work the longest gets the next one."),
  random: t("Any available agent gets the next one."),
};

type Part = "members" | "hours" | "answers" | "waiting" | "senders" | "sticky";

/** Fields of each part, so that a refusal leads to it. */
const fields: Record<Part, string[]> = {
  members: ["strategy", "capacity", "members"],
  hours: ["hours", "hours.zone", "hours.blocks", "hours.holidays", "hours.reply", "hours.fallback_queue"],
  answers: ["minutes", "then", "hops", "fallback_queue"].map((name) => `reply_timer.${name}`),
  waiting: ["max_wait_minutes", "fallback_queue"],
  senders: ["senders", "senders.inboxes", "senders.defaults"],
  sticky: ["days", "min_replies", "mode", "hold.full", "hold.busy", "hold.away", "hold.offline"].map((name) => `sticky.${name}`),
};

const names: Record<Part, string> = {
  members: t("Members"),
  hours: t("Business hours"),
  answers: t("Answering in time"),
  waiting: t("Waiting"),
  senders: t("Senders"),
  sticky: t("Sticky sessions"),
};

export function QueueDialog({
  queue,
  queues,
  onClose,
  onSaved,
}: {
  queue: QueueView | undefined;
  queues: readonly QueueView[];
  onClose: () => void;
  onSaved: (name: string) => void;
}) {
  const { api } = useBackend();
  const { settings } = useMe();
  const [part, setPart] = useState<Part>("members");
  const [draft, setDraft] = useState<Required<QueueInput>>({
    name: queue?.name ?? "",
    strategy: queue?.strategy ?? "round_robin",
    capacity: queue?.capacity ?? null,
    sticky: queue?.sticky ?? null,
    members: queue?.members ?? [],
    reply_timer: queue?.reply_timer ?? null,
    hours: queue?.hours ?? null,
    max_wait_minutes: queue?.max_wait_minutes ?? 0,
    fallback_queue: queue?.fallback_queue ?? "",
    senders: queue?.senders ?? {},
  });
  const set = (change: Partial<QueueInput>) => {
    setDraft({ ...draft, ...change });
  };
  const others = queues.filter((one) => one.id !== queue?.id);
  const form = useSubmission(["name", ...Object.values(fields).flat()], async () => {
    const saved = queue ? await api.queues.change(queue.id, draft) : await api.queues.create(draft);
    onSaved(saved.name);
  });
  const fault = draft.hours ? hoursFault(draft.hours) : undefined;
  const faulty = (one: Part) => fields[one].some((field) => form.of(field)) || (one === "hours" && fault !== undefined);
  const parts: Record<Part, ReactNode> = {
    members: <MembersPart queue={queue} draft={draft} set={set} errorOf={form.of} />,
    hours: (
      <HoursFields
        value={draft.hours}
        queues={others}
        errorOf={form.of}
        onChange={(hours) => {
          set({ hours });
        }}
      />
    ),
    answers: (
      <OwnOrAccount
        label={t("Reply timer of this queue")}
        own={draft.reply_timer !== null}
        inherited={replyTimerText(settings.reply_timer, queues)}
        onOwn={(own) => {
          set({ reply_timer: own ? settings.reply_timer : null });
        }}
      >
        {draft.reply_timer ? (
          <ReplyTimerFields
            value={draft.reply_timer}
            queues={others}
            hours={draft.hours !== null}
            errorOf={form.of}
            onChange={(reply_timer) => {
              set({ reply_timer });
            }}
          />
        ) : null}
      </OwnOrAccount>
    ),
    waiting: <WaitingPart draft={draft} set={set} queues={others} errorOf={form.of} />,
    senders: (
      <SendersPart
        value={draft.senders}
        error={form.of("senders") ?? form.of("senders.inboxes") ?? form.of("senders.defaults")}
        onChange={(senders) => {
          set({ senders });
        }}
      />
    ),
    sticky: (
      <OwnOrAccount
        label={t("Sticky sessions of this queue")}
        own={draft.sticky !== null}
        inherited={settings.sticky.enabled ? t("On, for {{count}} days.", { count: settings.sticky.days }) : t("Off.")}
        onOwn={(own) => {
          set({ sticky: own ? settings.sticky : null });
        }}
      >
        {draft.sticky ? (
          <StickyFields
            value={draft.sticky}
            errorOf={form.of}
            onChange={(sticky) => {
              set({ sticky });
            }}
          />
        ) : null}
      </OwnOrAccount>
    ),
  };
  return (
    <FormDialog
      form={form}
      title={queue ? t("Edit {{name}}", { name: queue.name }) : t("New queue")}
      submit={queue ? t("Save") : t("Create queue")}
      blocked={fault !== undefined}
      size="lg"
      onClose={onClose}
      className="min-h-[54dvh] grid-cols-[minmax(0,1fr)] content-start"
    >
      <Tabs
        label={t("Parts of the queue")}
        value={part}
        onChange={setPart}
        tabs={(Object.keys(names) as Part[]).map((value) => ({ value, label: names[value], fault: faulty(value), content: parts[value] }))}
        above={
          <Field label={t("Name")} error={form.of("name")} className="mb-4">
            <Input
              required
              autoFocus
              value={draft.name}
              onChange={(event) => {
                set({ name: event.target.value });
              }}
            />
          </Field>
        }
      />
      {fault ? <FormError>{t("Business hours: {{fault}}", { fault })}</FormError> : null}
    </FormDialog>
  );
}

interface PartProps {
  draft: Required<QueueInput>;
  set: (change: Partial<QueueInput>) => void;
  errorOf: (field: string) => string | undefined;
}

function MembersPart({ queue, draft, set, errorOf }: PartProps & { queue: QueueView | undefined }) {
  const { api } = useBackend();
  const { settings } = useMe();
  const agents = useQuery(queries.agents(api));
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Strategy")} help={strategyHelp[draft.strategy]} error={errorOf("strategy")}>
          <Select
            value={draft.strategy}
            onChange={(event) => {
              set({ strategy: event.target.value as Strategy });
            }}
          >
            {Object.entries(strategyNames).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <CapacityField
          value={draft.capacity}
          onChange={(capacity) => {
            set({ capacity });
          }}
          inherits={t("the account's {{capacity}}", { capacity: settings.capacity })}
          error={errorOf("capacity")}
        />
      </div>
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium">{t("Members")}</legend>
        <Loaded query={agents} what={t("the agents")}>
          {({ items }) => (
            <Members
              agents={items}
              everybody={queue?.default ?? false}
              value={draft.members}
              onChange={(members) => {
                set({ members });
              }}
            />
          )}
        </Loaded>
      </fieldset>
    </>
  );
}

function WaitingPart({ draft, set, queues, errorOf }: PartProps & { queues: readonly QueueView[] }) {
  const waits = draft.max_wait_minutes > 0;
  const target = queues.find((one) => one.id === draft.fallback_queue)?.name;
  return (
    <>
      <p className="text-sm text-ink-muted">
        {waits
          ? target
            ? t("Who has waited {{time}} for an agent moves to {{queue}}, and supervisors are told.", { time: minutesText(draft.max_wait_minutes), queue: target })
            : t("Who has waited {{time}} for an agent goes on waiting here, and supervisors are told.", { time: minutesText(draft.max_wait_minutes) })
          : t("A conversation waits here until an agent can take it, however long that is.")}
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <DurationField
          label={t("Longest wait")}
          help={t("0 waits on without end.")}
          error={errorOf("max_wait_minutes")}
          units={[60, 3600, 86400]}
          max={30 * 86400}
          value={draft.max_wait_minutes * 60}
          onChange={(seconds) => {
            set({ max_wait_minutes: Math.round((seconds ?? 0) / 60) });
          }}
        />
        <Field label={t("After that")} help={t("Supervisors are told in any case.")} error={errorOf("fallback_queue")}>
          <Select
            disabled={!waits}
            value={draft.fallback_queue}
            onChange={(event) => {
              set({ fallback_queue: event.target.value });
            }}
          >
            <option value="">{t("Wait on in this queue")}</option>
            {queues.map((one) => (
              <option key={one.id} value={one.id}>
                {t("Move to {{name}}", { name: one.name })}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </>
  );
}

/** Settings that a queue takes from the account, or has of its own. */
function OwnOrAccount({
  label,
  own,
  inherited,
  onOwn,
  children,
}: {
  label: string;
  own: boolean;
  /** What the account's settings say. */
  inherited: string;
  onOwn: (own: boolean) => void;
  children: ReactNode;
}) {
  return (
    <>
      <Choice
        label={label}
        className="justify-self-start"
        value={own ? "own" : "account"}
        onChange={(value) => {
          onOwn(value === "own");
        }}
        options={[
          { value: "account", label: t("As the account") },
          { value: "own", label: t("Own settings") },
        ]}
      />
      {own ? children : <p className="text-sm text-ink-muted">{t("Inherits account settings: {{inherited}}", { inherited })}</p>}
    </>
  );
}

function Members({
  agents,
  everybody,
  value,
  onChange,
}: {
  agents: AgentView[];
  everybody: boolean;
  value: QueueMember[];
  onChange: (value: QueueMember[]) => void;
}) {
  if (everybody) {
    return <p className="text-sm text-ink-muted">{t("Everybody is a member of the default queue and may reply there.")}</p>;
  }
  return (
    <ul className="max-h-60 divide-y divide-line overflow-y-auto rounded-md border border-line">
      {agents.map((agent) => {
        const member = value.find((one) => one.agent_id === agent.id);
        return (
          <MembershipRow
            key={agent.id}
            name={agent.name}
            member={member !== undefined}
            canReply={member?.can_reply}
            replyName={t("{{name}} can reply", { name: agent.name })}
            onMember={(on) => {
              onChange(on ? [...value, { agent_id: agent.id, can_reply: true }] : value.filter((one) => one.agent_id !== agent.id));
            }}
            onReply={(can_reply) => {
              onChange(value.map((one) => (one.agent_id === agent.id ? { ...one, can_reply } : one)));
            }}
          >
            <span className="flex items-center gap-2">
              <PersonAvatar name={agent.name} size="sm" />
              <span className="truncate">{agent.name}</span>
              {agent.enabled ? null : <span className="text-ink-muted">{t("disabled")}</span>}
            </span>
          </MembershipRow>
        );
      })}
    </ul>
  );
}
