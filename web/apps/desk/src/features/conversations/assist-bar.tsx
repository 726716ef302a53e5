import { CircleAlert, RotateCw, Sparkles, Undo2, WandSparkles, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { toneNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Keys } from "@rapport/ui/keys";
import { Spinner } from "@rapport/ui/marks";
import { Menu, MenuItem, MenuLabel } from "@rapport/ui/menu";
import { useBackend } from "@/lib/backend";
import { CommandButton } from "@/lib/commands";
import { useStore } from "@/lib/store";
import { ask, assist, cancel, dismiss, doing, tones, undo } from "./assist";

/** In the composer: suggests a reply, or changes the tone of the draft. */
export function AssistTools({ id, draft }: { id: string; draft: string }) {
  const backend = useBackend();
  const busy = useStore(assist, ({ of }) => of[id]?.is === "busy");
  return (
    <>
      <CommandButton id="suggest" variant="ghost" size="icon-sm" disabled={busy} iconOnly />
      <Menu
        side="top"
        trigger={
          <Button variant="ghost" size="icon-sm" aria-label={t("Change the tone")} disabled={busy || draft.trim() === ""}>
            <WandSparkles />
          </Button>
        }
      >
        <MenuLabel>{t("Rewrite what you wrote")}</MenuLabel>
        {tones.map((tone) => (
          <MenuItem
            key={tone}
            onSelect={() => {
              void ask(backend, id, { task: "tone", tone });
            }}
          >
            {toneNames[tone]}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

/** One line above the composer's buttons: what the help is doing, or has done. */
export function AssistStatus({ id, draft }: { id: string; draft: string }) {
  const backend = useBackend();
  const state = useStore(assist, ({ of }) => of[id]);
  if (!state || (state.is === "done" && draft !== state.after)) return null;
  return (
    <div role="status" className="mx-2 mb-1.5 flex min-h-7 flex-wrap items-center gap-2 rounded-md bg-machine px-2 py-1 text-xs text-ink">
      {state.is === "busy" ? (
        <>
          <Spinner label={doing(state.wish)} />
          <span className="flex-1">{doing(state.wish)} …</span>
          <Button
            variant="link"
            size="text"
            className="text-xs"
            onClick={() => {
              cancel(id);
            }}
          >
            {t("Cancel")} <Keys keys="Escape" />
          </Button>
        </>
      ) : null}
      {state.is === "done" ? (
        <>
          <Sparkles aria-hidden className="size-3.5 text-machine-ink" />
          <span className="min-w-40 flex-1">
            {state.wish.task === "reply" ? t("A suggestion. Read it before you send it.") : t("Rewritten: {{tone}}.", { tone: toneNames[state.wish.tone].toLowerCase() })}
          </span>
          <Button
            variant="link"
            size="text"
            className="text-xs"
            onClick={() => {
              undo(id);
            }}
          >
            <Undo2 aria-hidden />
            {t("Undo")}
          </Button>
          <Dismiss id={id} />
        </>
      ) : null}
      {state.is === "failed" ? (
        <>
          <CircleAlert aria-hidden className="size-3.5 text-danger" />
          <span className="min-w-40 flex-1">{state.why}</span>
          <Button
            variant="link"
            size="text"
            className="text-xs"
            onClick={() => {
              void ask(backend, id, state.wish);
            }}
          >
            <RotateCw aria-hidden />
            {t("Try again")}
          </Button>
          <Dismiss id={id} />
        </>
      ) : null}
    </div>
  );
}

function Dismiss({ id }: { id: string }) {
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={t("Dismiss this hint")}
      className="-me-1 size-5"
      onClick={() => {
        dismiss(id);
      }}
    >
      <X />
    </Button>
  );
}

/** Escape ends a running call; Ctrl-Z takes a fresh suggestion back. */
export function assistKey(id: string, draft: string): (event: KeyboardEvent) => boolean {
  return (event) => {
    const state = assist.get().of[id];
    if (event.key === "Escape" && state?.is === "busy") {
      cancel(id);
      return true;
    }
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && state?.is === "done" && state.after === draft) {
      undo(id);
      return true;
    }
    return false;
  };
}
