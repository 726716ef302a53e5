import { useCallback, useEffect, useRef, useState } from "react";
import { keys } from "@rapport/core/apply";
import { prepend, reaches, type Stretch, type Thread } from "@rapport/core/thread";
import { useBackend } from "@/lib/backend";
import { desk } from "@/lib/desk-state";
import { useStore } from "@/lib/store";
import { tell } from "@/lib/tell";

const PAGE = 50;

export interface Jumping {
  /** What is shown in place of the end of the thread. */
  stretch: Stretch | undefined;
  /** The item to bring into view; a new object for each wish. */
  target: { seq: number } | undefined;
  jump: (seq: number) => void;
  older: () => Promise<void>;
  later: () => void;
  latest: () => void;
}

/** Brings any item of a conversation into view, loading what is around it where need be. */
export function useJump(id: string, thread: Thread | undefined): Jumping {
  const { api, cache } = useBackend();
  const [stretch, setStretch] = useState<Stretch>();
  const [target, setTarget] = useState<{ seq: number }>();
  const held = useRef(thread);
  const shown = useRef(stretch);
  useEffect(() => {
    held.current = thread;
    shown.current = stretch;
  });

  const go = useCallback(
    async (seq: number): Promise<void> => {
      const has = (items: Stretch["items"] | undefined) => items?.some((item) => item.seq === seq) ?? false;
      if (shown.current && has(shown.current.items)) {
        setTarget({ seq });
        return;
      }
      let near = held.current;
      if (near && !has(near.items) && reaches(near, seq)) {
        while (near.more && (near.items[0]?.seq ?? 0) > seq) {
          const page = await api.conversations.items(id, { before: near.items[0]?.seq ?? 0, limit: 200 });
          const next: Thread = prepend(near, page);
          if (next.items.length === near.items.length) break;
          near = next;
          cache.patch<Thread>(keys.thread(id), (now) => prepend(now, page));
        }
      }
      if (has(near?.items)) {
        setStretch(undefined);
      } else {
        const { items, more, later = false } = await api.conversations.items(id, { around: seq, limit: PAGE });
        setStretch({ items, more, later });
      }
      setTarget({ seq });
    },
    [api, cache, id],
  );
  const jump = useCallback(
    (seq: number) => {
      void go(seq).catch(tell);
    },
    [go],
  );

  const wish = useStore(desk, (state) => state.jump);
  const loaded = thread !== undefined;
  useEffect(() => {
    if (!loaded || wish?.conversation !== id) return;
    desk.set({ jump: undefined });
    jump(wish.seq);
  }, [wish, id, loaded, jump]);

  const latest = useCallback(() => {
    setStretch(undefined);
    setTarget(undefined);
  }, []);

  async function older(): Promise<void> {
    const before = stretch?.items[0]?.seq;
    if (!stretch || before === undefined) return;
    const page = await api.conversations.items(id, { before, limit: PAGE });
    setStretch((now) => (now ? { ...prepend(now, page), later: now.later } : now));
  }

  const later = () => {
    const after = stretch?.items.at(-1)?.seq;
    if (!stretch || after === undefined) return;
    api.conversations
      .items(id, { after, limit: PAGE })
      .then((page) => {
        if (page.more) setStretch((now) => (now ? { ...now, items: [...now.items, ...page.items], later: true } : now));
        else latest(); // the end is held already
      })
      .catch(tell);
  };

  return { stretch, target, jump, older, later, latest };
}
