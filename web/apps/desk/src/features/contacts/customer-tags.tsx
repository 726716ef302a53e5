import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Contact, ContactView } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { useBackend } from "@/lib/backend";
import { tell } from "@/lib/tell";

/** The tags of a customer, whatever they write about. */
export function CustomerTags({ contact }: { contact: Contact }) {
  const { api, cache } = useBackend();
  const [text, setText] = useState<string>();
  const tags = contact.tags ?? [];

  function save(next: string[]): void {
    setText(undefined);
    api.customers
      .setTags(contact.id, next)
      .then((saved) => {
        cache.patch<ContactView>(keys.contact(contact.id), ({ tags: _before, ...held }) => ({ ...held, ...saved }));
        cache.stale([...keys.customers, "changes", contact.id]);
      })
      .catch(tell);
  }

  function add(event: FormEvent): void {
    event.preventDefault();
    const tag = text?.trim().replace(/\s+/g, " ");
    if (tag && !tags.includes(tag)) save([...tags, tag]);
    else setText(undefined);
  }

  return (
    <div className="flex flex-wrap items-center gap-1">
      {tags.map((tag) => (
        <span key={tag} className="inline-flex h-6 max-w-full items-center gap-0.5 rounded-md bg-hover ps-2 text-xs font-medium">
          <span className="truncate">{tag}</span>
          <Button
            variant="ghost"
            size="icon-sm"
            className="size-6"
            aria-label={t("Remove customer tag {{tag}}", { tag })}
            onClick={() => {
              save(tags.filter((one) => one !== tag));
            }}
          >
            <X className="size-3" />
          </Button>
        </span>
      ))}
      {text === undefined ? (
        <button
          type="button"
          onClick={() => {
            setText("");
          }}
          className="inline-flex h-6 items-center gap-1 rounded-md border border-dashed border-line-strong px-2 text-xs text-ink-muted hover:bg-hover hover:text-ink"
        >
          <Plus aria-hidden className="size-3" />
          {t("Add customer tag")}
        </button>
      ) : (
        <form onSubmit={add}>
          <input
            autoFocus
            aria-label={t("Customer tag")}
            maxLength={40}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
            }}
            onBlur={add}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.stopPropagation();
              setText(undefined);
            }}
            className="h-6 w-32 rounded-md border border-accent bg-surface px-2 text-xs"
          />
        </form>
      )}
    </div>
  );
}
