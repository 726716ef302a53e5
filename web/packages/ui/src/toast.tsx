import { Bell, CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { t } from "@rapport/i18n";
import { Button } from "./button";

// Short messages in the corner. They live outside React, so that anything can
// tell the person something; `Toasts` shows them.

export interface Toast {
  id: number;
  text: string;
  /** What came of one's own deed, what went wrong, or what somebody else did. */
  tone: "neutral" | "danger" | "news";
  action?: { label: string; perform: () => void } | undefined;
}

let toasts: Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(text: string, more: { tone?: Toast["tone"]; action?: Toast["action"] } = {}): void {
  const fresh: Toast = { id: nextId++, text, tone: more.tone ?? "neutral", action: more.action };
  set([...toasts.filter((one) => one.text !== text).slice(-1), fresh]);
}

export function dismiss(id: number): void {
  set(toasts.filter((one) => one.id !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How long a toast stays; one with an action gives time to reach it, and none goes while somebody points at it or is in it. */
const STAYS = { plain: 5_000, action: 9_000 };

function Entry({ entry }: { entry: Toast }) {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const held = pointed || focused;
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => {
      dismiss(entry.id);
    }, entry.action || entry.tone === "danger" ? STAYS.action : STAYS.plain);
    return () => {
      clearTimeout(timer);
    };
  }, [entry, held]);
  return (
    <li
      onPointerEnter={() => {
        setPointed(true);
      }}
      onPointerLeave={() => {
        setPointed(false);
      }}
      onFocus={() => {
        setFocused(true);
      }}
      onBlur={() => {
        setFocused(false);
      }}
      className="flex animate-enter items-center gap-2.5 rounded-lg border border-line-strong bg-raised py-1.5 pe-1.5 ps-3 shadow-pop"
    >
      {entry.tone === "danger" ? (
        <CircleAlert aria-hidden className="size-4 shrink-0 text-danger" />
      ) : entry.tone === "news" ? (
        <Bell aria-hidden className="size-4 shrink-0 text-accent" />
      ) : (
        <CircleCheck aria-hidden className="size-4 shrink-0 text-positive" />
      )}
      <span className="flex-1 py-1 text-sm">{entry.text}</span>
      {entry.action ? (
        <Button
          size="sm"
          onClick={() => {
            entry.action?.perform();
            dismiss(entry.id);
          }}
        >
          {entry.action.label}
        </Button>
      ) : null}
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t("Dismiss")}
        onClick={() => {
          dismiss(entry.id);
        }}
      >
        <X />
      </Button>
    </li>
  );
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section aria-label={t("Notifications")} aria-live="polite" className="fixed inset-x-3 top-15 z-60 md:top-auto md:end-auto md:bottom-4 md:start-4 md:w-76 lg:start-59">
      <ol data-fleeting className="grid gap-2">
        {shown.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
    </section>
  );
}
