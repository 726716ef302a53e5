import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Clock, MailWarning } from "lucide-react";
import { useEffect, useState } from "react";
import type { Waiting } from "@rapport/core/api/together";
import type { ConversationView } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Tip } from "@rapport/ui/tip";
import { useBackend } from "@/lib/backend";
import { putBackCarried, scopeOf, wantSender } from "@/lib/carried";
import { drafts } from "@/lib/drafts";
import { desk } from "@/lib/desk-state";
import { later } from "@/lib/later";
import { useMe } from "@/lib/me";
import { painted } from "@/lib/painted";
import { queries } from "@/lib/queries";
import { putBackPending } from "@/lib/pending";
import { tell } from "@/lib/tell";

const SendLaterDialog = later(() => import("./send-later-dialogs").then((part) => part.SendLaterDialog));
const EditLaterDialog = later(() => import("./send-later-dialogs").then((part) => part.EditLaterDialog));

/** The button beside Send that asks when. */
export function SendLaterButton({ id, disabled, why, onSend }: { id: string; disabled: boolean; why: string | undefined; onSend: (at: string, onlySilent: boolean) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Tip text={why ?? t("Send later")}>
        <Button
          variant="secondary"
          size="icon-sm"
          aria-label={t("Send later")}
          aria-disabled={disabled}
          onClick={() => {
            if (!disabled) setOpen(true);
          }}
        >
          <CalendarClock />
        </Button>
      </Tip>
      {open ? (
        <SendLaterDialog
          id={id}
          onClose={() => {
            setOpen(false);
          }}
          onSend={onSend}
        />
      ) : null}
    </>
  );
}

/** What is being taken back or was: it stands in the list for a moment longer, and a second press brings no text twice. */
const undone = new Set<string>();

/** Takes a message back before it leaves, and its text into the composer. */
export function useUndo(id: string): (waiting: Waiting) => Promise<void> {
  const { api, client, uploads } = useBackend();
  return async (waiting) => {
    if (undone.has(waiting.id)) return;
    undone.add(waiting.id);
    try {
      const back = await api.together.undo(waiting.id);
      const held = drafts.read(id, "message");
      if (back.template?.id) putBackCarried(uploads, scopeOf(id, "message"), { template: { id: back.template.id, values: back.template.values ?? {} } });
      else drafts.write(id, "message", held && held !== back.body ? `${back.body}\n${held}` : back.body);
      const { files, location } = back.content;
      putBackCarried(uploads, scopeOf(id, "message"), { ...(files?.length ? { files } : {}), ...(location ? { location } : {}) });
      if (back.inbox_id) wantSender(id, back.inbox_id);
      if (back.left) putBackPending(id, back.left);
      desk.set({ mode: "reply", compose: desk.get().compose + 1 });
    } catch (error) {
      undone.delete(waiting.id);
      tell(error);
    } finally {
      void client.invalidateQueries({ queryKey: keys.waiting(id) });
    }
  };
}

const failed = (waiting: Waiting) => waiting.state === "failed";

/** What waits to leave: what can be taken back, what is scheduled, and what could not go. */
export function WaitingMessages({ conversation: { id, channel } }: { conversation: ConversationView }) {
  const { api, client } = useBackend();
  const me = useMe();
  const undo = useUndo(id);
  const [editing, setEditing] = useState<Waiting>();
  const inboxes = useQuery({ ...queries.inboxes(api), enabled: editing !== undefined }).data?.items;
  const list = useQuery({ queryKey: keys.waiting(id), queryFn: () => painted().then(() => api.together.waiting(id)) }).data?.items ?? [];
  const own = list.findLast((one) => one.kind === "undo" && one.state === "waiting");

  useEffect(() => {
    if (!own) return;
    const onKey = (event: KeyboardEvent) => {
      const text = event.target instanceof HTMLTextAreaElement && event.target.value !== "";
      if (event.key !== "z" || event.shiftKey || !(event.ctrlKey || event.metaKey) || text) return;
      event.preventDefault();
      void undo(own);
    };
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
    };
  });

  if (list.length === 0) return null;
  const after = (act: Promise<unknown>) => {
    act.catch(tell).finally(() => void client.invalidateQueries({ queryKey: keys.waiting(id) }));
  };
  return (
    <section aria-label={t("Waiting to leave")} className="border-t border-line bg-canvas px-4 py-2">
      <ul className="mx-auto grid max-h-44 max-w-3xl grid-cols-1 gap-1.5 overflow-y-auto">
        {list.map((one) => {
          const mine = one.agent_id === me.agent.id;
          const scheduled = one.kind === "scheduled" && !failed(one);
          const Icon = failed(one) ? MailWarning : one.kind === "undo" ? Clock : CalendarClock;
          return (
            <li key={one.id} className="flex flex-wrap items-center gap-x-2.5 gap-y-1 rounded-md border border-line bg-surface px-2.5 py-1.5 text-sm">
              <Icon aria-hidden className={failed(one) ? "size-4 shrink-0 text-danger" : "size-4 shrink-0 text-ink-faint"} />
              <span className="min-w-40 flex-1 max-sm:basis-[calc(100%-2rem)]">
                <span className="block truncate">{one.body || one.content.files?.[0]?.name}</span>
                <span className={failed(one) ? "block text-xs text-danger" : "block truncate text-xs text-ink-muted"}>
                  {failed(one)
                    ? t("Not sent: {{reason}}", { reason: one.reason ?? "" })
                    : one.kind === "undo"
                      ? t("Sending …")
                      : mine
                        ? t("Leaves {{time}}", { time: dateTime(one.due_at) })
                        : t("{{name}}’s, leaves {{time}}", { name: one.agent_name ?? "", time: dateTime(one.due_at) })}
                  {scheduled && one.only_silent ? ` · ${t("only if the customer has not written")}` : ""}
                </span>
              </span>
              {one.kind === "undo" && !failed(one) ? (
                <Button size="sm" onClick={() => void undo(one)}>
                  {t("Undo")}
                </Button>
              ) : mine ? (
                <>
                  {one.kind === "scheduled" ? (
                    <Button
                      size="sm"
                      variant="ghost"
                      onClick={() => {
                        setEditing(one);
                      }}
                    >
                      {t("Edit")}
                    </Button>
                  ) : null}
                  <Button
                    size="sm"
                    variant="ghost"
                    onClick={() => {
                      after(api.together.sendNow(one.id));
                    }}
                  >
                    {t("Send now")}
                  </Button>
                  <Button size="sm" variant="ghost" onClick={() => void undo(one)}>
                    {t("Take back")}
                  </Button>
                </>
              ) : scheduled && me.agent.role !== "agent" ? (
                <Button
                  size="sm"
                  variant="ghost"
                  onClick={() => {
                    after(api.together.undo(one.id));
                  }}
                >
                  {t("Do not send")}
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
      {editing ? (
        <EditLaterDialog
          waiting={editing}
          channel={inboxes?.find((one) => one.id === editing.inbox_id)?.channel ?? channel}
          onClose={() => {
            setEditing(undefined);
          }}
        />
      ) : null}
    </section>
  );
}
