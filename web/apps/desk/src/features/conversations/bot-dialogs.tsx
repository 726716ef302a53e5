import { useQuery } from "@tanstack/react-query";
import { Bot, Check } from "lucide-react";
import { useState } from "react";
import type { BotRef } from "@rapport/core/api/bots";
import type { ConversationView } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Field, Select, Textarea } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { useCommands } from "@/lib/commands";
import { closeDialog } from "@/lib/desk-state";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { queries } from "@/lib/queries";
import { SummaryButton } from "./summary-button";

/** Gives the conversation to a bot, which answers the customer from then on. */
export function GiveToBotDialog({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const { context } = useCommands();
  const bots = context.bots.filter((bot) => bot.id !== c.bot_id);
  const [chosen, setChosen] = useState(bots[0]);
  const form = useSubmission(["bot_id"], async () => {
    if (!chosen) return;
    backend.put(await backend.api.conversations.giveToBot(c.id, chosen.id));
    closeDialog();
    toast(t("{{name}} answers {{contact_name}} now", { name: chosen.name, contact_name: c.contact_name }));
  });
  return (
    <FormDialog
      form={form}
      title={t("Give to a bot")}
      description={t("It answers {{contact_name}} from now on. You can take over again at any time.", { contact_name: c.contact_name })}
      size="sm"
      submit={t("Give to bot")}
      blocked={!chosen}
      onClose={closeDialog}
      className="gap-3"
    >
      <div role="radiogroup" aria-label={t("Bot")} className="max-h-72 overflow-y-auto rounded-md border border-line">
        {bots.map((bot) => (
          <Choice key={bot.id} bot={bot} on={bot.id === chosen?.id} onChoose={setChosen} />
        ))}
      </div>
    </FormDialog>
  );
}

function Choice({ bot, on, onChoose }: { bot: BotRef; on: boolean; onChoose: (bot: BotRef) => void }) {
  return (
    <label className={cn("flex cursor-pointer items-center gap-2.5 px-3 py-2 text-sm has-focus-visible:bg-hover", on ? "bg-selected" : "hover:bg-hover")}>
      <input
        type="radio"
        name="bot"
        className="sr-only"
        autoFocus={on}
        checked={on}
        onChange={() => {
          onChoose(bot);
        }}
      />
      <span aria-hidden className="inline-flex size-7 items-center justify-center rounded-md bg-machine text-machine-ink">
        <Bot className="size-4" />
      </span>
      <span className="min-w-0 flex-1 truncate font-medium">{bot.name}</span>
      <Check aria-hidden className={cn("size-4 text-accent", !on && "invisible")} />
    </label>
  );
}

/** Takes the conversation from the bot and gives it to people. */
export function HandOffDialog({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const targets = useQuery(queries.targets(backend.api, c.id)).data;
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const form = useSubmission(["reason", "agent_id", "queue_id"], async () => {
    const [kind, id = ""] = to.split(" ");
    const target = kind === "agent" ? { agent_id: id } : kind === "queue" ? { queue_id: id } : kind === "last" ? { last_agent: true } : {};
    const moved = await backend.api.conversations.handOff(c.id, { ...target, reason: reason.trim() });
    backend.put(moved);
    closeDialog();
    toast(moved.assignee_name ? t("{{assignee_name}} has it now", { assignee_name: moved.assignee_name }) : t("Waits in {{queue_name}}", { queue_name: moved.queue_name }));
  });
  return (
    <FormDialog
      form={form}
      title={t("Hand off to agents")}
      description={t("{{bot}} stops answering {{customer}}.", { bot: c.bot_name ?? t("The bot"), customer: c.contact_name })}
      submit={t("Hand off")}
      onClose={closeDialog}
    >
      <Field label={t("To")} help={t("Who gets it is told, and sees what the bot and the customer wrote.")} error={form.of("agent_id") ?? form.of("queue_id")}>
        <Select
          autoFocus
          value={to}
          onChange={(event) => {
            setTo(event.target.value);
          }}
        >
          <option value="">{t("Whoever the router finds")}</option>
          <option value="last">{t("The customer’s own agent")}</option>
          <optgroup label={t("Queues")}>
            {targets?.queues.map((queue) => (
              <option key={queue.id} value={`queue ${queue.id}`}>
                {queue.name}
              </option>
            ))}
          </optgroup>
          <optgroup label={t("Agents")}>
            {targets?.agents.map((agent) => (
              <option key={agent.id} value={`agent ${agent.id}`}>
                {agent.name}
                {agent.eligible ? null : ` (${agent.reason.replace(/\.$/, "").toLowerCase()})`}
              </option>
            ))}
          </optgroup>
        </Select>
      </Field>
      <div className="grid gap-2">
        <Field label={t("Reason")} help={t("Optional. Whoever takes over reads it in the thread.")} error={form.of("reason")}>
          <Textarea
            rows={3}
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
