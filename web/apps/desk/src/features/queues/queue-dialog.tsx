import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AgentView, QueueInput, QueueMember, QueueView, Strategy } from "@rapport/core/api/types";
import { strategyNames } from "@rapport/core/format";
import { Choice } from "@rapport/ui/choice";
import { Field, Input, Select } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { CapacityField } from "@/lib/capacity-field";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { useMe } from "@/lib/me";
import { MembershipRow } from "@/lib/membership-row";
import { Loaded } from "@/lib/page";
import { PersonAvatar } from "@/lib/person";
import { queries } from "@/lib/queries";
import { StickyFields } from "@/lib/sticky-fields";

const strategyHelp: Record<Strategy, string> = {
  round_robin: "Each available agent gets the next one in turn.",
  least_load: "The agent with the fewest open conversations gets the next one.",
  longest_idle: "The agent who has been without new work the longest gets the next one.",
  random: "Any available agent gets the next one.",
};

const fields = ["name", "strategy", "capacity", "sticky.days", "sticky.min_replies", "sticky.mode"];

export function QueueDialog({
  queue,
  onClose,
  onSaved,
}: {
  queue: QueueView | undefined;
  onClose: () => void;
  onSaved: (name: string) => void;
}) {
  const { api } = useBackend();
  const { settings } = useMe();
  const agents = useQuery(queries.agents(api));
  const [draft, setDraft] = useState<QueueInput>({
    name: queue?.name ?? "",
    strategy: queue?.strategy ?? "round_robin",
    capacity: queue?.capacity ?? null,
    sticky: queue?.sticky ?? null,
    members: queue?.members ?? [],
  });
  const set = (change: Partial<QueueInput>) => {
    setDraft({ ...draft, ...change });
  };
  const form = useSubmission(fields, async () => {
    const saved = queue ? await api.queues.change(queue.id, draft) : await api.queues.create(draft);
    onSaved(saved.name);
  });
  return (
    <FormDialog
      form={form}
      title={queue ? `Edit ${queue.name}` : "New queue"}
      submit={queue ? "Save" : "Create queue"}
      onClose={onClose}
      className="gap-5"
    >
      <Field label="Name" error={form.of("name")}>
        <Input
          required
          autoFocus
          value={draft.name}
          onChange={(event) => {
            set({ name: event.target.value });
          }}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Strategy" help={strategyHelp[draft.strategy]} error={form.of("strategy")}>
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
          inherits={`the account's ${settings.capacity}`}
          error={form.of("capacity")}
        />
      </div>
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium">Members</legend>
        <Loaded query={agents} what="the agents">
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
      <fieldset className="grid gap-3">
        <legend className="mb-1.5 text-sm font-medium">Sticky sessions</legend>
        <Choice
          label="Sticky sessions of this queue"
          className="justify-self-start"
          value={draft.sticky ? "own" : "account"}
          onChange={(value) => {
            set({ sticky: value === "own" ? settings.sticky : null });
          }}
          options={[
            { value: "account", label: "As the account" },
            { value: "own", label: "Own settings" },
          ]}
        />
        {draft.sticky ? (
          <div className="rounded-md border border-line p-3.5">
            <StickyFields
              value={draft.sticky}
              errorOf={form.of}
              onChange={(sticky) => {
                set({ sticky });
              }}
            />
          </div>
        ) : (
          <p className="text-sm text-ink-muted">
            Inherits account settings: {settings.sticky.enabled ? `on, for ${settings.sticky.days} days.` : "off."}
          </p>
        )}
      </fieldset>
    </FormDialog>
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
    return <p className="text-sm text-ink-muted">Everybody is a member of the default queue and may reply there.</p>;
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
            replyName={`${agent.name} can reply`}
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
              {agent.enabled ? null : <span className="text-ink-muted">disabled</span>}
            </span>
          </MembershipRow>
        );
      })}
    </ul>
  );
}
