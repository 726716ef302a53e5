import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { ConversationView } from "@rapport/core/api/types";
import { contentsOf, fileProblem, lengthOf, mostFiles, type Purpose } from "@rapport/core/limits";
import { useBackend } from "@/lib/backend";
import { fitted, places, scopeOf, whyNot } from "@/lib/carried";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";

/** What is being written will carry, and whether it can be sent so. */
export function useCarried(c: Pick<ConversationView, "id" | "channel">, kind: "message" | "note", draft: string, inbox?: { id: string; channel: string }) {
  const { api, uploads } = useBackend();
  const limits = useQuery(queries.limits(api)).data;
  const purpose: Purpose = kind === "note" ? "note" : (inbox?.channel ?? c.channel);
  const contents = kind === "note" ? undefined : contentsOf(limits, purpose);
  const scope = scopeOf(c.id, kind);
  const along = useSyncExternalStore(uploads.subscribe, uploads.all).filter((one) => one.scope === scope);
  const held = useStore(places, (state) => state.of[scope]);
  const fit = fitted(limits, purpose, along, held);
  const length = lengthOf(contents, draft.trim());
  const most = mostFiles(limits, purpose);

  function add(list: readonly File[]): void {
    if (!limits) return;
    const aim = kind === "note" ? ({ purpose: "note" } as const) : { purpose: "reply" as const, conversation_id: c.id, ...(inbox ? { inbox_id: inbox.id } : {}) };
    uploads.add(scope, aim, list, ({ name, size }) => fileProblem(limits, purpose, "desk", name, size));
  }

  return {
    scope,
    purpose,
    limits,
    ...fit,
    length,
    most,
    mayPlace: kind === "note" || contents?.location === true,
    /** Whether customers of this channel see bold and italic. */
    shown: contentsOf(limits, c.channel)?.bold !== false,
    marks: kind === "note" || (contents?.bold === true && contents.italic),
    emoji: kind === "note" || contents?.emoji !== false,
    loaded: along.length > 0 || held !== undefined,
    hold: whyNot(fit, most, length?.left ?? 0),
    add,
  };
}

export type Carried = ReturnType<typeof useCarried>;
