import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Channel, InboxInput, InboxView } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Switch, Toggle } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { WEBSITES } from "@/lib/no-website";
import { OptionFields, written } from "@/lib/option-fields";
import { queries } from "@/lib/queries";
import { SilenceFields } from "./silence-fields";
import { SurveyFields } from "./survey-fields";

/** An inbox that is being filled in; no queue yet means the default one, an empty one means none. */
type Draft = Omit<Required<InboxInput>, "queue_id"> & { queue_id: string | undefined; bot_id: string };

/** What is usual for a channel: people talk at the same time where both see each other type (S5-16). */
function usual(channel: Channel | undefined): Pick<Draft, "silence" | "window_hours"> {
  const live = channel?.caps.pulls && channel.caps.typing;
  return { silence: { conduct: live ? "live" : "messaging", close_minutes: null, warn_minutes: null }, window_hours: channel?.caps.window ?? 0 };
}

/** Makes an inbox on a channel, or changes one. */
export function InboxDialog({
  inbox,
  channels,
  onClose,
  onSaved,
}: {
  inbox: InboxView | undefined;
  channels: Channel[];
  onClose: () => void;
  onSaved: (inbox: InboxView, secrets: Record<string, string>) => void;
}) {
  const { api } = useBackend();
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  const bots = useQuery(queries.bots(api)).data?.items ?? [];
  const first = channels.find((one) => one.kind === "web") ?? channels[0];
  const [draft, setDraft] = useState<Draft>({
    channel: inbox?.channel ?? first?.kind ?? "",
    name: inbox?.name ?? "",
    queue_id: inbox?.queue_id,
    enabled: inbox?.enabled ?? true,
    bot_id: inbox?.bot_id ?? "",
    options: inbox?.options ?? {},
    survey: inbox?.survey ?? { enabled: false, question: "", scale: "stars", comment: true, thanks: "", delay_minutes: 0, after_silence: false, after_software: false },
    ...(inbox ? { silence: inbox.silence, window_hours: inbox.window_hours } : usual(first)),
  });
  const set = (change: Partial<Draft>) => {
    setDraft({ ...draft, ...change });
  };
  const channel = channels.find((one) => one.kind === draft.channel);
  const queueId = draft.queue_id ?? queues.find((queue) => queue.default)?.id ?? "";
  const optionsWhere = (wanted: (name: string) => boolean) => (
    <OptionFields
      options={channel?.options.filter(({ name }) => wanted(name)) ?? []}
      value={draft.options}
      errorOf={form.of}
      onChange={(changed) => {
        set({ options: changed });
      }}
    />
  );
  const names = channel?.options.flatMap(({ name }) => [name, `options.${name}`]) ?? [];
  const form = useSubmission(["name", "queue_id", "bot_id", "window_hours", "silence.close_minutes", "silence.warn_minutes", "survey.question", "survey.thanks", "survey.delay_minutes", ...names], async () => {
    const input = { ...draft, queue_id: queueId, options: written(channel?.options ?? [], draft.options) };
    if (inbox) {
      const { channel: _fixed, ...change } = input;
      onSaved(await api.inboxes.change(inbox.id, change), {});
    } else {
      const made = await api.inboxes.create(input);
      onSaved(made.inbox, made.secrets);
    }
  });
  return (
    <FormDialog
      form={form}
      title={inbox ? t("Edit {{name}}", { name: inbox.name }) : t("New inbox")}
      submit={inbox ? t("Save") : t("Create inbox")}
      onClose={onClose}
    >
      {inbox ? null : (
        <Field label={t("Channel")} help={channel?.help}>
          <Select
            value={draft.channel}
            onChange={(event) => {
              set({ channel: event.target.value, options: {}, ...usual(channels.find((one) => one.kind === event.target.value)) });
            }}
          >
            {channels.map((one) => (
              <option key={one.kind} value={one.kind}>
                {one.name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Name")} help={t("Agents see it beside the conversation.")} error={form.of("name")}>
          <Input
            required
            autoFocus
            value={draft.name}
            onChange={(event) => {
              set({ name: event.target.value });
            }}
          />
        </Field>
        <Field label={t("Queue")} help={t("Where its conversations wait.")} error={form.of("queue_id")}>
          <Select
            value={queueId}
            onChange={(event) => {
              set({ queue_id: event.target.value });
            }}
          >
            <option value="">{t("No fixed queue: where the customer was served last")}</option>
            {queues.map((queue) => (
              <option key={queue.id} value={queue.id}>
                {queue.name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {/* What nobody may forget: without it, the chat is shown nowhere. */}
      {optionsWhere((name) => name === WEBSITES)}
      {bots.length > 0 ? (
        <Field label={t("Answered first by")} help={t("A bot hands over to agents when it cannot help.")} error={form.of("bot_id")}>
          <Select
            value={draft.bot_id}
            onChange={(event) => {
              set({ bot_id: event.target.value });
            }}
          >
            <option value="">{t("Agents")}</option>
            {bots.map((bot) => (
              <option key={bot.id} value={bot.id}>
                {bot.name}
                {bot.enabled ? "" : t(" (off)")}
              </option>
            ))}
          </Select>
        </Field>
      ) : null}
      {optionsWhere((name) => name !== WEBSITES)}
      <SilenceFields
        value={draft.silence}
        errorOf={form.of}
        onChange={(silence) => {
          set({ silence });
        }}
      />
      <Field label={t("Only templates after (hours)")} help={t("So long after the customer's last message only approved templates may be sent; 0 is never.")} error={form.of("window_hours")}>
        <Input
          type="number"
          min={0}
          max={8760}
          value={draft.window_hours}
          onChange={(event) => {
            set({ window_hours: Number(event.target.value) });
          }}
        />
      </Field>
      <SurveyFields
        value={draft.survey}
        errorOf={form.of}
        onChange={(survey) => {
          set({ survey });
        }}
      />
      <Toggle label={t("Enabled")} help={t("A disabled inbox takes no messages.")}>
        <Switch
          checked={draft.enabled}
          onCheckedChange={(enabled) => {
            set({ enabled });
          }}
        />
      </Toggle>
    </FormDialog>
  );
}
