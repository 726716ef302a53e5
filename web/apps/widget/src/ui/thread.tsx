import { type JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Span, spansOf } from "@rapport/core/markup";
import { type Texts } from "../i18n";
import { pieces } from "../links";
import { type Line, type Progress, type Row, progress, rows } from "../rows";
import { choices } from "../state";
import { type Actions, type AppProps } from "./app";
import { Media } from "./media";

/** Nearer to the end than this counts as being there. */
const AT_END = 48;

export function Thread({ state, config, texts, lang, actions }: AppProps): JSX.Element {
  const logRef = useRef<HTMLDivElement>(null);
  const length = state.items.length + state.outbox.length;
  /** How many lines there were when the reader scrolled away from the end; null while at the end. */
  const [leftAt, setLeftAt] = useState<number | null>(null);
  const toEnd = () => {
    if (logRef.current) logRef.current.scrollTop = logRef.current.scrollHeight;
  };

  // New lines scroll into view only for a reader who is at the end, or who wrote them.
  useLayoutEffect(() => {
    if (leftAt === null || state.outbox.length > 0) toEnd();
  });

  // The composer grows and the phone's keyboard rises at the cost of the thread.
  useLayoutEffect(() => {
    const view = logRef.current;
    if (!view || leftAt !== null) return;
    const observer = new ResizeObserver(() => (view.scrollTop = view.scrollHeight));
    observer.observe(view);
    return () => observer.disconnect();
  }, [leftAt]);

  const onScroll = ({ currentTarget: view }: { currentTarget: HTMLDivElement }) => {
    const atEnd = view.scrollHeight - view.scrollTop - view.clientHeight < AT_END;
    if (atEnd !== (leftAt === null)) setLeftAt(atEnd ? null : length);
  };
  const thread = rows(state);
  const far = progress(state);
  const answers = state.refusal ? [] : choices(state);
  const fresh = length - (leftAt ?? length);
  return (
    <>
      {/* Scrollable regions take the focus, so that the keyboard can scroll them. */}
      <div class="log" role="log" aria-live="polite" aria-label={texts.thread} tabIndex={0} ref={logRef} onScroll={onScroll}>
        {config.greeting && (
          <div class="group">
            <p class="line">{config.greeting}</p>
          </div>
        )}
        {thread.map((row) => (
          <RowView
            key={row.key}
            row={row}
            progress={row === thread.at(-1) ? far : null}
            texts={texts}
            lang={lang}
            actions={actions}
          />
        ))}
        {answers.length > 0 && (
          <div class="choices" role="group" aria-label={texts.choose}>
            {answers.map((answer) => (
              <button
                key={answer}
                type="button"
                dir="auto"
                onClick={(event) => {
                  toComposer(event.currentTarget);
                  actions.send(answer);
                }}
              >
                {answer}
              </button>
            ))}
          </div>
        )}
        {!state.ready && !state.refusal && state.link !== "off" && <p class="system">{texts.loading}</p>}
        {state.typing !== null && (
          <p class="typing">
            <span class="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            {texts.typing(state.typing)}
          </p>
        )}
      </div>
      {leftAt !== null && (
        <div class="bottom">
          <button class="latest" type="button" onClick={toEnd}>
            {fresh > 0 ? texts.newLatest(fresh) : texts.latest}
          </button>
        </div>
      )}
    </>
  );
}

/** A button that goes away with its click gives the focus to the composer before. */
export function toComposer(button: HTMLElement): void {
  button.closest(".panel")?.querySelector("textarea")?.focus();
}

interface RowProps {
  row: Row;
  /** How far the last of the visitor's messages got. */
  progress: Progress | null;
  texts: Texts;
  lang: string;
  actions: Actions;
}

function RowView({ row, progress, texts, lang, actions }: RowProps): JSX.Element {
  if (row.kind === "day") return <div class="day">{dayName(row.at, texts, lang)}</div>;
  if (row.kind === "system") return <p class="system said">{row.body}</p>;
  const last = row.lines.at(-1);
  return (
    <div class={row.mine ? "group mine" : "group"}>
      <span class={row.mine ? "hidden" : "name"}>{row.mine ? texts.you : row.name || texts.someone}</span>
      {row.lines.map((line) => (
        <LineView key={line.key} line={line} texts={texts} actions={actions} />
      ))}
      {last && (
        <p class="meta">
          <time dateTime={last.at.toISOString()}>
            {new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "2-digit" }).format(last.at)}
          </time>
          {progress && ` · ${texts[progress === "queued" ? "sending" : progress]}`}
        </p>
      )}
    </div>
  );
}

function Look({ text, bold, italic }: Span): JSX.Element {
  const inner = italic ? <em>{text}</em> : <>{text}</>;
  return bold ? <strong>{inner}</strong> : inner;
}

function LineView({ line, texts, actions }: { line: Line; texts: Texts; actions: Actions }): JSX.Element {
  const { pending } = line;
  const mark = !pending ? "" : pending.failed === undefined ? "waiting" : "failed";
  return (
    <>
      {line.body !== "" && (
        <p class={`line ${mark}`} dir="auto">
          {pieces(line.body).map(({ text, href }) =>
            href === undefined ? (
              spansOf(text).map((span) => <Look key={span.text} {...span} />)
            ) : (
              <a href={href} target="_blank" rel="noopener noreferrer nofollow">
                {text}
              </a>
            ),
          )}
        </p>
      )}
      <Media files={line.files} location={line.location} />
      {pending?.failed !== undefined && (
        <div class="problem" role="alert">
          <span>{pending.failed ? `${texts.failed}. ${pending.failed}` : texts.failed}</span>
          <button type="button" onClick={() => actions.retry(pending.client_id)}>
            {texts.retry}
          </button>
          <button type="button" onClick={() => actions.discard(pending.client_id)}>
            {texts.discard}
          </button>
        </div>
      )}
    </>
  );
}

function dayName(day: Date, texts: Texts, lang: string): string {
  const today = new Date();
  if (day.toDateString() === today.toDateString()) return texts.today;
  today.setDate(today.getDate() - 1);
  if (day.toDateString() === today.toDateString()) return texts.yesterday;
  return new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long" }).format(day);
}
