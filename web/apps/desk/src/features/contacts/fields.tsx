import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { fieldLabel } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { CopyButton } from "@rapport/ui/copy";
import { tell } from "@/lib/tell";

/** A name as programs write it: "Order number" becomes "order_number". */
export function fieldName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 40);
}

/** Names and values that are changed in place; an empty value takes the field away. */
export function Fields({
  what,
  fields,
  onSave,
}: {
  /** What the fields belong to. */
  what: string;
  fields: Record<string, string>;
  onSave: (change: Record<string, string>) => Promise<void>;
}) {
  const [edited, setEdited] = useState<string>();
  const [adding, setAdding] = useState(false);
  const [pending, setPending] = useState<Record<string, string>>();
  const shown = Object.entries({ ...fields, ...pending })
    .filter(([, value]) => value !== "")
    .sort(([a], [b]) => (a < b ? -1 : 1));

  function save(change: Record<string, string>): void {
    setEdited(undefined);
    setAdding(false);
    setPending(change);
    onSave(change)
      .catch(tell)
      .finally(() => {
        setPending(undefined);
      });
  }

  return (
    <div className="grid gap-0.5">
      {shown.length > 0 ? (
        <dl className="grid gap-0.5">
          {shown.map(([name, value]) => (
            <div key={name} className="group grid min-h-7 grid-cols-[minmax(0,2fr)_minmax(0,3fr)] items-start gap-2 text-sm">
              <dt className="truncate pt-1 text-xs text-ink-muted" title={name}>
                {fieldLabel(name)}
              </dt>
              <dd className="flex min-w-0 items-start">
                {edited === name ? (
                  <Value
                    label={fieldLabel(name)}
                    value={value}
                    onSave={(next) => {
                      if (next === value) setEdited(undefined);
                      else save({ [name]: next });
                    }}
                    onLeave={() => {
                      setEdited(undefined);
                    }}
                  />
                ) : (
                  <>
                    <button
                      type="button"
                      aria-label={t("Change {{fieldLabel}}: {{value}}", { fieldLabel: fieldLabel(name), value })}
                      onClick={() => {
                        setEdited(name);
                      }}
                      className="-mx-1 min-w-0 flex-1 rounded-sm px-1 py-0.5 text-start break-words hover:bg-hover"
                    >
                      {value}
                    </button>
                    <span className="flex shrink-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-lg:opacity-100">
                      <CopyButton text={value} label={t("Copy {{fieldLabel}}", { fieldLabel: fieldLabel(name) })} className="size-6" />
                      <Button
                        variant="ghost"
                        size="icon-sm"
                        className="size-6"
                        aria-label={t("Remove {{fieldLabel}}", { fieldLabel: fieldLabel(name) })}
                        onClick={() => {
                          save({ [name]: "" });
                        }}
                      >
                        <X />
                      </Button>
                    </span>
                  </>
                )}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {adding ? (
        <NewField
          taken={shown.map(([name]) => name)}
          onSave={save}
          onLeave={() => {
            setAdding(false);
          }}
        />
      ) : (
        <button
          type="button"
          aria-label={t("Add field to {{what}}", { what })}
          onClick={() => {
            setAdding(true);
          }}
          className="inline-flex h-6 w-fit items-center gap-1 rounded-md border border-dashed border-line-strong px-2 text-xs text-ink-muted hover:bg-hover hover:text-ink"
        >
          <Plus aria-hidden className="size-3" />
          {t("Add field")}
        </button>
      )}
    </div>
  );
}

const input = "w-full min-w-0 rounded-sm border border-accent bg-surface px-1 py-0.5 text-sm";

function Value({ label, value, onSave, onLeave }: { label: string; value: string; onSave: (value: string) => void; onLeave: () => void }) {
  const [text, setText] = useState(value);
  const save = (event: FormEvent) => {
    event.preventDefault();
    onSave(text.trim());
  };
  return (
    <form onSubmit={save} className="min-w-0 flex-1">
      <input
        autoFocus
        aria-label={label}
        maxLength={2000}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onLeave();
        }}
        className={input}
      />
    </form>
  );
}

function NewField({ taken, onSave, onLeave }: { taken: string[]; onSave: (change: Record<string, string>) => void; onLeave: () => void }) {
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const key = fieldName(name);
  const why = taken.includes(key) ? t("There is such a field already.") : undefined;
  return (
    <form
      className="mt-1 grid gap-1.5 rounded-md border border-line p-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (key && value.trim() && !why) onSave({ [key]: value.trim() });
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onLeave();
      }}
    >
      <input
        autoFocus
        aria-label={t("Name of the field")}
        placeholder={t("Name, e.g. Order number")}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
        }}
        className={input}
      />
      <input
        aria-label={t("Value of the field")}
        placeholder={t("Value")}
        maxLength={2000}
        value={value}
        onChange={(event) => {
          setValue(event.target.value);
        }}
        className={input}
      />
      {why ? (
        <p role="alert" className="text-xs text-danger">
          {why}
        </p>
      ) : null}
      <span className="flex justify-end gap-1.5">
        <Button size="sm" onClick={onLeave}>
          {t("Cancel")}
        </Button>
        <Button type="submit" size="sm" variant="primary" disabled={!key || !value.trim() || why !== undefined}>
          {t("Add")}
        </Button>
      </span>
    </form>
  );
}
