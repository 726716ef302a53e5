import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Agent, AgentInput, AgentView, Invitation, QueueView, Role } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Field, Input, Select } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { CapacityField } from "@/lib/capacity-field";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { MembershipRow } from "@/lib/membership-row";
import { Loaded } from "@/lib/page";
import { queries } from "@/lib/queries";

const roles: { value: Role; label: string; help: string }[] = [
  { value: "agent", label: t("Agent"), help: t("Works the conversations of their queues.") },
  { value: "supervisor", label: t("Supervisor"), help: t("Also sees and moves all conversations, and keeps the sticky agents.") },
  { value: "admin", label: t("Admin"), help: t("Also sets up agents, queues, inboxes and settings.") },
];

/** Invites somebody, or changes what they may do. */
export function AgentDialog({
  agent,
  onClose,
  onSaved,
}: {
  agent: AgentView | undefined;
  onClose: () => void;
  onSaved: (agent: Agent, invitation?: Invitation) => void;
}) {
  const { api } = useBackend();
  const queues = useQuery(queries.queues(api));
  const [draft, setDraft] = useState<AgentInput>({
    name: agent?.name ?? "",
    email: agent?.email ?? "",
    role: agent?.role ?? "agent",
    capacity: agent?.capacity ?? null,
    enabled: agent?.enabled ?? true,
    queues: agent?.queues.map(({ id, can_reply }) => ({ id, can_reply })) ?? [],
  });
  const set = (change: Partial<AgentInput>) => {
    setDraft({ ...draft, ...change });
  };
  const form = useSubmission(["name", "email", "role", "capacity"], async () => {
    if (agent) {
      const saved = await api.agents.change(agent.id, draft);
      onSaved(saved);
    } else {
      const { agent: made, ...invitation } = await api.agents.invite(draft);
      onSaved(made, invitation);
    }
  });
  return (
    <FormDialog
      form={form}
      title={agent ? t("Edit {{name}}", { name: agent.name }) : t("Invite agent")}
      {...(agent ? {} : { description: t("They get a link and choose their password themselves.") })}
      submit={agent ? t("Save") : t("Invite")}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Name")} error={form.of("name")}>
          <Input
            required
            autoFocus
            value={draft.name}
            onChange={(event) => {
              set({ name: event.target.value });
            }}
          />
        </Field>
        <Field label={t("E-mail")} error={form.of("email")}>
          <Input
            required
            type="email"
            value={draft.email}
            onChange={(event) => {
              set({ email: event.target.value });
            }}
          />
        </Field>
        <Field label={t("Role")} help={roles.find((role) => role.value === draft.role)?.help} error={form.of("role")}>
          <Select
            value={draft.role}
            onChange={(event) => {
              set({ role: event.target.value as Role });
            }}
          >
            {roles.map((role) => (
              <option key={role.value} value={role.value}>
                {role.label}
              </option>
            ))}
          </Select>
        </Field>
        <CapacityField
          value={draft.capacity}
          onChange={(capacity) => {
            set({ capacity });
          }}
          inherits={t("the value of the queue, else of the account")}
          error={form.of("capacity")}
        />
      </div>
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium">{t("Queues")}</legend>
        <Loaded query={queues} what={t("the queues")}>
          {({ items }) => (
            <QueuePlaces
              queues={items}
              value={draft.queues}
              onChange={(places) => {
                set({ queues: places });
              }}
            />
          )}
        </Loaded>
      </fieldset>
    </FormDialog>
  );
}

type Place = AgentInput["queues"][number];

function QueuePlaces({ queues, value, onChange }: { queues: QueueView[]; value: Place[]; onChange: (value: Place[]) => void }) {
  return (
    <ul className="divide-y divide-line rounded-md border border-line">
      {queues.map((queue) => {
        const place = value.find((one) => one.id === queue.id);
        return (
          <MembershipRow
            key={queue.id}
            className="h-9"
            name={queue.name}
            member={queue.default || place !== undefined}
            fixed={queue.default}
            canReply={queue.default ? undefined : place?.can_reply}
            replyName={t("Can reply in {{name}}", { name: queue.name })}
            onMember={(on) => {
              onChange(on ? [...value, { id: queue.id, can_reply: true }] : value.filter((one) => one.id !== queue.id));
            }}
            onReply={(can_reply) => {
              onChange(value.map((one) => (one.id === queue.id ? { ...one, can_reply } : one)));
            }}
          >
            <span className="block truncate">
              {queue.name}
              {queue.default ? <span className="text-ink-muted"> {t("· everybody is a member")}</span> : null}
            </span>
          </MembershipRow>
        );
      })}
    </ul>
  );
}
