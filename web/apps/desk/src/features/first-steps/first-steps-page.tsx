import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRight, Check, PartyPopper } from "lucide-react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Empty } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { useMe } from "@/lib/me";
import { isShownNowhere, NoWebsite } from "@/lib/no-website";
import { Loaded, Page } from "@/lib/page";
import { savePreferences } from "@/lib/preferences";
import { queries } from "@/lib/queries";
import { tell } from "@/lib/tell";

const steps: Record<string, { title: string; text: string; to: string; action: string }> = {
  inbox: { title: t("Add an inbox"), text: t("A chat widget for your website, or an address for another system."), to: "/admin/inboxes", action: t("Go to the inboxes") },
  snippet: {
    title: t("Put the snippet on a website"),
    text: t("One line in its pages. It counts as done once a visitor has opened the chat."),
    to: "/admin/inboxes",
    action: t("Copy the snippet"),
  },
  invite: { title: t("Invite colleagues"), text: t("Each gets a link and chooses a password."), to: "/admin/agents", action: t("Go to the agents") },
  queue: { title: t("Add a queue"), text: t("One for each kind of work. Until then everything waits in the default queue."), to: "/admin/queues", action: t("Go to the queues") },
  sticky: {
    title: t("Name sticky agents"),
    text: t("Key customers always reach their own agent."),
    to: "/admin/sticky-agents",
    action: t("Go to the sticky agents"),
  },
  conversation: { title: t("Have the first conversation"), text: t("Write to yourself through the widget, and answer."), to: "/unassigned", action: t("Look who waits") },
  email: { title: t("Set up e-mail"), text: t("Then agents hear of what they have left unread."), to: "/admin/email", action: t("Go to e-mail") },
  notifications: {
    title: t("Allow notifications"),
    text: t("So that you hear of work while you look elsewhere."),
    to: "/settings/notifications",
    action: t("Allow and test notifications"),
  },
};

const order = Object.keys(steps);

/** What a new account needs; the facts tick it off. */
export function FirstStepsPage() {
  const backend = useBackend();
  const { done = [] } = useMe().preferences;
  const checklist = useQuery({ ...queries.checklist(backend.api), refetchOnMount: "always" });
  const chats = useQuery(queries.inboxes(backend.api)).data?.items.filter((inbox) => inbox.channel === "web" && inbox.enabled) ?? [];
  const nowhere = chats.length > 0 && chats.every(isShownNowhere);
  const put = (next: string[]) => {
    savePreferences(backend, { done: next }).catch(tell);
  };
  const hidden = done.includes("hidden");
  return (
    <Page
      title={t("First steps")}
      lead={t("What a new account needs. Each is ticked off by itself once it is done.")}
      actions={
        <Button
          onClick={() => {
            put(hidden ? done.filter((one) => one !== "hidden") : [...done, "hidden"]);
          }}
        >
          {hidden ? t("Show it in the navigation") : t("Hide it from the navigation")}
        </Button>
      }
    >
      <Loaded query={checklist} what={t("the first steps")}>
        {(data) => {
          const list = [...data.steps].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
          const left = list.filter((step) => !step.done && !done.includes(step.id)).length;
          return (
            <>
              {left === 0 ? (
                <Empty icon={<PartyPopper />} title={t("All done")} className="rounded-lg border border-line bg-surface py-8">
                  {t("You can hide this page; everything it tells of is in the navigation.")}
                </Empty>
              ) : (
                <p className="text-sm">{t("{{count}} steps left", { count: left })}</p>
              )}
              <ol className="grid gap-2">
                {list.map(({ id, done: is }) => {
                  const step = steps[id];
                  if (!step) return null;
                  const away = !is && done.includes(id);
                  return (
                    <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-surface px-4 py-3">
                      <span
                        className={cn(
                          "inline-flex size-6 shrink-0 items-center justify-center rounded-full border",
                          is ? "border-transparent bg-positive-soft text-positive" : "border-control text-transparent",
                        )}
                      >
                        <Check aria-hidden className="size-3.5" />
                        <span className="sr-only">{is ? t("Done") : t("To do")}</span>
                      </span>
                      <div className="min-w-48 flex-1">
                        <h2 className={cn("text-sm font-medium", (is || away) && "text-ink-muted")}>{step.title}</h2>
                        <p className="text-sm text-ink-muted">{step.text}</p>
                        {id === "snippet" && nowhere && !is && !away ? <NoWebsite className="mt-1" /> : null}
                      </div>
                      {is ? null : (
                        <div className="flex flex-wrap gap-2">
                          <Button
                            variant="ghost"
                            onClick={() => {
                              put(away ? done.filter((one) => one !== id) : [...done, id]);
                            }}
                          >
                            {away ? t("Take up again") : t("Not needed")}
                          </Button>
                          <Button asChild>
                            <Link to={step.to}>
                              {step.action}
                              <ArrowRight aria-hidden className="rtl:-scale-x-100" />
                            </Link>
                          </Button>
                        </div>
                      )}
                    </li>
                  );
                })}
              </ol>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
