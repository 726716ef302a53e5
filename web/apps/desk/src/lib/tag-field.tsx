import { useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import type { Page, Summary } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { useMe } from "./me";
import { TagName, useCatalogue } from "./tag-name";

const MOST = 8;

export interface TagFieldProps {
  tags: string[];
  onChange: (tags: string[]) => void;
  /** What the button to add one says. */
  label?: string;
  busy?: boolean;
  /** Tags that nobody may add any more can be named all the same, to look for them. */
  any?: boolean;
  /** What can be chosen stands below the field and makes room, as it must within a dialog that scrolls. */
  below?: boolean;
}

/** Tags: typed, suggested from the catalogue and from those in use, taken off again. */
export function TagField({ tags, onChange, label = t("Add tag"), busy = false, any = false, below = false }: TagFieldProps) {
  const { find } = useCatalogue();
  return (
    <div className="flex flex-wrap items-center gap-1">
      {tags.map((tag) => (
        <span key={tag} className="inline-flex h-6 max-w-full items-center gap-0.5 rounded-md bg-hover ps-2 text-xs font-medium">
          <TagName name={tag} color={find(tag)?.color} />
          <button
            type="button"
            aria-label={t("Remove tag {{tag}}", { tag })}
            disabled={busy}
            onClick={() => {
              onChange(tags.filter((one) => one !== tag));
            }}
            className="inline-flex size-6 items-center justify-center rounded-md text-ink-faint hover:text-ink"
          >
            <X aria-hidden className="size-3" />
          </button>
        </span>
      ))}
      <AddTag
        held={tags}
        label={label}
        any={any}
        below={below}
        onAdd={(added) => {
          onChange([...tags, ...added]);
        }}
      />
    </div>
  );
}

interface Offer {
  name: string;
  color: string | undefined;
  description: string | undefined;
}

/** What can be chosen: the catalogue, then tags of the conversations that are loaded, those in use most first. */
function useOffers(): Offer[] {
  const client = useQueryClient();
  const { tags, find } = useCatalogue();
  const { settings } = useMe();
  const counts = new Map<string, number>();
  for (const [, data] of client.getQueriesData<{ pages: Page<Summary>[] }>({ queryKey: keys.lists })) {
    for (const c of data?.pages.flatMap((page) => page.items) ?? []) {
      for (const tag of c.tags ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
  }
  const used = settings.details.catalogue_only ? [] : [...counts].filter(([tag]) => !find(tag)).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const known = tags.map(({ name, color, description }): Offer => ({ name, color, description })).sort((a, b) => (counts.get(b.name) ?? 0) - (counts.get(a.name) ?? 0));
  return [...known, ...used.map(([name]): Offer => ({ name, color: undefined, description: undefined }))];
}

function AddTag({ held, label, any, below, onAdd }: { held: string[]; label: string; any: boolean; below: boolean; onAdd: (tags: string[]) => void }) {
  const id = useId();
  const offers = useOffers();
  const only = useMe().settings.details.catalogue_only && !any;
  const [text, setText] = useState<string>();
  const [at, setAt] = useState(-1);
  const trigger = useRef<HTMLButtonElement>(null);
  const words = (text ?? "").trim().toLowerCase();
  const free = text === undefined ? [] : offers.filter(({ name }) => !held.some((tag) => tag.toLowerCase() === name.toLowerCase()));
  const hits = free.filter(({ name, description }) => `${name} ${description ?? ""}`.toLowerCase().includes(words)).slice(0, MOST);

  function close(focus: boolean): void {
    setText(undefined);
    setAt(-1);
    if (focus) requestAnimationFrame(() => trigger.current?.focus());
  }

  /** Adds what is written, in the catalogue's spelling; several are separated by commas. */
  function add(written: string, rest = ""): void {
    const wanted = written
      .split(",")
      .map((one) => one.trim().replace(/\s+/g, " "))
      .filter(Boolean);
    if (only && wanted.some((tag) => !offers.some(({ name }) => name.toLowerCase() === tag.toLowerCase()))) return;
    const added = [...new Set(wanted)].filter((tag) => !held.includes(tag));
    if (added.length > 0) onAdd(added);
    setText(rest);
    setAt(-1);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    switch (event.key) {
      case "Enter":
      case ",":
        event.preventDefault();
        if (words || at >= 0) add(hits[at]?.name ?? (only ? hits[0]?.name : undefined) ?? text ?? "");
        else close(true);
        return;
      case "Escape":
        event.stopPropagation();
        close(true);
        return;
      case "ArrowDown":
        event.preventDefault();
        setAt(Math.min(hits.length - 1, at + 1));
        return;
      case "ArrowUp":
        event.preventDefault();
        setAt(Math.max(-1, at - 1));
    }
  }

  if (text === undefined) {
    return (
      <button
        ref={trigger}
        type="button"
        onClick={() => {
          setText("");
        }}
        className="inline-flex h-6 items-center gap-1 rounded-md border border-dashed border-line-strong px-2 text-xs text-ink-muted hover:bg-hover hover:text-ink"
      >
        <Plus aria-hidden className="size-3" />
        {label}
      </button>
    );
  }
  return (
    <span className={cn(below ? "w-full" : "relative")}>
      <input
        autoFocus
        data-own-escape
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={hits.length > 0}
        aria-controls={`${id}list`}
        aria-activedescendant={at >= 0 ? `${id}${at}` : undefined}
        maxLength={200}
        value={text}
        onChange={(event) => {
          const { value } = event.target;
          const end = value.lastIndexOf(",");
          setText(value);
          setAt(-1);
          if (end >= 0) add(value.slice(0, end), value.slice(end + 1)); // pasted, or of a keyboard on the screen
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (words) add(text);
          // What is pressed must not move away under the pointer.
          if (below) setTimeout(close, 200, false);
          else close(false);
        }}
        className="h-6 w-32 rounded-md border border-accent bg-surface px-2 text-xs"
      />
      <ul
        id={`${id}list`}
        role="listbox"
        aria-label={t("Tags to choose from")}
        className={cn("rounded-lg border border-line-strong bg-raised p-1", below ? "mt-1" : "absolute top-7 start-0 z-20 w-44 shadow-pop", hits.length === 0 && "hidden")}
      >
        {hits.map(({ name, color, description }, n) => (
          <li
            key={name}
            id={`${id}${n}`}
            role="option"
            aria-selected={n === at}
            title={description}
            // Pressing would take the focus from the field before the click arrives.
            onPointerDown={(event) => {
              event.preventDefault();
              add(name);
            }}
            className={cn("cursor-pointer rounded-md px-2 py-1 text-xs hover:bg-hover", n === at && "bg-hover")}
          >
            <TagName name={name} color={color} className="max-w-full" />
          </li>
        ))}
      </ul>
      {only && words && hits.length === 0 ? (
        <p role="status" className={cn("rounded-lg border border-line-strong bg-raised px-2 py-1.5 text-xs text-ink-muted", below ? "mt-1" : "absolute top-7 start-0 z-20 w-44 shadow-pop")}>
          {t("The catalogue has no such tag. A supervisor can add it.")}
        </p>
      ) : null}
    </span>
  );
}
