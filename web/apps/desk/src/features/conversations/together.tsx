import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { TriangleAlert } from "lucide-react";
import type { ConversationView, Item } from "@rapport/core/api/types";
import type { WritingExtra } from "@rapport/core/outbox";
import { t } from "@rapport/i18n";
import type { ComposerMenu } from "@rapport/thread/composer-menu";
import { Button } from "@rapport/ui/button";
import { useBackend } from "@/lib/backend";
import { desk } from "@/lib/desk-state";
import { drafts, useDraft, useOtherDraft } from "@/lib/drafts";
import { useMe } from "@/lib/me";
import { painted } from "@/lib/painted";
import { useStore } from "@/lib/store";
import { undoSeconds } from "@/lib/undo-seconds";
import { blindIn, mentionMenu, type Named, namedIn, nobody } from "./mentions";
import { SendLaterButton } from "./send-later";

export interface Together {
  menus: ComposerMenu[];
  /** Other ways of sending. */
  sending: ReactNode;
  /** What the writer should know before sending. */
  notice: ReactNode;
  /** Sends, unless a colleague was faster: then it warns once. */
  send: () => void;
  /** Whom the note names, as far as it was chosen from the list. */
  named: Named;
}

/** When a reply leaves, if not at once. */
type Then = Pick<WritingExtra, "send_at" | "only_silent">;

/** What is being written, as the composer holds it. */
interface Written {
  /** There is something to send. */
  any: boolean;
  /** Why it cannot be sent as it is. */
  hold: string | undefined;
  /** Hands over all of it, and forgets it; `keeps` stays in the composer. */
  take: () => { body: string; extra: WritingExtra; keeps?: string };
}

/** What agents do with each other while one writes: mentions, warnings of collisions, drafts of other desks, sending later. */
export function useTogether(c: ConversationView, kind: "message" | "note", items: Item[] | undefined, written: Written, before: () => void): Together {
  const { api, outbox, live } = useBackend();
  const me = useMe();
  const draft = useDraft(c.id, kind);
  const other = useOtherDraft(c.id, kind);
  const typing = useStore(live, (value) => value.typing[c.id]);
  const [named] = useState(nobody);
  const [warned, setWarned] = useState<{ of: string; then: Then }>();
  const menus = useMemo(() => [mentionMenu(api, me, c.id, named)], [api, me, c.id, named]);

  if (!written.any && warned) setWarned(undefined);

  // What was there when the writing began; a colleague's answer after it is news.
  const seen = useRef(0);
  const last = items?.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (!written.any) seen.current = 0;
    else if (seen.current === 0) seen.current = last;
  }, [written.any, last]);

  useEffect(() => {
    const before = drafts.read(c.id, "message");
    const left = new AbortController();
    const load = async () => {
      await painted();
      if (left.signal.aborted) return;
      const latest = await drafts.load(c.id);
      if (left.signal.aborted) return;
      // Who was writing a note goes on with it, unless they have begun something else here.
      if (latest === "note" && desk.get().mode === "reply" && drafts.read(c.id, "message") === before && drafts.read(c.id, "note") !== "") desk.set({ mode: "note" });
    };
    void load();
    return () => {
      left.abort();
      drafts.flush(c.id);
    };
  }, [c.id]);

  function collision(): string {
    if (kind === "note") return "";
    const answer = seen.current > 0 ? items?.find((item) => item.seq > seen.current && item.kind === "message" && item.by === "agent" && item.author_id !== me.agent.id) : undefined;
    if (answer) return t("{{name}} has answered while you were writing.", { name: answer.author_name ?? t("A colleague") });
    return typing?.by === "agent" ? t("{{name}} is writing an answer right now.", { name: typing.name }) : "";
  }

  function send(then: Then = {}, anyway = false): void {
    const found = collision();
    if (found && !anyway && warned?.of !== found) {
      setWarned({ of: found, then });
      return;
    }
    setWarned(undefined);
    before();
    const { body, extra, keeps } = written.take();
    const seconds = undoSeconds(me);
    const more: WritingExtra = kind === "note" ? namedIn(body, named) : seconds > 0 && !then.send_at ? { undo_seconds: seconds } : {};
    drafts.sent(c.id, kind);
    outbox.send(c.id, kind, body, { ...extra, ...then, ...more });
    if (keeps) drafts.write(c.id, kind, keeps);
  }

  const blind = kind === "note" ? blindIn(draft, named) : [];
  const notice = (
    <>
      {warned ? (
        <Line>
          {warned.of}
          <Button
            size="sm"
            aria-disabled={written.hold !== undefined}
            onClick={() => {
              if (written.hold === undefined) send(warned.then, true);
            }}
          >
            {t("Send anyway")}
          </Button>
        </Line>
      ) : null}
      {blind.length > 0 ? <Line>{t("{{names}} may not see this conversation and will not be told.", { names: blind.join(", ") })}</Line> : null}
      {other !== undefined ? (
        <Line>
          <span className="min-w-0 flex-1 truncate">{t("You wrote something else on another machine: “{{text}}”", { text: other })}</span>
          <Button
            size="sm"
            onClick={() => {
              drafts.settle(c.id, kind, true);
            }}
          >
            {t("Use that")}
          </Button>
          <Button
            size="sm"
            variant="ghost"
            onClick={() => {
              drafts.settle(c.id, kind, false);
            }}
          >
            {t("Keep this")}
          </Button>
        </Line>
      ) : null}
    </>
  );
  const sending = (
    <SendLaterButton
      id={c.id}
      disabled={!written.any || written.hold !== undefined}
      why={written.hold}
      onSend={(send_at, only_silent) => {
        send({ send_at, only_silent });
      }}
    />
  );
  return {
    menus,
    sending,
    notice,
    send: () => {
      send();
    },
    named,
  };
}

function Line({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-2 border-t border-line bg-warning-soft px-4 py-1.5 text-sm">
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-warning" />
      {children}
    </div>
  );
}
