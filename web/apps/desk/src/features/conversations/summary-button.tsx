import { Sparkles, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { sentenceOf } from "@rapport/core/api/problem";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Spinner } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { useMe } from "@/lib/me";

/** Writes a summary of the conversation for whoever takes over; only with help by a language model switched on. */
export function SummaryButton({ id, onText }: { id: string; onText: (text: string) => void }) {
  const { api } = useBackend();
  const { settings } = useMe();
  const [state, setState] = useState<"idle" | "busy" | { why: string }>("idle");
  const call = useRef<AbortController>(undefined);
  useEffect(
    () => () => {
      call.current?.abort();
    },
    [],
  );
  if (!settings.assist.enabled) return null;

  function summarise(): void {
    const current = new AbortController();
    call.current = current;
    setState("busy");
    api.conversations
      .assist(id, { task: "summary" }, current.signal)
      .then(({ text }) => {
        if (current.signal.aborted) return;
        onText(text);
        setState("idle");
      })
      .catch((error: unknown) => {
        if (!current.signal.aborted) setState({ why: sentenceOf(error) });
      });
  }

  if (state === "busy") {
    return (
      <span className="flex items-center gap-2 text-xs text-ink-muted">
        <Spinner label={t("Summarising")} /> {t("Summarising …")}
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            call.current?.abort();
            setState("idle");
          }}
        >
          <X aria-hidden />
          {t("Cancel")}
        </Button>
      </span>
    );
  }
  return (
    <span className="flex flex-wrap items-center gap-2 text-xs">
      <Button size="sm" onClick={summarise}>
        <Sparkles aria-hidden />
        {state === "idle" ? t("Summarise the conversation") : t("Try again")}
      </Button>
      {state === "idle" ? null : (
        <span role="alert" className="text-danger">
          {state.why}
        </span>
      )}
    </span>
  );
}
