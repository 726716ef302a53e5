import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Settings } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { DurationField } from "@/lib/duration-field";
import { FormError, useSubmission } from "@/lib/form";
import { Card, Loaded, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { ReplyTimerFields } from "@/lib/reply-timer-fields";
import { StickyFields } from "@/lib/sticky-fields";
import { Unsaved } from "@/lib/unsaved";
import { AssistFields } from "./assist-fields";
import { DetailsFields } from "./details-fields";
import { SettingsSearch } from "./settings-search";
import { SigningCard, SigningDialog } from "./signing-secret";
import { TextsCard } from "./texts-card";

export function SettingsPage() {
  const { api } = useBackend();
  const settings = useQuery(queries.settings(api));
  const [signing, setSigning] = useState(false);
  return (
    <Page title={t("Settings")} lead={t("These hold for the whole account. Queues and agents may have values of their own.")}>
      <SettingsSearch />
      <Loaded query={settings} what={t("the settings")}>
        {(data) => (
          <SettingsForm
            key={data.version}
            settings={data}
            onSigning={() => {
              setSigning(true);
            }}
          />
        )}
      </Loaded>
      {signing ? (
        <SigningDialog
          onClose={() => {
            setSigning(false);
          }}
        />
      ) : null}
    </Page>
  );
}

const fields = [
  ...["account_name", "capacity", "country", "transfer_minutes", "away_minutes", "offline_grace_seconds", "reopen_hours"],
  ...["days", "min_replies", "mode", "hold.full", "hold.busy", "hold.away", "hold.offline"].map((name) => `sticky.${name}`),
  ...["minutes", "then", "hops", "fallback_queue"].map((name) => `reply_timer.${name}`),
  "assist.bot_id",
  ...["warning", "closed", "unavailable"].map((name) => `texts.${name}`),
];

function SettingsForm({ settings, onSigning }: { settings: Settings; onSigning: () => void }) {
  const { api, client } = useBackend();
  const [draft, setDraft] = useState(settings);
  const set = (change: Partial<Settings>) => {
    setDraft({ ...draft, ...change });
  };
  const changed = JSON.stringify(draft) !== JSON.stringify(settings);
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  const form = useSubmission(fields, async () => {
    const saved = await api.settings.change(draft);
    client.setQueryData(keys.settings, saved);
    toast(t("Settings saved"));
  });
  return (
    <form className="grid gap-5" onSubmit={form.submit}>
      <Unsaved when={changed} />
      <Card title={t("Account")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("Account name")} error={form.of("account_name")}>
            <Input
              required
              value={draft.account_name}
              onChange={(event) => {
                set({ account_name: event.target.value });
              }}
            />
          </Field>
          <Field
            label={t("Country of phone numbers")}
            help={t("Two letters, such as DE. Numbers without a country code are read as numbers of it; empty demands the code.")}
            error={form.of("country")}
          >
            <Input
              maxLength={2}
              className="uppercase"
              value={draft.country}
              onChange={(event) => {
                set({ country: event.target.value.toUpperCase() });
              }}
            />
          </Field>
        </div>
      </Card>
      <Card title={t("Work")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label={t("Capacity of an agent")}
            help={t("Conversations at once, unless the queue or the agent has a value of its own.")}
            error={form.of("capacity")}
          >
            <Input
              type="number"
              min={0}
              max={1000}
              value={draft.capacity}
              onChange={(event) => {
                set({ capacity: event.target.valueAsNumber || 0 });
              }}
            />
          </Field>
          <Field
            label={t("Transfer time-out in minutes")}
            help={t("A transfer that no agent of the queue takes over within this time returns to where it was.")}
            error={form.of("transfer_minutes")}
          >
            <Input
              type="number"
              min={1}
              max={10080}
              value={draft.transfer_minutes}
              onChange={(event) => {
                set({ transfer_minutes: event.target.valueAsNumber || 1 });
              }}
            />
          </Field>
          <Field
            label={t("Away after minutes without input")}
            help={t("An available agent who touches neither keys nor mouse for this long gets no new work until they do. 0 never sets anybody to Away.")}
            error={form.of("away_minutes")}
          >
            <Input
              type="number"
              min={0}
              max={1440}
              value={draft.away_minutes}
              onChange={(event) => {
                set({ away_minutes: event.target.valueAsNumber || 0 });
              }}
            />
          </Field>
          <DurationField
            label={t("Grace after going offline")}
            help={t("So long after an agent went offline their conversations that need an answer go to somebody else.")}
            error={form.of("offline_grace_seconds")}
            units={[1, 60, 3600]}
            max={86400}
            value={draft.offline_grace_seconds}
            onChange={(seconds) => {
              set({ offline_grace_seconds: seconds ?? 0 });
            }}
          />
        </div>
      </Card>
      <Card
        title={t("Answering in time")}
        help={t("What happens when the agent who has a conversation does not answer. Queues may have a reply timer of their own.")}
      >
        <ReplyTimerFields
          value={draft.reply_timer}
          queues={queues}
          errorOf={form.of}
          onChange={(reply_timer) => {
            set({ reply_timer });
          }}
        />
      </Card>
      <Card
        title={t("Silent customers")}
        help={t("How long a customer may be silent is a setting of each inbox: 15 minutes in a live chat, 48 hours in messaging.")}
      >
        <DurationField
          label={t("Reopens for")}
          className="sm:max-w-xs"
          help={t("So long after it ended by silence, the customer's next message opens the same conversation again. Later it starts a new one.")}
          error={form.of("reopen_hours")}
          units={[3600, 86400]}
          max={365 * 86400}
          value={draft.reopen_hours * 3600}
          onChange={(seconds) => {
            set({ reopen_hours: Math.round((seconds ?? 0) / 3600) });
          }}
        />
      </Card>
      <TextsCard
        value={draft.texts}
        account={draft.account_name}
        errorOf={form.of}
        onChange={(texts) => {
          set({ texts });
        }}
      />
      <Card
        title={t("Sticky sessions")}
        help={t("Who gets a customer that comes back. A sticky agent who is named for the customer always goes first.")}
      >
        <StickyFields
          value={draft.sticky}
          errorOf={form.of}
          onChange={(sticky) => {
            set({ sticky });
          }}
        />
      </Card>
      <Card title={t("Details of conversations")} help={t("What agents note about a conversation, and what they must.")}>
        <DetailsFields
          value={draft.details}
          onChange={(details) => {
            set({ details });
          }}
        />
      </Card>
      <Card title={t("Help for agents")} help={t("A language model helps to write. Off unless you want it.")}>
        <AssistFields
          value={draft.assist}
          error={form.of("assist.bot_id")}
          onChange={(assist) => {
            set({ assist });
          }}
        />
      </Card>
      <SigningCard onNew={onSigning} />
      <FormError>{form.error}</FormError>
      <div className="sticky -bottom-5 -mx-4 -mb-5 flex items-center justify-end gap-2 border-t border-line bg-canvas px-4 py-3 sm:-mx-6 sm:px-6">
        {changed ? <p className="me-auto text-sm text-ink-muted">{t("Changes are not saved yet.")}</p> : null}
        {changed ? (
          <Button
            onClick={() => {
              setDraft(settings);
            }}
          >
            {t("Discard")}
          </Button>
        ) : null}
        <Button type="submit" variant="primary" disabled={!changed || form.busy}>
          {t("Save settings")}
        </Button>
      </div>
    </form>
  );
}
