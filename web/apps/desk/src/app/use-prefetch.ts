import { type PointerEvent, useCallback, useEffect } from "react";
import { useBackend } from "@/lib/backend";
import { desk } from "@/lib/desk-state";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";

/** A pointer or cursor that stays on a row this long may well open it; milliseconds. */
const LINGERS = 60;

/** Reads the conversation under the pointer or the cursor of the list before it is opened. */
export function usePrefetch(): { onPointerOver: (event: PointerEvent) => void } {
  const { api, client } = useBackend();
  const cursor = useStore(desk, (state) => state.cursor);

  const read = useCallback(
    (id: string) => {
      void client.prefetchQuery(queries.conversation(api, id));
      void client.prefetchQuery(queries.thread(api, id));
    },
    [api, client],
  );
  useEffect(() => {
    if (!cursor) return;
    const timer = setTimeout(read, LINGERS, cursor);
    return () => {
      clearTimeout(timer);
    };
  }, [cursor, read]);

  return {
    onPointerOver: ({ target, pointerType }) => {
      const row = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
      const id = row?.dataset["row"];
      if (!row || !id || pointerType === "touch") return;
      const timer = setTimeout(read, LINGERS, id);
      row.addEventListener(
        "pointerleave",
        () => {
          clearTimeout(timer);
        },
        { once: true },
      );
    },
  };
}
