import { useQuery } from "@tanstack/react-query";
import { Check, Search, TriangleAlert, UsersRound } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@rapport/core/api/problem";
import type { ConversationView, Targets } from "@rapport/core/api/types";
import { statusNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Field, Input, Textarea } from "@rapport/ui/field";
import { Empty } from "@rapport/ui/marks";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { closeDialog } from "@/lib/desk-state";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { Loaded } from "@/lib/page";
import { PersonAvatar } from "@/lib/person";
import { queries } from "@/lib/queries";
import { SummaryButton } from "./summary-button";

type AgentTarget = Targets["agents"][number];
type QueueTarget = Targets["queues"][number];
type Target = { kind: "agent"; agent: AgentTarget } | { kind: "queue"; queue: QueueTarget };

const idOf = (target: Target) => (target.kind === "agent" ? target.agent.id : target.queue.id);

/** Hands a conversation to an agent or a queue; who cannot take it is shown with the reason and needs a second word. */
export function TransferDialog({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const targets = useQuery(queries.targets(backend.api, c.id));
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Target>();
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<string>();

  const warning = refused ?? (chosen?.kind === "agent" && !chosen.agent.eligible ? chosen.agent.reason : undefined);
  const form = useSubmission(["reason"], async () => {
    if (!chosen) return;
    const to = chosen.kind === "agent" ? { agent_id: chosen.agent.id } : { queue_id: chosen.queue.id };
    try {
      const moved = await backend.api.conversations.transfer(c.id, {
        ...to,
        reason: reason.trim(),
        ...(warning ? { override: true } : {}),
      });
      backend.put(moved);
      closeDialog();
      toast(moved.transfer ? t("Waits for {{targetName}} to take over", { targetName: targetName(chosen) }) : t("Transferred to {{targetName}}", { targetName: targetName(chosen) }));
    } catch (error) {
      if (!isProblem(error, "not_eligible")) throw error;
      const { reason: why } = error.document;
      setRefused(typeof why === "string" ? why : error.message);
    }
  });

  function choose(target: Target): void {
    setChosen(target);
    setRefused(undefined);
  }

  return (
    <FormDialog
      form={form}
      title={t("Transfer conversation")}
      description={t("With {{contact_name}}. You keep it until somebody takes over.", { contact_name: c.contact_name })}
      submit={warning ? t("Transfer anyway") : t("Transfer")}
      blocked={!chosen}
      onClose={closeDialog}
      className="gap-3"
    >
      <div className="relative">
        <Search aria-hidden className="absolute top-2 start-2.5 size-4 text-ink-faint" />
        <Input
          aria-label={t("Search agents and queues")}
          placeholder={t("Search agents and queues")}
          autoFocus
          className="ps-8"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </div>
      <Loaded query={targets} what={t("agents and queues")}>
        {(data) => <TargetList targets={data} text={text} holder={c.assignee_id} queue={c.queue_id} chosen={chosen} onChoose={choose} />}
      </Loaded>
      {warning ? (
        <p role="alert" className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
          <span>
            {t("{{warning}} You can transfer anyway; that is recorded.", { warning })}
          </span>
        </p>
      ) : null}
      <div className="grid gap-2">
        <Field label={t("Reason")} help={t("Optional. Whoever takes over reads it in the thread.")} error={form.of("reason")}>
          <Textarea
            rows={2}
            className="min-h-13"
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        </Field>
        <SummaryButton id={c.id} onText={setReason} />
      </div>
    </FormDialog>
  );
}

function targetName(target: Target): string {
  return target.kind === "agent" ? target.agent.name : target.queue.name;
}

function TargetList({
  targets,
  text,
  holder,
  queue,
  chosen,
  onChoose,
}: {
  targets: Targets;
  text: string;
  holder: string | undefined;
  queue: string;
  chosen: Target | undefined;
  onChoose: (target: Target) => void;
}) {
  const words = text.trim().toLowerCase();
  const match = (name: string) => name.toLowerCase().includes(words);
  const agents = targets.agents
    .filter((agent) => agent.id !== holder && match(agent.name))
    .sort((a, b) => Number(b.eligible) - Number(a.eligible) || a.name.localeCompare(b.name));
  const queues = targets.queues
    .filter((one) => (one.id !== queue || !holder) && match(one.name))
    .sort((a, b) => b.available - a.available || a.name.localeCompare(b.name));
  if (agents.length + queues.length === 0) {
    return <Empty title={t("No match")} className="py-6">{t("No agent or queue has “{{text}}” in its name.", { text })}</Empty>;
  }
  return (
    <div role="radiogroup" aria-label={t("Transfer to")} className="max-h-72 overflow-y-auto rounded-md border border-line">
      {agents.length > 0 ? <Heading>{t("Agents")}</Heading> : null}
      {agents.map((agent) => (
        <Option key={agent.id} target={{ kind: "agent", agent }} chosen={chosen} onChoose={onChoose}>
          <PersonAvatar name={agent.name} status={agent.availability} />
          <span className="min-w-0 flex-1">
            <span className={cn("block truncate font-medium", !agent.eligible && "text-ink-muted")}>{agent.name}</span>
            <span className="block truncate text-xs text-ink-muted">
              {agent.eligible ? statusNames[agent.availability] : agent.reason}
            </span>
          </span>
          <span className="text-xs text-ink-muted tabular-nums" aria-label={t("Holds {{load}} of {{capacity}}", { load: agent.load, capacity: agent.capacity })}>
            {agent.load}/{agent.capacity}
          </span>
        </Option>
      ))}
      {queues.length > 0 ? <Heading>{t("Queues")}</Heading> : null}
      {queues.map((one) => (
        <Option key={one.id} target={{ kind: "queue", queue: one }} chosen={chosen} onChoose={onChoose}>
          <span aria-hidden className="inline-flex size-7 items-center justify-center rounded-md bg-hover text-ink-muted">
            <UsersRound className="size-4" />
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{one.name}</span>
            <span className="block text-xs text-ink-muted">
              {one.available > 0 ? t("{{available}} available", { available: one.available }) : t("Nobody is available; it would wait with you")}
            </span>
          </span>
          <span className="text-xs text-ink-muted tabular-nums">{one.waiting > 0 ? t("{{waiting}} waiting", { waiting: one.waiting }) : ""}</span>
        </Option>
      ))}
    </div>
  );
}

function Heading({ children }: { children: string }) {
  return <p className="sticky top-0 bg-raised px-3 py-1.5 text-2xs font-medium text-ink-muted">{children}</p>;
}

function Option({
  target,
  chosen,
  onChoose,
  children,
}: {
  target: Target;
  chosen: Target | undefined;
  onChoose: (target: Target) => void;
  children: React.ReactNode;
}) {
  const on = chosen !== undefined && idOf(chosen) === idOf(target);
  return (
    <label className={cn("flex cursor-pointer items-center gap-2.5 px-3 py-1.5 text-sm has-focus-visible:bg-hover", on ? "bg-selected" : "hover:bg-hover")}>
      <input
        type="radio"
        name="target"
        className="sr-only"
        aria-label={targetName(target)}
        checked={on}
        onChange={() => {
          onChoose(target);
        }}
      />
      {children}
      <Check aria-hidden className={cn("size-4 text-accent", !on && "invisible")} />
    </label>
  );
}
