import { useEffect, useRef } from "react";
import { useBackend } from "@/lib/backend";
import { howOf, lookAt, startAlarm } from "./alarm";

/** Tells of news while the person looks elsewhere. `conversations`: this page shows them. */
export function useAlarm(conversations: boolean, open: (conversationId: string) => void): void {
  const backend = useBackend();
  const go = useRef(open);
  useEffect(() => {
    go.current = open;
  }, [open]);

  useEffect(() => {
    const alarm = startAlarm((id) => {
      go.current(id);
    });
    const hear = (alert: Parameters<typeof alarm.tell>[0]) => {
      if (alert.kind === "test") return; // the page that asked for it shows it
      const { preferences } = backend.me();
      void alarm.tell(alert, howOf(preferences, alert.kind), preferences.sound);
    };
    backend.alerts.add(hear);
    return () => {
      backend.alerts.delete(hear);
      alarm.stop();
    };
  }, [backend]);

  useEffect(() => {
    if (!conversations) return;
    let letGo: (() => void) | undefined;
    const look = () => {
      const front = document.visibilityState === "visible";
      if (front) letGo ??= lookAt();
      else {
        letGo?.();
        letGo = undefined;
      }
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      letGo?.();
    };
  }, [conversations]);
}
