import { useQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import type { MailInput, MailSettings } from "@rapport/core/api/desk";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input, Select, Switch, Toggle } from "@rapport/ui/field";
import { Banner } from "@rapport/ui/marks";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { FormError, useSubmission } from "@/lib/form";
import { useMe } from "@/lib/me";
import { Card, Loaded, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { Unsaved } from "@/lib/unsaved";

/** By which server e-mail to agents goes out. */
export function MailPage() {
  const { api } = useBackend();
  const mail = useQuery(queries.mail(api));
  return (
    <Page title={t("E-mail")} lead={t("Rapport sends agents what they have left unread, and feedback to where you want it. Customers are not written to from here.")}>
      <Loaded query={mail} what={t("the settings of e-mail")}>
        {(data) => <MailForm key={data.version} settings={data} />}
      </Loaded>
    </Page>
  );
}

const ports = { starttls: 587, tls: 465, none: 25 };
const fields = ["host", "port", "security", "user", "from", "password"];

function MailForm({ settings }: { settings: MailSettings }) {
  const { api, client } = useBackend();
  const { email } = useMe().agent;
  const { enabled, host, port, security, user, from, password, version } = settings;
  const held: Required<MailInput> = { enabled, host, port, security, user, from, password, version };
  const [draft, setDraft] = useState(held);
  const set = (change: Partial<typeof draft>) => {
    setDraft({ ...draft, ...change });
  };
  const form = useSubmission(fields, async () => {
    client.setQueryData(keys.mail, await api.mail.change(draft));
    toast(t("E-mail settings saved"));
  });
  const test = useSubmission(fields, async () => {
    await api.mail.test(draft);
    toast(t("The test went to {{email}}. Look into that mailbox.", { email }));
  });
  const of = (field: string) => form.of(field) ?? test.of(field);
  return (
    <form className="grid gap-5" onSubmit={form.submit}>
      <Unsaved when={JSON.stringify(draft) !== JSON.stringify(held)} />
      {settings.failed > 0 ? (
        <Banner tone="warning" role="status" className="rounded-lg">
          {t("{{count}} e-mails of the last day did not go out: {{why}}", { count: settings.failed, why: settings.error ?? "" })}
        </Banner>
      ) : null}
      {settings.enabled && settings.public_url === "" ? (
        <Banner tone="warning" className="rounded-lg">
          {t("Nobody can have a link for a forgotten password sent: the server does not know its own address. Whoever runs it sets public-url, for example https://chat.example.com.")}
        </Banner>
      ) : null}
      <Card title={t("Mail server")} help={t("Ask whoever runs your mail for these. The password is kept sealed and never shown again.")}>
        <Toggle label={t("Send e-mail")}>
          <Switch
            checked={draft.enabled}
            onCheckedChange={(on) => {
              set({ enabled: on });
            }}
          />
        </Toggle>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("Server")} help={t("For example smtp.example.com")} error={of("host")}>
            <Input
              value={draft.host}
              onChange={(event) => {
                set({ host: event.target.value });
              }}
            />
          </Field>
          <Field label={t("Encryption")} error={of("security")}>
            <Select
              value={draft.security}
              onChange={(event) => {
                const next = event.target.value as typeof draft.security;
                set({ security: next, ...(draft.port === ports[draft.security] ? { port: ports[next] } : {}) });
              }}
            >
              <option value="starttls">{t("STARTTLS (usual, port 587)")}</option>
              <option value="tls">{t("TLS from the start (port 465)")}</option>
              <option value="none">{t("None (only within your own network)")}</option>
            </Select>
          </Field>
          <Field label={t("Port")} error={of("port")}>
            <Input
              type="number"
              min={1}
              max={65535}
              value={draft.port}
              onChange={(event) => {
                set({ port: event.target.valueAsNumber || 0 });
              }}
            />
          </Field>
          <Field label={t("Sender's address")} help={t("Agents see it as the sender.")} error={of("from")}>
            <Input
              type="email"
              value={draft.from}
              onChange={(event) => {
                set({ from: event.target.value });
              }}
            />
          </Field>
          <Field label={t("User name")} help={t("Empty: the server asks for none.")} error={of("user")}>
            <Input
              autoComplete="off"
              value={draft.user}
              onChange={(event) => {
                set({ user: event.target.value });
              }}
            />
          </Field>
          <Field label={t("Password of the user")} error={of("password")}>
            <Input
              type="password"
              autoComplete="new-password"
              value={draft.password}
              onChange={(event) => {
                set({ password: event.target.value });
              }}
            />
          </Field>
        </div>
      </Card>
      <FormError>{form.error ?? test.error}</FormError>
      <div className="flex flex-wrap justify-end gap-2">
        <Button
          disabled={test.busy || form.busy || draft.host === "" || draft.from === ""}
          onClick={() => {
            test.submit();
          }}
        >
          <Send aria-hidden />
          {t("Send a test to {{email}}", { email })}
        </Button>
        <Button type="submit" variant="primary" disabled={form.busy}>
          {t("Save e-mail settings")}
        </Button>
      </div>
    </form>
  );
}
