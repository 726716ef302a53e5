import { type FormEvent, useRef, useState } from "react";
import type { CardFaceField, CardReading, CardValue } from "@rapport/core/api/cards";
import { isProblem, sentenceOf } from "@rapport/core/api/problem";
import { clientId } from "@rapport/core/id";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { CopyButton } from "@rapport/ui/copy";
import { FormFieldInput } from "@/lib/form-field";
import { shownValue } from "./card-words";

interface Change {
  key: string;
  seen: Record<string, string>;
  values: Record<string, string>;
}

/** One value of a card; an editable one is changed in place and written to the other system. */
export function CardRow({
  field,
  value: held,
  editable,
  save,
  onReading,
}: {
  field: CardFaceField;
  value: CardValue | undefined;
  editable: boolean;
  save: (change: Change) => Promise<void>;
  /** The other system says something else by now. */
  onReading: (reading: CardReading) => void;
}) {
  const [edited, setEdited] = useState(false);
  const value = held?.value ?? "";
  const text = held?.misfit ? value : value && shownValue(field.type, value);
  const link = field.type === "url" && value && !held?.misfit;
  if (edited) {
    return (
      <div className="py-1">
        <dt className="sr-only">{field.label}</dt>
        <dd>
          <Editor
            field={field}
            seen={value}
            save={save}
            onReading={onReading}
            onDone={() => {
              setEdited(false);
            }}
          />
        </dd>
      </div>
    );
  }
  return (
    <div className="group grid min-h-7 grid-cols-[minmax(0,2fr)_minmax(0,3fr)] items-start gap-2 text-sm">
      <dt className="truncate pt-1 text-xs text-ink-muted" title={field.label}>
        {field.label}
      </dt>
      <dd className="flex min-w-0 items-start">
        {editable && !held?.misfit ? (
          <button
            type="button"
            aria-label={value ? t("Change {{label}}: {{text}}", { label: field.label, text }) : t("Set {{label}}", { label: field.label })}
            onClick={() => {
              setEdited(true);
            }}
            className="-mx-1 min-h-6 min-w-0 flex-1 rounded-sm px-1 py-0.5 text-start break-words underline decoration-line-strong decoration-dotted underline-offset-4 hover:bg-hover"
          >
            {text || <span className="text-ink-muted">{t("Set", { context: "verb" })}</span>}
          </button>
        ) : link ? (
          <a href={value} target="_blank" rel="noreferrer noopener" className="min-w-0 flex-1 py-0.5 break-words text-accent hover:underline">
            {value.replace(/^https?:\/\//, "")}
          </a>
        ) : (
          <span className="min-w-0 flex-1 py-0.5 break-words whitespace-pre-wrap">{text || <span className="text-ink-muted">–</span>}</span>
        )}
        {link && editable ? (
          <a href={value} target="_blank" rel="noreferrer noopener" className="shrink-0 px-1 py-0.5 text-xs underline">
            {t("Open", { context: "verb" })}
          </a>
        ) : null}
        {value ? (
          <span className="flex shrink-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-lg:opacity-100">
            <CopyButton text={value} label={t("Copy {{text}}", { text: field.label })} className="size-6" />
          </span>
        ) : null}
      </dd>
    </div>
  );
}

/** Writes on Save only: it changes another system. What is refused is said here, and what was typed stays. */
function Editor({
  field,
  seen,
  save,
  onReading,
  onDone,
}: {
  field: CardFaceField;
  seen: string;
  save: (change: Change) => Promise<void>;
  onReading: (reading: CardReading) => void;
  onDone: () => void;
}) {
  const [value, setValue] = useState(seen);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  // The same change has the same key, so that sending it again does nothing twice.
  const attempt = useRef<Change>(undefined);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (busy) return;
    const last = attempt.current;
    const change = last && last.seen[field.name] === seen && last.values[field.name] === value ? last : { key: clientId(), seen: { [field.name]: seen }, values: { [field.name]: value } };
    attempt.current = change;
    setBusy(true);
    setError(undefined);
    save(change)
      .then(onDone)
      .catch((problem: unknown) => {
        const reading = readingIn(problem);
        const now = reading?.values.find((one) => one.name === field.name)?.value;
        if (reading) onReading(reading);
        setError(now === undefined ? sentenceOf(problem) : t("Somebody has changed it meanwhile; it is “{{value}}” now. Save again if yours is still right.", { value: now === "" ? "–" : shownValue(field.type, now) }));
        setBusy(false);
      });
  }

  return (
    <form
      onSubmit={submit}
      className="grid gap-2 rounded-md border border-line-strong p-2"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onDone();
      }}
    >
      <FormFieldInput field={{ name: field.name, label: field.label, type: field.type, ...(field.choices ? { choices: field.choices } : {}) }} value={value} onChange={setValue} error={error} autoFocus />
      <span className="flex justify-end gap-1.5">
        <Button size="sm" onClick={onDone}>
          {t("Cancel")}
        </Button>
        <Button type="submit" size="sm" variant="primary" disabled={busy || value.trim() === seen}>
          {busy ? t("Saving …") : t("Save")}
        </Button>
      </span>
    </form>
  );
}

/** What the other system says by now, where that is why nothing was written. */
function readingIn(problem: unknown): CardReading | undefined {
  if (!isProblem(problem, "card_changed")) return undefined;
  return (problem.document as { reading?: CardReading }).reading;
}
