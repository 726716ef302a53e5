import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, Search, X } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { isProblem } from "@rapport/core/api/problem";
import type { WithinHit } from "@rapport/core/api/types";
import { dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { giveBack } from "@rapport/ui/focus";
import { useBackend } from "@/lib/backend";
import { desk } from "@/lib/desk-state";
import { Marked } from "@/lib/marked";

/** One types on for this long before the server is asked; milliseconds. */
const CALM = 150;

/** Looks for a text in all of a conversation, also in what is not loaded (S3-32). */
export function FindBar({ id, onJump, onText }: { id: string; onJump: (seq: number) => void; onText: (text: string) => void }) {
  const { api } = useBackend();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  const [at, setAt] = useState<number>();
  const latest = useRef("");
  const bar = useRef<HTMLElement>(null);
  const list = useRef<HTMLOListElement>(null);

  const ask = useCallback(
    (next: string) => {
      setText(next);
      setAt(undefined);
      onText(next);
    },
    [onText],
  );
  useEffect(() => {
    const next = typed.trim();
    if (next === text) return undefined;
    const timer = setTimeout(() => {
      ask(next);
    }, CALM);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, text, ask]);
  useEffect(
    () => () => {
      latest.current = "";
      onText("");
    },
    [onText],
  );

  const query = (sought: string) =>
    queryOptions({
      queryKey: ["find", id, sought],
      queryFn: ({ signal }) => api.conversations.find(id, sought, signal),
      staleTime: 5_000,
      gcTime: 10_000,
    });
  const found = useQuery({ ...query(text), enabled: text !== "" });
  const hits = text ? (found.data?.hits ?? []) : [];
  const count = found.data?.count ?? 0;

  /** Goes from the newest hit back, as one reads a thread. */
  function go(among: WithinHit[], n: number): void {
    const hit = among[n];
    if (!hit) return;
    setAt(n);
    onJump(hit.seq);
    list.current?.children[n]?.scrollIntoView({ block: "nearest" });
  }
  /** Goes on from where one is; at first to an end of the list, which may still have to be found. */
  function step(by: 1 | -1): void {
    const sought = typed.trim();
    if (sought === text && found.isSuccess && at !== undefined) {
      go(hits, (at + by + hits.length) % hits.length);
      return;
    }
    if (!sought) return;
    if (sought !== text) ask(sought);
    latest.current = sought;
    void client.ensureQueryData(query(sought)).then(
      (answer) => {
        if (latest.current === sought) go(answer.hits, by === 1 ? 0 : answer.hits.length - 1);
      },
      () => undefined, // the bar itself says what went wrong
    );
  }
  const previous = () => {
    step(-1);
  };
  const next = () => {
    step(1);
  };
  const close = () => {
    giveBack(bar.current);
    desk.set({ finding: false });
  };

  return (
    <search ref={bar} data-passing aria-label={t("Find in this conversation")} className="shrink-0 border-b border-line bg-canvas">
      <div className="flex items-center gap-1.5 px-3 py-1.5">
        <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <input
          type="search"
          aria-label={t("Find in this conversation")}
          autoFocus
          maxLength={200}
          value={typed}
          placeholder={t("Find in this conversation")}
          onChange={(event) => {
            setTyped(event.target.value);
            latest.current = ""; // a step that waits for what was typed before is off
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              event.stopPropagation();
              close();
            } else if (event.key === "Enter") {
              event.preventDefault();
              if (event.shiftKey) next();
              else previous();
            } else if ((event.ctrlKey || event.metaKey) && event.key === "f") {
              event.preventDefault();
              event.currentTarget.select();
            }
          }}
          className="h-7 min-w-0 flex-1 bg-transparent text-sm outline-none [&::-webkit-search-cancel-button]:hidden"
        />
        <span role="status" className="shrink-0 text-xs text-ink-muted tabular-nums">
          {text === ""
            ? ""
            : found.error
              ? isProblem(found.error)
                ? found.error.message
                : t("The search failed. Try again.")
              : found.isPending
                ? t("Searching")
                : at !== undefined
                  ? t("{{n}} of {{total}}", { n: at + 1, total: hits.length })
                  : t("{{count}} found", { count })}
        </span>
        <Button variant="ghost" size="icon-sm" aria-label={t("Earlier hit")} disabled={hits.length === 0} onClick={previous}>
          <ChevronUp />
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label={t("Later hit")} disabled={hits.length === 0} onClick={next}>
          <ChevronDown />
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label={t("Close the search")} onClick={close}>
          <X />
        </Button>
      </div>
      {hits.length > 0 ? (
        <ol ref={list} aria-label={t("Hits")} className="max-h-36 overflow-y-auto border-t border-line p-1">
          {hits.map((hit, n) => (
            <li key={hit.seq}>
              <HitRow
                hit={hit}
                current={n === at}
                onJump={() => {
                  go(hits, n);
                }}
              />
            </li>
          ))}
        </ol>
      ) : null}
    </search>
  );
}

function HitRow({ hit, current, onJump }: { hit: WithinHit; current: boolean; onJump: () => void }) {
  return (
    <button
      type="button"
      onClick={onJump}
      aria-current={current ? "true" : undefined}
      className={cn("flex w-full items-baseline gap-2 rounded-md px-2 py-1 text-start text-xs hover:bg-hover", current && "bg-selected")}
    >
      <span className="min-w-0 flex-1 truncate">
        <Marked pieces={hit.marked} />
      </span>
      <time dateTime={hit.at} className="shrink-0 text-2xs text-ink-faint tabular-nums max-sm:hidden">
        {dateTime(hit.at)}
      </time>
      <span className="shrink-0 text-accent">{t("Jump to message")}</span>
    </button>
  );
}
