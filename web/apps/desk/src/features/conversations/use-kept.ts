import { useEffect, useRef } from "react";
import { wayKey } from "@rapport/core/api/outbound";
import type { ConversationView } from "@rapport/core/api/types";
import { useBackend } from "@/lib/backend";
import { setPlace } from "@/lib/carried";
import { drafts, useArrived } from "@/lib/drafts";
import { type Named, namedIn } from "./mentions";
import type { Carried } from "./use-carried";
import type { useWay } from "./via-picker";

/**
 * Keeps with the draft what the composer holds besides the text: finished files, the place, whom a note names,
 * and the way that was chosen; and brings it back, after a reload or from another machine.
 */
export function useKept(
  c: ConversationView,
  kind: "message" | "note",
  draft: string,
  held: { carried: Carried; ways: ReturnType<typeof useWay>; named: Named; nameOf: (id: string) => string | undefined },
): void {
  const { carried, ways, named, nameOf } = held;
  const { uploads } = useBackend();
  const arrived = useArrived(c.id, kind);
  const time = `${carried.scope} ${arrived}`;
  const restored = useRef("");

  // Names of colleagues come later than the note.
  const kept = drafts.carried(c.id, kind);
  if (kind === "note") {
    for (const [ids, names] of [
      [kept.mentions, named.agents],
      [kept.mention_queues, named.queues],
    ] as const) {
      for (const id of ids ?? []) {
        const name = nameOf(id);
        if (name && !names.has(name)) names.set(name, id);
      }
    }
  }

  const done = carried.files.flatMap((one) => (one.file ? [one.file] : []));
  const now = {
    ...(done.length > 0 ? { files: done } : {}),
    ...(carried.place ? { location: carried.place } : {}),
    ...(kind === "note" ? namedIn(draft, named) : ways.loading ? { ...(kept.inbox_id ? { inbox_id: kept.inbox_id } : {}), ...(kept.point ? { point: kept.point } : {}) } : ways.extra),
  };
  const state = JSON.stringify(now);
  useEffect(() => {
    if (restored.current !== time) {
      restored.current = time;
      const wanted = drafts.carried(c.id, kind);
      const here = new Set(uploads.all().flatMap((one) => (one.scope === carried.scope && one.file ? [one.file.id] : [])));
      const missing = (wanted.files ?? []).filter((file) => !here.has(file.id));
      if (arrived > 0) {
        // What the newer draft does not carry any more goes here, too.
        for (const one of uploads.all()) if (one.scope === carried.scope && one.file && !wanted.files?.some((file) => file.id === one.file?.id)) uploads.forget(one.key);
      }
      if (missing.length > 0) uploads.putBack(carried.scope, missing);
      if (wanted.location || arrived > 0) setPlace(carried.scope, wanted.location);
      if (kind === "message" && wanted.inbox_id && wanted.point) ways.pick(wayKey({ inbox: { id: wanted.inbox_id }, point: { kind: wanted.point.kind ?? "", address: wanted.point.address } }));
      return;
    }
    drafts.carry(c.id, kind, JSON.parse(state) as typeof now);
    // What is done depends on what is held, which `state` says.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, time]);
}
