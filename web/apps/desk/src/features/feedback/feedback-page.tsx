import { useQuery } from "@tanstack/react-query";
import { Image, MessageSquareHeart } from "lucide-react";
import { useState } from "react";
import type { Feedback, FeedbackSettings } from "@rapport/core/api/desk";
import { keys } from "@rapport/core/apply";
import { dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input } from "@rapport/ui/field";
import { Badge, Empty } from "@rapport/ui/marks";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { FormError, useSubmission } from "@/lib/form";
import { Card, Loaded, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { Unsaved } from "@/lib/unsaved";
import { feedbackNames } from "./names";

/** What agents said about the product, and where it goes. */
export function FeedbackPage() {
  const { api } = useBackend();
  const settings = useQuery(queries.feedbackSettings(api));
  const list = useQuery(queries.feedback(api));
  return (
    <Page title={t("Feedback")} lead={t("Agents give feedback about Rapport from the menu with their name. It is kept here, and sent where you say.")}>
      <Loaded query={settings} what={t("the settings of feedback")}>
        {(data) => <Where key={data.version} settings={data} />}
      </Loaded>
      <Loaded query={list} what={t("the feedback")}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={<MessageSquareHeart />} title={t("No feedback yet")} className="rounded-lg border border-line bg-surface">
              {t("Agents find “Give feedback” in the menu with their name.")}
            </Empty>
          ) : (
            <ul aria-label={t("Feedback")} className="grid gap-3">
              {items.map((one) => (
                <Said key={one.id} one={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

function Where({ settings }: { settings: FeedbackSettings }) {
  const { api, client } = useBackend();
  const [email, setEmail] = useState(settings.email);
  const [url, setUrl] = useState(settings.url);
  const changed = email !== settings.email || url !== settings.url;
  const form = useSubmission(["email", "url"], async () => {
    client.setQueryData(keys.feedbackSettings, await api.feedback.changeSettings({ email, url, version: settings.version }));
    toast(t("Saved"));
  });
  return (
    <form onSubmit={form.submit}>
      <Unsaved when={changed} />
      <Card title={t("Where feedback goes")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("E-mail address for feedback")} help={t("Needs a mail server: see E-mail. Empty sends none.")} error={form.of("email")}>
            <Input
              type="email"
              value={email}
              onChange={(event) => {
                setEmail(event.target.value);
              }}
            />
          </Field>
          <Field label={t("Webhook for feedback")} help={t("Each is posted there as JSON. Empty posts none.")} error={form.of("url")}>
            <Input
              type="url"
              value={url}
              onChange={(event) => {
                setUrl(event.target.value);
              }}
            />
          </Field>
        </div>
        <FormError>{form.error}</FormError>
        <div className="flex justify-end">
          <Button type="submit" variant="primary" disabled={form.busy || !changed}>
            {t("Save")}
          </Button>
        </div>
      </Card>
    </form>
  );
}

function Said({ one }: { one: Feedback }) {
  const { api } = useBackend();
  return (
    <li className="grid gap-1.5 rounded-lg border border-line bg-surface px-4 py-3">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-muted">
        <Badge tone={one.kind === "problem" ? "warning" : one.kind === "praise" ? "positive" : "accent"}>{feedbackNames[one.kind]}</Badge>
        <span className="font-medium text-ink">{one.agent_name}</span>
        <time dateTime={one.at}>{dateTime(one.at)}</time>
        <span dir="ltr">{one.page}</span>
        <span>{one.version}</span>
      </p>
      <p className="text-sm break-words whitespace-pre-wrap">{one.text}</p>
      {one.image ? (
        <a className="inline-flex items-center gap-1.5 text-sm text-accent underline" href={api.feedback.imagePath(one.id)} target="_blank" rel="noreferrer">
          <Image aria-hidden className="size-4" />
          {t("Look at the picture")}
        </a>
      ) : null}
    </li>
  );
}
