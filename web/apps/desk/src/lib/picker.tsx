import { Check, ChevronDown, Search } from "lucide-react";
import { Popover } from "radix-ui";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";

export interface PickerOption {
  value: string;
  label: string;
  /** A second line, e.g. an address. */
  detail?: string | undefined;
  /** Options with the same group stand below its name. */
  group?: string | undefined;
  /** Why it cannot be chosen. */
  why?: string | undefined;
}

/** A button that opens a list to choose from, with a search. It can be used by keyboard alone. */
export function Picker({
  id,
  label,
  trigger,
  triggerClassName,
  options,
  value,
  onChange,
  onOpen,
  empty,
  loading = false,
  side = "bottom",
  ...aria
}: {
  id?: string;
  /** What is chosen here. */
  label: string;
  trigger: ReactNode;
  triggerClassName?: string;
  options: readonly PickerOption[];
  value: string | undefined;
  onChange: (value: string) => void;
  onOpen?: () => void;
  /** What to say when there is nothing to choose from. */
  empty: string;
  loading?: boolean;
  side?: "top" | "bottom";
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (next) onOpen?.();
      }}
    >
      <Popover.Trigger asChild>
        <button
          type="button"
          {...(id ? { id } : {})}
          {...aria}
          aria-haspopup="listbox"
          className={cn("inline-flex min-h-6 max-w-full min-w-0 items-center gap-1 rounded-md text-start hover:bg-hover", triggerClassName)}
        >
          <span className="min-w-0 flex-1 truncate">{trigger}</span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          side={side}
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          className="z-50 flex max-h-[min(60dvh,24rem)] w-80 max-w-[calc(100vw-16px)] flex-col rounded-lg border border-line-strong bg-raised shadow-pop data-[state=open]:animate-enter"
        >
          <List
            label={label}
            options={options}
            value={value}
            empty={empty}
            loading={loading}
            onChange={(next) => {
              setOpen(false);
              onChange(next);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function List({
  label,
  options,
  value,
  onChange,
  empty,
  loading,
}: {
  label: string;
  options: readonly PickerOption[];
  value: string | undefined;
  onChange: (value: string) => void;
  empty: string;
  loading: boolean;
}) {
  const id = useId();
  const [text, setText] = useState("");
  const [marked, setMarked] = useState(value);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = options.filter((one) => {
    const said = `${one.label} ${one.detail ?? ""} ${one.group ?? ""}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
  const free = shown.filter((one) => !one.why);
  const current = free.find((one) => one.value === marked) ?? free[0];
  const idOf = (one: PickerOption) => `${id}-${String(options.indexOf(one))}`;

  function step(by: number): void {
    if (free.length === 0) return;
    const at = current ? free.indexOf(current) : -1;
    const next = free[(at + by + free.length) % free.length];
    if (!next) return;
    setMarked(next.value);
    document.getElementById(idOf(next))?.scrollIntoView({ block: "nearest" });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter" && current) onChange(current.value);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <div className="relative border-b border-line">
        <Search aria-hidden className="absolute start-2.5 top-2.5 size-4 text-ink-faint" />
        <input
          role="combobox"
          aria-label={t("Search: {{label}}", { label })}
          aria-expanded="true"
          aria-controls={id}
          aria-autocomplete="list"
          {...(current ? { "aria-activedescendant": idOf(current) } : {})}
          placeholder={t("Search")}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
          onKeyDown={onKeyDown}
          className="h-9 w-full bg-transparent ps-9 pe-3 text-sm outline-none placeholder:text-ink-muted"
        />
      </div>
      {shown.length === 0 ? (
        <p className="px-3 py-4 text-sm text-ink-muted" role="status">
          {loading ? t("Loading…") : options.length === 0 ? empty : t("No match")}
        </p>
      ) : (
        <ul id={id} role="listbox" aria-label={label} className="min-h-0 overflow-y-auto p-1">
          {shown.map((one, n) => {
            const heading = one.group && one.group !== shown[n - 1]?.group ? one.group : undefined;
            return (
              <li key={one.value} role="presentation">
                {heading ? (
                  <p aria-hidden className="px-2 pt-2 pb-1 text-2xs font-medium text-ink-muted">
                    {heading}
                  </p>
                ) : null}
                <div
                  id={idOf(one)}
                  role="option"
                  aria-selected={one.value === value}
                  aria-disabled={one.why ? true : undefined}
                  onPointerMove={() => {
                    if (!one.why) setMarked(one.value);
                  }}
                  onClick={() => {
                    if (!one.why) onChange(one.value);
                  }}
                  className={cn(
                    "flex items-start gap-2 rounded-md px-2 py-1.5 text-sm",
                    one.why ? "cursor-not-allowed" : "cursor-pointer",
                    one === current && "bg-hover",
                  )}
                >
                  <span className="min-w-0 flex-1">
                    <span className={cn("block truncate", one.why ? "text-ink-muted" : "font-medium")}>{one.label}</span>
                    {one.detail ? <span className="block truncate text-xs text-ink-muted">{one.detail}</span> : null}
                    {one.why ? <span className="block text-xs text-warning">{one.why}</span> : null}
                  </span>
                  <Check aria-hidden className={cn("mt-0.5 size-4 shrink-0 text-accent", one.value !== value && "invisible")} />
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}
