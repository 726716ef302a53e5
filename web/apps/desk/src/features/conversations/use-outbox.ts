import { useSyncExternalStore } from "react";
import type { Outgoing } from "@rapport/core/outbox";
import { useBackend } from "@/lib/backend";

export function useOutbox(): readonly Outgoing[] {
  const { outbox } = useBackend();
  return useSyncExternalStore(outbox.subscribe, outbox.all);
}
