import { useQuery } from "@tanstack/react-query";
import { Link, Navigate } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ConversationView, Item, View } from "@rapport/core/api/types";
import { isProblem } from "@rapport/core/api/problem";
import { keys } from "@rapport/core/apply";
import { type Outgoing, unsent } from "@rapport/core/outbox";
import { isActive } from "@rapport/core/permission";
import { placeOf, prepend, type Thread } from "@rapport/core/thread";
import { t } from "@rapport/i18n";
import { Composer, type ComposerHandle } from "@rapport/thread/composer";
import { MessageList } from "@rapport/thread/message-list";
import { Button } from "@rapport/ui/button";
import { Empty, Skeleton } from "@rapport/ui/marks";
import { cn } from "@rapport/ui/cn";
import { EyeOff } from "lucide-react";
import { useBackend } from "@/lib/backend";
import { CommandButton } from "@/lib/commands";
import { desk } from "@/lib/desk-state";
import { putBackCarried, scopeOf, takeCarried } from "@/lib/carried";
import { drafts, useDraft } from "@/lib/drafts";
import { useMe } from "@/lib/me";
import { useNow } from "@/lib/now";
import { LoadError } from "@/lib/page";
import { returnPending } from "@/lib/pending";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";
import { tell } from "@/lib/tell";
import { useUnfolded } from "@/lib/unfolded";
import { assistKey, AssistStatus, AssistTools } from "./assist-bar";
import { dismiss } from "./assist";
import { CarriedTools } from "./carried-tools";
import { CarriedTray } from "./carried-tray";
import { ConversationDialogs } from "./dialogs";
import { FindBar } from "./find-bar";
import { PinnedBar } from "./pinned-bar";
import { WaitingMessages } from "./send-later";
import { ThreadHeader } from "./thread-header";
import { useTexts } from "./texts";
import { useTogether } from "./together";
import { useCarried } from "./use-carried";
import { useJump } from "./use-jump";
import { useKept } from "./use-kept";
import { useOutbox } from "./use-outbox";
import { useWay, ViaPicker, wayChanges } from "./via-picker";

const NOTHING: Outgoing[] = [];

/** An open conversation: header, thread, composer. */
export function ThreadPane({ id, view, className }: { id: string; view: View; className?: string }) {
  const { api } = useBackend();
  const conversation = useQuery(queries.conversation(api, id));
  if (conversation.data?.merged_into) {
    return <Navigate to="/$view/$conversationId" params={{ view, conversationId: conversation.data.merged_into }} search={{}} replace />;
  }
  return (
    <section aria-label={t("Conversation")} className={cn("flex min-w-0 flex-col bg-surface", className)}>
      {conversation.data ? (
        <>
          <ThreadHeader conversation={conversation.data} view={view} />
          <OpenThread key={id} conversation={conversation.data} />
        </>
      ) : conversation.error ? (
        isProblem(conversation.error) && conversation.error.status === 404 ? (
          <Empty
            icon={<EyeOff />}
            title={t("This conversation is not visible to you")}
            action={
              <Button asChild>
                <Link to="/$view" params={{ view }} search={{}}>
                  {t("Back to the list")}
                </Link>
              </Button>
            }
          >
            {t("It belongs to another queue now, or the address is wrong.")}
          </Empty>
        ) : (
          <LoadError
            error={conversation.error}
            what={t("this conversation")}
            retry={() => {
              void conversation.refetch();
            }}
          />
        )
      ) : (
        <ThreadLoading />
      )}
    </section>
  );
}

/** Below the header, which stays while one goes from one conversation to the next. */
function OpenThread({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const { api, cache, outbox, uploads, socket, live } = backend;
  const me = useMe();
  const now = useNow();
  const thread = useQuery(queries.thread(api, c.id));
  const [loadingOlder, setLoadingOlder] = useState(false);
  const mine = c.assignee_id === me.agent.id;
  const [unreadAfter] = useState(mine && c.agent_seen < c.last_seq && c.last_by === "customer" ? c.agent_seen : undefined);
  const outgoing = unsent(useOutbox(), c.id, thread.data?.items ?? []);
  const typing = useStore(live, (value) => value.typing[c.id]);
  const refusal = useStore(live, (value) => value.refusals[c.id]);
  const mode = useStore(desk, (state) => state.mode);
  const asked = useStore(desk, (state) => state.compose);
  const kind = mode === "note" ? "note" : "message";
  const draft = useDraft(c.id, kind);
  const composer = useRef<ComposerHandle>(null);

  const [unfolded, onUnfold] = useUnfolded(c.id);
  const assisted = me.settings.assist.enabled && !c.bot_id;

  const ways = useWay(c, c.inbox_id !== "" && c.may.reply.ok && !c.bot_id);
  const texts = useTexts(c, mode, draft, thread.data?.items ?? [], ways.way?.inbox.id ?? c.inbox_id, composer);
  const carried = useCarried(c, kind, draft, ways.way?.inbox);
  const inboxes = useQuery(queries.inboxes(api)).data?.items;
  const wayOf = useMemo(() => wayChanges(thread.data?.items ?? [], (id) => inboxes?.find((one) => one.id === id)?.name), [thread.data, inboxes]);

  const [askedBefore] = useState(asked);
  useEffect(() => {
    if (asked > askedBefore) composer.current?.focus();
  }, [asked, askedBefore]);

  useEffect(() => {
    socket.viewing(c.id);
    desk.set({ mode: "reply" });
    return () => {
      socket.left(c.id);
    };
  }, [socket, c.id]);

  const finding = useStore(desk, (state) => state.finding);
  const [wanted, setWanted] = useState("");
  const { stretch, target, jump, older: olderOfStretch, later, latest } = useJump(c.id, thread.data);
  useEffect(
    () => () => {
      desk.set({ finding: false });
    },
    [c.id],
  );

  // The assignee's eyes on the end of the thread make it seen.
  const end = useRef(0);
  const posted = useRef(c.agent_seen);
  const reportSeen = useCallback(() => {
    if (!mine || document.visibilityState !== "visible" || end.current <= posted.current) return;
    posted.current = end.current;
    api.conversations.seen(c.id, end.current).catch(() => {
      posted.current = 0;
    });
  }, [api, c.id, mine]);
  const onReachEnd = useCallback(
    (seq: number) => {
      end.current = Math.max(end.current, seq);
      reportSeen();
    },
    [reportSeen],
  );
  useEffect(() => {
    reportSeen();
    document.addEventListener("visibilitychange", reportSeen);
    return () => {
      document.removeEventListener("visibilitychange", reportSeen);
    };
  }, [reportSeen]);

  async function older(): Promise<void> {
    const oldest = thread.data?.items[0];
    if (!oldest || loadingOlder) return;
    const before = placeOf(oldest);
    setLoadingOlder(true);
    try {
      if (stretch) {
        await olderOfStretch();
        return;
      }
      const page = await api.conversations.items(c.id, { before, limit: 50 });
      cache.patch<Thread>(keys.thread(c.id), (held) => prepend(held, page));
    } catch (error) {
      tell(error);
    } finally {
      setLoadingOlder(false);
    }
  }

  function clearRefusal(): void {
    if (refusal) live.set({ refusals: { ...live.get().refusals, [c.id]: undefined } });
  }

  const hold = (kind === "message" ? ways.hold : undefined) ?? carried.hold ?? texts.hold;
  const loaded = carried.loaded || texts.loaded;

  /** All that is being written, on its way. A template goes without the draft. */
  function take() {
    const { text, ...extra } = texts.take();
    return {
      body: text ?? draft.trim(),
      extra: { ...(kind === "message" ? ways.extra : {}), ...extra, ...takeCarried(uploads, carried.scope) },
      ...(text !== undefined && draft ? { keeps: draft } : {}),
    };
  }

  const together = useTogether(c, kind, thread.data?.items, { any: draft.trim() !== "" || loaded, hold, take }, () => {
    clearRefusal();
    dismiss(c.id);
    latest();
  });
  const agents = useQuery(queries.agents(api)).data?.items;
  const queues = useQuery(queries.queues(api)).data?.items;
  const mentionName = useCallback(
    (id: string) => agents?.find((one) => one.id === id)?.name ?? queues?.find((one) => one.id === id)?.name,
    [agents, queues],
  );
  useKept(c, kind, draft, { carried, ways, named: together.named, nameOf: mentionName });
  const pin = useCallback(
    (item: Item) => {
      api.together.pin(c.id, item.seq, item.pinned_at === undefined).catch(tell);
    },
    [api, c.id],
  );

  function takeBack(entry: Outgoing): void {
    outbox.discard(entry.client_id);
    if (!entry.extra?.template) drafts.write(c.id, entry.kind, entry.body); // a template comes back as one
    putBackCarried(uploads, scopeOf(c.id, entry.kind), entry.extra);
    if (entry.extra?.then) returnPending(c.id);
    desk.set({ mode: entry.kind === "note" ? "note" : "reply", compose: desk.get().compose + 1 });
  }

  return (
    <>
      <PinnedBar id={c.id} onJump={jump} />
      {finding ? <FindBar key={c.id} id={c.id} onJump={jump} onText={setWanted} /> : null}
      {thread.data ? (
        <MessageList
          key={stretch ? "stretch" : "end"}
          items={stretch?.items ?? thread.data.items}
          outgoing={stretch ? NOTHING : outgoing}
          target={target}
          found={wanted}
          later={stretch ? { more: stretch.later, onLater: later, onLatest: latest } : undefined}
          customerName={c.contact_name}
          now={now}
          unreadAfter={unreadAfter}
          more={(stretch ?? thread.data).more}
          loadingOlder={loadingOlder}
          onOlder={() => {
            void older();
          }}
          onRetry={(id) => {
            outbox.retry(id);
          }}
          onDiscard={takeBack}
          unfolded={unfolded}
          onUnfold={onUnfold}
          typing={typing?.name}
          onPin={pin}
          mentionName={mentionName}
          wayOf={wayOf}
          onReachEnd={onReachEnd}
          marks={carried.shown}
        />
      ) : thread.error ? (
        <div className="flex-1">
          <LoadError
            error={thread.error}
            what={t("the messages")}
            retry={() => {
              void thread.refetch();
            }}
          />
        </div>
      ) : (
        <ThreadLoading />
      )}
      <WaitingMessages conversation={c} />
      {together.notice}
      <Composer
        ref={composer}
        mode={mode}
        onMode={(next) => {
          desk.set({ mode: next, compose: desk.get().compose + 1 });
        }}
        draft={draft}
        onDraft={(text) => {
          drafts.write(c.id, kind, text);
        }}
        onSend={together.send}
        menus={[...together.menus, ...texts.menus]}
        sending={together.sending}
        onTyping={(on) => {
          socket.typing(c.id, on);
        }}
        customerName={c.contact_name}
        via={c.channel === "internal" ? t("Among colleagues") : c.inbox_id ? <ViaPicker conversation={c} ways={ways} /> : null}
        hold={hold}
        blocked={whyNot(c)}
        unblock={c.bot_id && c.may.claim.ok ? <CommandButton id="claim" size="sm" /> : null}
        suggests={assisted}
        tools={assisted ? <AssistTools id={c.id} draft={draft} /> : null}
        status={assisted ? <AssistStatus id={c.id} draft={draft} /> : null}
        onKey={(event) => texts.onKey(event) || (assisted && kind === "message" && assistKey(c.id, draft)(event))}
        refusal={refusal}
        above={
          <>
            {texts.above}
            <CarriedTray carried={carried} />
          </>
        }
        add={
          <>
            <CarriedTools carried={carried} composer={composer} />
            {texts.add}
          </>
        }
        loaded={loaded}
        marks={carried.marks}
        onFiles={carried.most > 0 ? carried.add : undefined}
      />
      <ConversationDialogs conversation={c} />
    </>
  );
}

/** Why one cannot reply now. While a bot answers, a person takes over first. */
function whyNot(c: ConversationView): string | undefined {
  if (c.bot_id && isActive(c.state)) return t("{{bot}} the bot is answering {{customer}}.", { bot: c.bot_name ?? t("A bot"), customer: c.contact_name });
  return c.may.reply.ok ? undefined : c.may.reply.why;
}

function ThreadLoading() {
  return (
    <div role="status" aria-label={t("Loading conversation")} className="flex flex-1 flex-col justify-end gap-3 p-6">
      <Skeleton className="h-12 w-3/5" />
      <Skeleton className="h-9 w-2/5" />
      <Skeleton className="ms-auto h-16 w-1/2" />
      <Skeleton className="h-9 w-1/3" />
    </div>
  );
}
