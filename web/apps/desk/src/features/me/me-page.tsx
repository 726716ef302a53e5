import { Link } from "@tanstack/react-router";
import { BellRing } from "lucide-react";
import { useState } from "react";
import type { NotifyHow, Preferences } from "@rapport/core/api/desk";
import { clockIn, notificationNames } from "@rapport/core/format";
import { languages, t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Checkbox, Field, Input, Select, Switch, Toggle } from "@rapport/ui/field";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { FormError, useSubmission } from "@/lib/form";
import { useMe } from "@/lib/me";
import { useNow } from "@/lib/now";
import { Card, Page } from "@/lib/page";
import { savePreferences } from "@/lib/preferences";
import { allSaved, Unsaved } from "@/lib/unsaved";

/** What an agent chooses for themselves; it holds on every machine. */
export function MePage() {
  const { preferences } = useMe();
  return (
    <Page title={t("My settings")} lead={t("These are yours alone and hold wherever you sign in.")}>
      <MeForm key={JSON.stringify(preferences)} preferences={preferences} />
    </Page>
  );
}

const zones = Intl.supportedValuesOf("timeZone");
const ofBrowser = new Intl.DateTimeFormat().resolvedOptions().timeZone;

function MeForm({ preferences }: { preferences: Preferences }) {
  const backend = useBackend();
  const now = useNow();
  const [draft, setDraft] = useState(preferences);
  const set = (change: Partial<Preferences>) => {
    setDraft({ ...draft, ...change });
  };
  const changed = JSON.stringify(draft) !== JSON.stringify(preferences);
  const form = useSubmission(["language", "time_zone", "digest_minutes", "undo_seconds"], async () => {
    const change = {
      language: draft.language ?? "",
      time_zone: draft.time_zone ?? "",
      notify: draft.notify ?? {},
      sound: draft.sound,
      digest_minutes: draft.digest_minutes ?? 0,
      undo_seconds: draft.undo_seconds,
    };
    await savePreferences(backend, change, allSaved);
    toast(t("Your settings are saved"));
  });
  const zone = draft.time_zone ?? "";
  return (
    <form className="grid gap-5" onSubmit={form.submit}>
      <Unsaved when={changed} />
      <Card title={t("Language and time")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("Language of the desk")} error={form.of("language")}>
            <Select
              value={draft.language ?? ""}
              onChange={(event) => {
                set({ language: event.target.value });
              }}
            >
              <option value="">{t("Like the browser")}</option>
              {languages.map(({ code, name }) => (
                <option key={code} value={code} lang={code}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
          <Field
            label={t("Time zone")}
            help={t("All times in the desk are of this place. It is {{time}} there.", { time: clockIn(zone || ofBrowser, now)?.time ?? "" })}
            error={form.of("time_zone")}
          >
            <Select
              value={zone}
              onChange={(event) => {
                set({ time_zone: event.target.value });
              }}
            >
              <option value="">{t("Like the browser ({{zone}})", { zone: ofBrowser })}</option>
              {zones.map((one) => (
                <option key={one} value={one}>
                  {one.replaceAll("_", " ")}
                </option>
              ))}
            </Select>
          </Field>
        </div>
      </Card>
      <Card title={t("Notifications")} help={t("The bell lists everything. Choose what else tells you, and how.")}>
        <Ways draft={draft} set={set} />
        <Toggle label={t("Play sounds")} help={t("A short tone, where it is chosen above. Only while no page of the desk that shows conversations is in front.")}>
          <Switch
            checked={draft.sound}
            onCheckedChange={(sound) => {
              set({ sound });
            }}
          />
        </Toggle>
        <div>
          <Button asChild>
            <Link to="/settings/notifications">
              <BellRing aria-hidden />
              {t("Allow and test notifications")}
            </Link>
          </Button>
        </div>
        <Field
          label={t("E-mail what I have not read")}
          className="sm:max-w-xs"
          help={t("One e-mail with everything unread, as long after it came. It needs an e-mail server, which an admin sets up.")}
          error={form.of("digest_minutes")}
        >
          <Select
            value={String(draft.digest_minutes ?? 0)}
            onChange={(event) => {
              set({ digest_minutes: Number(event.target.value) });
            }}
          >
            <option value="0">{t("Never")}</option>
            {[...new Set([5, 15, 30, 60, 240, 1440, ...(draft.digest_minutes ? [draft.digest_minutes] : [])])]
              .sort((a, b) => a - b)
              .map((minutes) => (
                <option key={minutes} value={String(minutes)}>
                  {t("After {{count}} minutes", { count: minutes })}
                </option>
              ))}
          </Select>
        </Field>
      </Card>
      <Card title={t("Writing")}>
        <Field
          label={t("Seconds to undo sending")}
          className="sm:max-w-xs"
          help={t("So long a message can be taken back after you sent it. 0 sends at once.")}
          error={form.of("undo_seconds")}
        >
          <Input
            type="number"
            min={0}
            max={30}
            value={draft.undo_seconds}
            onChange={(event) => {
              set({ undo_seconds: event.target.valueAsNumber || 0 });
            }}
          />
        </Field>
      </Card>
      <FormError>{form.error}</FormError>
      <div className="sticky -bottom-5 -mx-4 -mb-5 flex items-center justify-end gap-2 border-t border-line bg-canvas px-4 py-3 sm:-mx-6 sm:px-6">
        {changed ? <p className="me-auto text-sm text-ink-muted">{t("Changes are not saved yet.")}</p> : null}
        <Button type="submit" variant="primary" disabled={!changed || form.busy}>
          {t("Save my settings")}
        </Button>
      </div>
    </form>
  );
}

const kinds: [string, string][] = [["message", t("A customer of mine writes")], ...Object.entries(notificationNames)];
const ways: [keyof NotifyHow, string][] = [
  ["browser", t("Browser")],
  ["sound", t("Sound")],
  ["email", t("E-mail")],
];

/** Each kind of news by each way. */
function Ways({ draft, set }: { draft: Preferences; set: (change: Partial<Preferences>) => void }) {
  const how = (kind: string): NotifyHow => draft.notify?.[kind] ?? { browser: true, sound: kind !== "lost", email: kind !== "message" };
  return (
    <Table label={t("Ways of notification")}>
      <thead>
        <tr>
          <Th>{t("What happens")}</Th>
          {ways.map(([way, name]) => (
            <Th key={way} className="w-18 text-center">
              {name}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {kinds.map(([kind, name]) => (
          <Tr key={kind}>
            <Td>{name}</Td>
            {ways.map(([way, wayName]) => (
              <Td key={way} className="text-center">
                {kind === "message" && way === "email" ? (
                  <span className="text-ink-faint">–</span>
                ) : (
                  <Checkbox
                    aria-label={`${name}: ${wayName}`}
                    checked={how(kind)[way]}
                    onCheckedChange={(on) => {
                      set({ notify: { ...draft.notify, [kind]: { ...how(kind), [way]: on === true } } });
                    }}
                  />
                )}
              </Td>
            ))}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
