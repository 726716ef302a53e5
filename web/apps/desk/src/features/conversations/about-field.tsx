import { useQuery } from "@tanstack/react-query";
import { MessageSquare, X } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import type { Summary } from "@rapport/core/api/types";
import { stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { useBackend } from "@/lib/backend";
import { queries } from "@/lib/queries";

export type About = Pick<Summary, "id" | "contact_name" | "topic" | "last_text" | "state">;

/** How an id looks, by itself or at the end of an address of the desk. */
const ID = /(?:^|\/)([0-9a-v]{26})(?:[/?#]|$)/;
const MOST = 6;

/** The conversation that a question belongs to: found as one types, by its customer and words, or by its pasted address. */
export function AboutField({ value, onChange, error }: { value: About | undefined; onChange: (value: About | undefined) => void; error: string | undefined }) {
  const id = useId();
  const { api } = useBackend();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const query = useDeferredValue(text.trim());
  const pasted = ID.exec(query)?.[1];
  const one = useQuery({ ...queries.conversation(api, pasted ?? ""), enabled: pasted !== undefined && !value, retry: false });
  const found = useQuery({
    queryKey: ["search", "about", query],
    queryFn: ({ signal }) => api.search({ q: query, limit: MOST }, signal),
    enabled: query !== "" && pasted === undefined && !value,
    staleTime: 5_000,
    gcTime: 60_000,
  });
  const hits: About[] = pasted ? (one.data ? [one.data] : []) : [...(found.data?.conversations ?? []), ...(found.data?.messages ?? []).map((hit) => hit.conversation)];
  const options = hits.filter((hit, n) => hits.findIndex((other) => other.id === hit.id) === n).slice(0, MOST);
  const current = options[Math.min(at, options.length - 1)];
  const listed = !value && query !== "";
  const asked = pasted ? one : found;

  function choose(option: About): void {
    setText("");
    setAt(0);
    onChange(option);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape" && text) {
      event.stopPropagation();
      setText("");
      return;
    }
    if (!listed || options.length === 0) return;
    if (event.key === "ArrowDown") setAt((at + 1) % options.length);
    else if (event.key === "ArrowUp") setAt((at + options.length - 1) % options.length);
    else if (event.key === "Enter" && current) choose(current);
    else return;
    event.preventDefault();
  }

  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {t("About (optional)")}
      </label>
      {value ? (
        <div className="flex h-8 items-center gap-2 rounded-md border border-control/60 bg-surface ps-2.5 text-sm">
          <MessageSquare aria-hidden className="size-4 shrink-0 text-ink-faint" />
          <span id={id} className="min-w-0 flex-1 truncate">
            {value.contact_name}
            <span className="text-ink-muted"> · {value.topic ?? value.last_text ?? stateNames[value.state]}</span>
          </span>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={t("About no conversation, or another one")}
            onClick={() => {
              onChange(undefined);
            }}
          >
            <X />
          </Button>
        </div>
      ) : (
        <div className="relative">
          <input
            id={id}
            role="combobox"
            data-own-escape
            autoComplete="off"
            aria-expanded={listed}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-invalid={error ? true : undefined}
            {...(listed && current ? { "aria-activedescendant": `${id}-${current.id}` } : {})}
            placeholder={t("Customer or words of a conversation, or its address")}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
            className="h-8 w-full rounded-md border border-control/60 bg-surface px-2.5 text-sm hover:border-control focus-visible:border-accent focus-visible:outline-1 aria-invalid:border-danger"
          />
          {listed ? (
            <div className="absolute inset-x-0 top-full z-10 mt-1 max-h-56 overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 shadow-pop">
              <ul id={`${id}-list`} role="listbox" aria-label={t("Conversations")}>
                {options.map((option) => (
                  <li
                    key={option.id}
                    id={`${id}-${option.id}`}
                    role="option"
                    aria-selected={option === current}
                    onMouseDown={(event) => {
                      event.preventDefault();
                      choose(option);
                    }}
                    className={cn("cursor-pointer rounded-md px-2 py-1.5 text-sm hover:bg-hover", option === current && "bg-hover")}
                  >
                    <span className="block truncate font-medium">
                      {option.contact_name} <span className="font-normal text-ink-muted">· {stateNames[option.state]}</span>
                    </span>
                    <span className="block truncate text-xs text-ink-muted">{option.topic ?? option.last_text}</span>
                  </li>
                ))}
              </ul>
              {options.length === 0 ? (
                <p role="status" className="px-2 py-2 text-sm text-ink-muted">
                  {asked.isFetching ? t("Searching…") : asked.error && !pasted ? t("The search did not work. Try again.") : t("No conversation that you may see was found.")}
                </p>
              ) : null}
            </div>
          ) : null}
        </div>
      )}
      {error ? (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
    </div>
  );
}
