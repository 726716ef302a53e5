import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Settings } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { Button } from "@rapport/ui/button";
import { Field, Input } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { FormError, useSubmission } from "@/lib/form";
import { Card, Loaded, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { StickyFields } from "@/lib/sticky-fields";
import { AssistFields } from "./assist-fields";

export function SettingsPage() {
  const { api } = useBackend();
  const settings = useQuery(queries.settings(api));
  return (
    <Page title="Settings" lead="These hold for the whole account. Queues and agents may have values of their own.">
      <Loaded query={settings} what="the settings">
        {(data) => <SettingsForm key={data.version} settings={data} />}
      </Loaded>
    </Page>
  );
}

const fields = ["account_name", "capacity", "country", "transfer_minutes", "away_minutes", "sticky.days", "sticky.min_replies", "sticky.mode", "assist.bot_id"];

function SettingsForm({ settings }: { settings: Settings }) {
  const { api, client } = useBackend();
  const [draft, setDraft] = useState(settings);
  const set = (change: Partial<Settings>) => {
    setDraft({ ...draft, ...change });
  };
  const changed = JSON.stringify(draft) !== JSON.stringify(settings);
  const form = useSubmission(fields, async () => {
    const saved = await api.settings.change(draft);
    client.setQueryData(keys.settings, saved);
    toast("Settings saved");
  });
  return (
    <form className="grid gap-5" onSubmit={form.submit}>
      <Card title="Account">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Account name" error={form.of("account_name")}>
            <Input
              required
              value={draft.account_name}
              onChange={(event) => {
                set({ account_name: event.target.value });
              }}
            />
          </Field>
          <Field
            label="Country of phone numbers"
            help="Two letters, such as DE. Numbers without a country code are read as numbers of it; empty demands the code."
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
      <Card title="Work">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Capacity of an agent"
            help="Conversations at once, unless the queue or the agent has a value of its own."
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
            label="Transfer time-out in minutes"
            help="A transfer that no agent of the queue takes over within this time returns to where it was."
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
            label="Away after minutes without input"
            help="An available agent who touches neither keys nor mouse for this long gets no new work until they do. 0 never sets anybody to Away."
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
        </div>
      </Card>
      <Card
        title="Sticky sessions"
        help="Who gets a customer that comes back. A sticky agent who is named for the customer always goes first."
      >
        <StickyFields
          value={draft.sticky}
          errorOf={form.of}
          onChange={(sticky) => {
            set({ sticky });
          }}
        />
      </Card>
      <Card title="Help for agents" help="A language model helps to write. Off unless you want it.">
        <AssistFields
          value={draft.assist}
          error={form.of("assist.bot_id")}
          onChange={(assist) => {
            set({ assist });
          }}
        />
      </Card>
      <FormError>{form.error}</FormError>
      <div className="flex justify-end gap-2">
        {changed ? (
          <Button
            onClick={() => {
              setDraft(settings);
            }}
          >
            Discard
          </Button>
        ) : null}
        <Button type="submit" variant="primary" disabled={!changed || form.busy}>
          Save settings
        </Button>
      </div>
    </form>
  );
}
