import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BotInput, BotKind, BotView } from "@rapport/core/api/bots";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Switch, Textarea, Toggle } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { OptionFields, written } from "@/lib/option-fields";
import { queries } from "@/lib/queries";

/** Makes a bot of a kind, or changes one. */
export function BotDialog({
  bot,
  kinds,
  onClose,
  onSaved,
}: {
  bot: BotView | undefined;
  kinds: BotKind[];
  onClose: () => void;
  onSaved: (bot: BotView, secrets: Record<string, string>) => void;
}) {
  const { api } = useBackend();
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  const [draft, setDraft] = useState<BotInput>({
    kind: bot?.kind ?? kinds[0]?.kind ?? "",
    name: bot?.name ?? "",
    enabled: bot?.enabled ?? true,
    options: bot?.options ?? {},
    timeout_seconds: bot?.timeout_seconds ?? 30,
    handoff_queue: bot?.handoff_queue ?? "",
    apology: bot?.apology ?? t("Sorry, I cannot help with that right now. A colleague will take over."),
  });
  const set = (change: Partial<BotInput>) => {
    setDraft({ ...draft, ...change });
  };
  const kind = kinds.find((one) => one.kind === draft.kind);
  const names = kind?.options.flatMap(({ name }) => [name, `options.${name}`]) ?? [];
  const form = useSubmission(["name", "kind", "timeout_seconds", "handoff_queue", "apology", ...names], async () => {
    const input = { ...draft, name: draft.name.trim(), options: written(kind?.options ?? [], draft.options) };
    if (bot) {
      const { kind: _fixed, ...change } = input;
      onSaved(await api.bots.change(bot.id, change), {});
    } else {
      const made = await api.bots.create(input);
      onSaved(made.bot, made.secrets);
    }
  });
  return (
    <FormDialog form={form} title={bot ? t("Edit {{name}}", { name: bot.name }) : t("New bot")} submit={bot ? t("Save") : t("Create bot")} onClose={onClose}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Name")} help={t("Customers see it.")} error={form.of("name")}>
          <Input
            required
            autoFocus
            maxLength={80}
            value={draft.name}
            onChange={(event) => {
              set({ name: event.target.value });
            }}
          />
        </Field>
        <Field label={t("Kind")} help={kind?.help} error={form.of("kind")}>
          <Select
            value={draft.kind}
            disabled={bot !== undefined}
            onChange={(event) => {
              set({ kind: event.target.value, options: {} });
            }}
          >
            {kinds.map((one) => (
              <option key={one.kind} value={one.kind}>
                {one.name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {kind ? (
        <OptionFields
          options={kind.options}
          value={draft.options}
          errorOf={form.of}
          onChange={(options) => {
            set({ options });
          }}
        />
      ) : null}
      <fieldset className="grid gap-4 border-t border-line pt-4">
        <legend className="float-start w-full text-sm font-semibold">{t("When people take over")}</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("Time-out in seconds")} help={t("Without an answer for this long, people take over.")} error={form.of("timeout_seconds")}>
            <Input
              type="number"
              required
              min={5}
              max={600}
              value={Number.isNaN(draft.timeout_seconds) ? "" : draft.timeout_seconds}
              onChange={(event) => {
                set({ timeout_seconds: event.target.valueAsNumber });
              }}
            />
          </Field>
          <Field label={t("Queue")} help={t("Used when the bot names neither agent nor queue.")} error={form.of("handoff_queue")}>
            <Select
              value={draft.handoff_queue}
              onChange={(event) => {
                set({ handoff_queue: event.target.value });
              }}
            >
              <option value="">{t("The conversation’s own queue")}</option>
              {queues.map((queue) => (
                <option key={queue.id} value={queue.id}>
                  {queue.name}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <Field label={t("Apology")} help={t("Sent when the bot fails. Empty sends nothing.")} error={form.of("apology")}>
          <Textarea
            rows={2}
            maxLength={1000}
            value={draft.apology}
            onChange={(event) => {
              set({ apology: event.target.value });
            }}
          />
        </Field>
      </fieldset>
      <Toggle label={t("Enabled")} help={t("A bot that is switched off gets no conversations; what it holds goes to people.")}>
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
