import { CircleAlert, Lock, SendHorizontal } from "lucide-react";
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Choice } from "@rapport/ui/choice";
import { cn } from "@rapport/ui/cn";
import { Keys } from "@rapport/ui/keys";
import { Tip } from "@rapport/ui/tip";

export type ComposerMode = "reply" | "note";

export interface ComposerHandle {
  focus: () => void;
}

export interface ComposerProps {
  ref?: Ref<ComposerHandle>;
  mode: ComposerMode;
  onMode: (mode: ComposerMode) => void;
  draft: string;
  onDraft: (text: string) => void;
  onSend: (text: string) => void;
  /** Tells the customer's side that somebody writes; only replies do. */
  onTyping?: (on: boolean) => void;
  customerName: string;
  via: string;
  /** Why a reply is not possible. Notes always are. */
  blocked?: string | undefined;
  /** What ends that, as a button beside the reason. */
  unblock?: ReactNode;
  /** Help with writing a reply, beside the button that sends. */
  tools?: ReactNode;
  /** What that help is doing, or has done. */
  status?: ReactNode;
  /** Takes a key before the text does; true if it was one of its own. */
  onKey?: ((event: KeyboardEvent<HTMLTextAreaElement>) => boolean) | undefined;
  /** Why the last text came back. */
  refusal?: string | undefined;
}

/** Without a key press for this long, typing has stopped. */
const TYPING_ENDS = 4_000;
const TALLEST = 220;

/** Writes replies to the customer and notes to colleagues. Enter sends, Shift-Enter breaks the line. */
export function Composer({ ref, ...props }: ComposerProps) {
  const { mode, draft, onTyping, blocked } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  const typing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const isNote = mode === "note";
  const closed = !isNote && blocked !== undefined;

  useImperativeHandle(ref, () => ({
    focus: () => {
      area.current?.focus();
    },
  }));

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, TALLEST)}px`;
  }, [draft, closed]);

  useEffect(
    () => () => {
      clearTimeout(typing.current);
    },
    [],
  );

  function stopTyping(): void {
    if (typing.current === undefined) return;
    clearTimeout(typing.current);
    typing.current = undefined;
    onTyping?.(false);
  }

  function change(text: string): void {
    props.onDraft(text);
    if (isNote || !onTyping) return;
    if (text === "") {
      stopTyping();
      return;
    }
    if (typing.current === undefined) onTyping(true);
    clearTimeout(typing.current);
    typing.current = setTimeout(stopTyping, TYPING_ENDS);
  }

  function send(): void {
    const text = draft.trim();
    if (!text || closed) return;
    stopTyping();
    props.onSend(text);
    area.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (!isNote && props.onKey?.(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      area.current?.blur();
    }
  }

  return (
    <section aria-label={t("Composer")} className="border-t border-line bg-surface px-4 pt-2.5 pb-3">
      <div className="mx-auto max-w-3xl">
        {props.refusal ? (
          <p role="alert" className="mb-2 flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-sm">
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
            <span>{t("Not sent. {{refusal}} Your text is kept below.", { refusal: props.refusal })}</span>
          </p>
        ) : null}
        <div
          className={cn(
            "rounded-lg border border-line-strong focus-within:border-accent",
            isNote ? "border-note-line bg-note focus-within:border-note-ink" : "bg-surface",
          )}
        >
          {closed ? (
            <div className="flex flex-wrap items-center gap-2 px-3 py-2.5 text-sm text-ink-muted">
              <Lock aria-hidden className="size-4 shrink-0" />
              <p className="min-w-48 flex-1">{t("{{blocked}} You can still write an internal note.", { blocked })}</p>
              {props.unblock}
            </div>
          ) : (
            <textarea
              ref={area}
              rows={2}
              aria-label={isNote ? t("Internal note") : t("Reply")}
              placeholder={isNote ? t("Only colleagues see this") : t("Reply to {{customerName}}", { customerName: props.customerName })}
              value={draft}
              onChange={(event) => {
                change(event.target.value);
              }}
              onKeyDown={onKeyDown}
              onBlur={stopTyping}
              className="block w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-md outline-none placeholder:text-ink-muted"
            />
          )}
          {isNote || closed ? null : props.status}
          <div className="flex items-center gap-2 px-2 pb-2">
            <Choice
              label={t("What you write")}
              value={mode}
              onChange={props.onMode}
              options={[
                { value: "reply", label: t("Reply") },
                {
                  value: "note",
                  label: (
                    <>
                      <Lock aria-hidden /> {t("Internal note")}
                    </>
                  ),
                },
              ]}
            />
            <span className="min-w-0 flex-1 truncate text-xs text-ink-muted max-sm:invisible">{isNote ? t("Stays inside") : t("via {{via}}", { via: props.via })}</span>
            <span aria-hidden className="hidden items-center gap-1.5 text-2xs whitespace-nowrap text-ink-muted 2xl:flex">
              <Keys keys="Shift+Enter" /> {t("new line")}
            </span>
            {isNote || closed ? null : props.tools}
            <Tip text={t("Text only. Attachments come with a later version.")} keys="Enter">
              <Button variant="primary" size="sm" onClick={send} aria-disabled={closed || draft.trim() === ""}>
                {isNote ? t("Add note") : t("Send")}
                <SendHorizontal aria-hidden />
              </Button>
            </Tip>
          </div>
        </div>
      </div>
    </section>
  );
}
