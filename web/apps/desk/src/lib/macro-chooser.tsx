import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import type { Effect, Macro } from "@rapport/core/api/texts";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Input, Select } from "@rapport/ui/field";
import { EffectList } from "./effects";
import { FormError } from "./form";
import { Loaded, RowsLoading } from "./page";
import { tell } from "./tell";

/** What a macro would change, or why it cannot be applied. */
export interface MacroShown {
  effects: Effect[];
  refusal?: string;
  warning?: string;
}

/** Finds a macro by words and tag, shows exactly what it would change, and applies it (S3-47). */
export function MacroChooser({
  macros,
  preview: { key, read },
  onApply,
}: {
  macros: readonly Macro[];
  /** Where the previews are kept, and how one is read. */
  preview: { key: readonly unknown[]; read: (macro: Macro, signal: AbortSignal) => Promise<MacroShown> };
  onApply: (macro: Macro) => Promise<void>;
}) {
  const listId = useId();
  const [words, setWords] = useState("");
  const [tag, setTag] = useState("");
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const tags = [...new Set(macros.flatMap((one) => one.tags ?? []))].sort();
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = macros.filter((one) => {
    const text = `${one.name} ${one.help ?? ""} ${(one.tags ?? []).join(" ")}`.toLowerCase();
    return wanted.every((word) => text.includes(word)) && (tag === "" || one.tags?.includes(tag));
  });
  const active = found[Math.min(at, found.length - 1)];
  const preview = useQuery({
    queryKey: [...key, active?.id],
    queryFn: ({ signal }) => (active ? read(active, signal) : Promise.reject(new Error("nothing is chosen"))),
    enabled: active !== undefined,
    staleTime: 0,
    gcTime: 0,
  });
  const plan = preview.data;

  async function apply(): Promise<void> {
    if (!active || busy || plan?.refusal) return;
    setBusy(true);
    try {
      await onApply(active);
    } catch (error) {
      tell(error);
      setBusy(false);
    }
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter") void apply();
    else return;
    event.preventDefault();
  }

  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <div className="grid content-start gap-2">
        <div className="flex gap-2">
          <Input
            autoFocus
            role="combobox"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={active ? `${listId}${active.id}` : undefined}
            aria-label={t("Search macros")}
            placeholder={t("Search macros")}
            value={words}
            onChange={(event) => {
              setWords(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
          {tags.length > 0 ? (
            <Select
              aria-label={t("Tag")}
              className="w-36 shrink-0"
              value={tag}
              onChange={(event) => {
                setTag(event.target.value);
                setAt(0);
              }}
            >
              <option value="">{t("All tags")}</option>
              {tags.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          ) : null}
        </div>
        <ul id={listId} role="listbox" aria-label={t("Macros")} className="max-h-72 overflow-y-auto">
          {found.map((one, n) => (
            <li
              key={one.id}
              id={`${listId}${one.id}`}
              role="option"
              aria-selected={one === active}
              onClick={() => {
                setAt(n);
              }}
              onDoubleClick={() => void apply()}
              className={cn("cursor-default rounded-md px-2 py-1.5 text-sm", one === active && "bg-accent-soft")}
            >
              <span className="font-medium">{one.name}</span>
              {one.help ? <span className="block truncate text-xs text-ink-muted">{one.help}</span> : null}
            </li>
          ))}
        </ul>
        {found.length === 0 ? <p className="text-sm text-ink-muted">{t("No macro fits.")}</p> : null}
      </div>
      <section aria-label={t("What it changes")} aria-live="polite" className="grid content-start gap-3 rounded-md border border-line p-3">
        {active === undefined ? (
          <p className="text-sm text-ink-muted">{t("Choose a macro to see what it changes.")}</p>
        ) : (
          <Loaded query={preview} what={t("the preview")} loading={<RowsLoading rows={3} />}>
            {(shown) => (
              <>
                <h3 className="font-semibold">{active.name}</h3>
                {shown.refusal ? <FormError>{shown.refusal}</FormError> : <EffectList effects={shown.effects} />}
                {shown.warning ? <p className="text-xs text-warning">{shown.warning}</p> : null}
              </>
            )}
          </Loaded>
        )}
        <Button variant="primary" className="justify-self-end" disabled={!active || busy || !plan || plan.refusal !== undefined} onClick={() => void apply()}>
          {t("Apply")}
        </Button>
      </section>
    </div>
  );
}
