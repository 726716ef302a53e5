import { useQuery } from "@tanstack/react-query";
import { AtSign, UserRound, X } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import { addressText } from "@rapport/core/api/outbound";
import type { Contact, Point } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { useBackend } from "@/lib/backend";
import { queries } from "@/lib/queries";

/** Whom it goes to: a customer, or an address that was typed. */
export interface Recipient {
  label: string;
  contact?: Contact;
  point?: Point;
  typed?: string;
}

interface Option {
  key: string;
  recipient: Recipient;
  detail: string;
  /** Why it cannot be chosen. */
  why?: string;
}

/** Finds a customer as one types, or takes what was typed as an address (S3-21). */
export function RecipientField({
  inbox,
  visitors,
  value,
  onChange,
  error,
}: {
  inbox: string | undefined;
  /** The inbox writes only to customers who were there before. */
  visitors: boolean;
  value: Recipient | undefined;
  onChange: (value: Recipient | undefined) => void;
  error: string | undefined;
}) {
  const id = useId();
  const { api } = useBackend();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const query = useDeferredValue(text.trim());
  const found = useQuery({ ...queries.recipients(api, query, inbox ?? ""), enabled: query !== "" && inbox !== undefined && !value });

  const options: Option[] = (found.data?.items ?? []).map((contact): Option => {
    const [point] = contact.points;
    const label = contact.name || (point ? addressText(point) : "") || t("Visitor");
    return {
      key: contact.id,
      recipient: { label, contact, ...(point ? { point } : {}) },
      detail: contact.points.map(addressText).filter(Boolean).join(", "),
      ...(point ? {} : { why: t("Has no address that this inbox writes to.") }),
    };
  });
  const typed = found.data?.typed;
  if (typed) options.push({ key: "typed", recipient: { label: addressText(typed), typed: addressText(typed) }, detail: t("Write to this address") });
  const free = options.filter((one) => !one.why);
  const current = free[Math.min(at, free.length - 1)];
  const listed = !value && query !== "" && inbox !== undefined;

  function choose(option: Option): void {
    setText("");
    setAt(0);
    onChange(option.recipient);
  }

  function onKeyDown(event: KeyboardEvent): void {
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
        {t("To")}
      </label>
      {value ? (
        <div className="flex h-8 items-center gap-2 rounded-md border border-control/60 bg-surface ps-2.5 text-sm">
          {value.contact ? <UserRound aria-hidden className="size-4 text-ink-faint" /> : <AtSign aria-hidden className="size-4 text-ink-faint" />}
          <span id={id} className="min-w-0 flex-1 truncate">
            {value.label}
            {value.point && addressText(value.point) !== value.label ? <span className="text-ink-muted"> · {addressText(value.point)}</span> : null}
          </span>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={t("Choose somebody else")}
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
            autoComplete="off"
            aria-expanded={listed}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-invalid={error ? true : undefined}
            {...(listed && current ? { "aria-activedescendant": `${id}-${current.key}` } : {})}
            disabled={inbox === undefined}
            placeholder={inbox === undefined ? t("Choose From first") : visitors ? t("Name of a customer") : t("Name of a customer, or an address")}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
            className="h-8 w-full rounded-md border border-control/60 bg-surface px-2.5 text-sm hover:border-control focus-visible:border-accent focus-visible:outline-1 disabled:opacity-60 aria-invalid:border-danger"
          />
          {listed ? (
            <div className="absolute inset-x-0 top-full z-10 mt-1 max-h-64 overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 shadow-pop">
              <ul id={`${id}-list`} role="listbox" aria-label={t("Customers")}>
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
                    <span className="block truncate font-medium">{one.recipient.label}</span>
                    <span className="block truncate text-xs text-ink-muted">{one.why ?? one.detail}</span>
                  </li>
                ))}
              </ul>
              {options.length === 0 ? (
                <p role="status" className="px-2 py-2 text-sm text-ink-muted">
                  {found.isFetching ? t("Searching…") : found.error ? t("The search did not work. Try again.") : t("Nobody is called that, and it is no address that this inbox writes to.")}
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
