import { CircleAlert, Lock, SendHorizontal } from "lucide-react";
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Choice } from "@rapport/ui/choice";
import { cn } from "@rapport/ui/cn";
import { useInsert } from "@rapport/ui/insert";
import { Keys } from "@rapport/ui/keys";
import { Tip } from "@rapport/ui/tip";
import { type ComposerMenu, MenuList, useMenus } from "./composer-menu";

export type ComposerMode = "reply" | "note";

export interface ComposerHandle {
  focus: () => void;
  /** Puts text in the place of the selection, or of a range, and the cursor after it; or selects a part of it, counted from its start. */
  insert: (text: string, where?: { from: number; to: number }, select?: { from: number; to: number }) => void;
  /** Puts a mark around the selection, or takes it away: * for bold, _ for italic. */
  wrap: (mark: "*" | "_") => void;
}

export interface ComposerProps {
  ref?: Ref<ComposerHandle>;
  mode: ComposerMode;
  onMode: (mode: ComposerMode) => void;
  draft: string;
  onDraft: (text: string) => void;
  onSend: () => void;
  /** Tells the customer's side that somebody writes; only replies do. */
  onTyping?: (on: boolean) => void;
  customerName: string;
  /** By which way a reply goes: words, or the control that changes it. */
  via: ReactNode;
  /** Why a reply is not possible. Notes always are. */
  blocked?: string | undefined;
  /** What ends that, as a button beside the reason. */
  unblock?: ReactNode;
  /** Shown above the text, within the frame: attachments, a template, what will not fit. */
  above?: ReactNode;
  /** What can be added to the text (files, emoji, canned responses), beside the choice of reply and note. */
  add?: ReactNode;
  /** Help with writing, beside the button that sends. */
  tools?: ReactNode;
  /** Other ways of sending, joined to the button. */
  sending?: ReactNode;
  /** Lists that open on a character, such as "/" and "@". */
  menus?: ComposerMenu[];
  /** There is something to send besides the text. */
  loaded?: boolean;
  /** Why it cannot be sent as it is; it can once that is mended. */
  hold?: string | undefined;
  /** Text may be bold and italic. */
  marks?: boolean;
  /** Files that were dropped or pasted. */
  onFiles?: ((files: File[]) => void) | undefined;
  /** Ctrl/Cmd-I asks that help for a suggestion, so it does not make text italic. */
  suggests?: boolean;
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
  const [over, setOver] = useState(false);
  const isNote = mode === "note";
  const empty = draft.trim() === "" && !props.loaded;
  const closed = !isNote && blocked !== undefined;
  /** Somebody wanted to send what is held: the reason is said, as pointing at the button would. */
  const [tried, setTried] = useState(false);
  if (tried && props.hold === undefined) setTried(false);

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

  const insert = useInsert(area, draft, change);

  function wrap(mark: "*" | "_"): void {
    const from = area.current?.selectionStart ?? draft.length;
    const to = area.current?.selectionEnd ?? draft.length;
    const chosen = draft.slice(from, to);
    if (draft[from - 1] === mark && draft[to] === mark) insert(chosen, { from: from - 1, to: to + 1 }, { from: 0, to: chosen.length });
    else insert(mark + chosen + mark, { from, to }, { from: 1, to: 1 + chosen.length });
  }

  const menu = useMenus(props.menus, mode, draft, area, insert);

  useImperativeHandle(ref, () => ({
    focus: () => {
      area.current?.focus();
    },
    insert,
    wrap,
  }));

  function take(files: FileList, event: ClipboardEvent | DragEvent): void {
    if (!props.onFiles || files.length === 0 || closed) return;
    event.preventDefault();
    props.onFiles([...files]);
  }

  function send(): void {
    if (props.hold !== undefined && !closed) setTried(true);
    if (empty || closed || props.hold !== undefined) return;
    stopTyping();
    props.onSend();
    area.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (menu.onKey(event) || props.onKey?.(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const mark = ({ b: "*", i: "_" } as const)[event.key.toLowerCase()];
    if (mark && props.marks && !(mark === "_" && props.suggests) && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      wrap(mark);
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
          onDragOver={(event) => {
            if (!props.onFiles || !event.dataTransfer.types.includes("Files")) return;
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => {
            setOver(false);
          }}
          onDrop={(event) => {
            setOver(false);
            take(event.dataTransfer.files, event);
          }}
          className={cn(
            "relative rounded-lg border border-line-strong focus-within:border-accent",
            isNote ? "border-note-line bg-note focus-within:border-note-ink" : "bg-surface",
            over && "border-accent ring-2 ring-accent",
          )}
        >
          <MenuList menu={menu} />
          {closed ? null : props.above}
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
              onSelect={menu.onSelect}
              onPaste={(event) => {
                take(event.clipboardData.files, event);
              }}
              {...menu.aria}
              onBlur={stopTyping}
              className="block w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-md outline-none placeholder:text-ink-muted"
            />
          )}
          {isNote || closed ? null : props.status}
          {tried && !closed ? (
            <p role="alert" className="px-3 pb-1.5 text-xs text-warning">
              {props.hold}
            </p>
          ) : null}
          <div className="flex flex-wrap items-center gap-2 px-2 pb-2">
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
            {closed ? null : props.add}
            <span className="min-w-24 flex-1 truncate text-xs text-ink-muted">{isNote ? t("Stays inside") : props.via}</span>
            <span aria-hidden className="hidden items-center gap-1.5 text-2xs whitespace-nowrap text-ink-muted 2xl:flex">
              <Keys keys="shift+Enter" /> {t("new line")}
            </span>
            {isNote || closed ? null : props.tools}
            <Tip text={props.hold ?? (isNote ? t("Add note") : t("Send"))} keys="Enter">
              <Button variant="primary" size="sm" onClick={send} aria-disabled={closed || empty || props.hold !== undefined}>
                {isNote ? t("Add note") : t("Send")}
                <SendHorizontal aria-hidden />
              </Button>
            </Tip>
            {isNote || closed ? null : props.sending}
          </div>
        </div>
      </div>
    </section>
  );
}
