import { X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";

export interface SearchedOption {
  key: string;
  title: ReactNode;
  detail: string | undefined;
  /** Why it cannot be chosen. */
  why?: string | undefined;
}

interface SearchedFieldProps {
  label: string;
  /** What is chosen, in words. */
  chosen: ReactNode;
  /** What takes it away again is called so. */
  clear: string;
  onClear: () => void;
  text: string;
  onText: (text: string) => void;
  /** There is something to look for. */
  asked: boolean;
  options: readonly SearchedOption[];
  listLabel: string;
  /** Said in the place of options. */
  empty: string;
  onChoose: (option: SearchedOption) => void;
  placeholder: string;
  disabled?: boolean;
  /** Escape empties the field before it closes the dialog around it. */
  ownEscape?: boolean;
  error: string | undefined;
}

/** A field that holds one thing, found as one types. */
export function SearchedField({ text, onText, options, ownEscape = false, ...field }: SearchedFieldProps) {
  const id = useId();
  const [at, setAt] = useState(0);
  const free = options.filter((one) => !one.why);
  const current = free[Math.min(at, free.length - 1)];
  const listed = !field.chosen && field.asked;

  function write(next: string): void {
    onText(next);
    setAt(0);
  }

  function choose(option: SearchedOption): void {
    write("");
    field.onChoose(option);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (ownEscape && event.key === "Escape" && text) {
      event.stopPropagation();
      onText("");
      return;
    }
    if (!listed || free.length === 0) return;
    if (event.key === "ArrowDown") setAt((at + 1) % free.length);
    else if (event.key === "ArrowUp") setAt((at + free.length - 1) % free.length);
    else if (event.key === "Enter" && current) choose(current);
    else return;
    event.preventDefault();
  }

  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {field.label}
      </label>
      {field.chosen ? (
        <div className="flex h-8 items-center gap-2 rounded-md border border-control/60 bg-surface ps-2.5 text-sm">
          <span id={id} className="flex min-w-0 flex-1 items-center gap-2 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-faint">
            {field.chosen}
          </span>
          <Button variant="ghost" size="icon-sm" aria-label={field.clear} onClick={field.onClear}>
            <X />
          </Button>
        </div>
      ) : (
        <div className="relative">
          <input
            id={id}
            role="combobox"
            {...(ownEscape ? { "data-own-escape": true } : {})}
            autoComplete="off"
            aria-expanded={listed}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-invalid={field.error ? true : undefined}
            {...(listed && current ? { "aria-activedescendant": `${id}-${current.key}` } : {})}
            disabled={field.disabled}
            placeholder={field.placeholder}
            value={text}
            onChange={(event) => {
              write(event.target.value);
            }}
            onKeyDown={onKeyDown}
            className="h-8 w-full rounded-md border border-control/60 bg-surface px-2.5 text-sm hover:border-control focus-visible:border-accent focus-visible:outline-1 disabled:opacity-60 aria-invalid:border-danger"
          />
          {listed ? (
            <div className="absolute inset-x-0 top-full z-10 mt-1 max-h-64 overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 shadow-pop">
              <ul id={`${id}-list`} role="listbox" aria-label={field.listLabel}>
                {options.map((one) => (
                  <li
                    key={one.key}
                    id={`${id}-${one.key}`}
                    role="option"
                    aria-selected={one === current}
                    aria-disabled={one.why ? true : undefined}
                    onMouseDown={(event) => {
                      event.preventDefault();
                      if (!one.why) choose(one);
                    }}
                    className={cn("rounded-md px-2 py-1.5 text-sm", one.why ? "cursor-not-allowed text-ink-muted" : "cursor-pointer hover:bg-hover", one === current && "bg-hover")}
                  >
                    <span className="block truncate font-medium">{one.title}</span>
                    <span className="block truncate text-xs text-ink-muted">{one.why ?? one.detail}</span>
                  </li>
                ))}
              </ul>
              {options.length === 0 ? (
                <p role="status" className="px-2 py-2 text-sm text-ink-muted">
                  {field.empty}
                </p>
              ) : null}
            </div>
          ) : null}
        </div>
      )}
      {field.error ? (
        <p role="alert" className="text-xs text-danger">
          {field.error}
        </p>
      ) : null}
    </div>
  );
}
