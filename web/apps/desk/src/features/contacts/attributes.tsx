import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Attribute } from "@rapport/core/api/customers";
import type { Contact, ContactView } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { attributeName } from "@rapport/core/format";
import { locale, t } from "@rapport/i18n";
import { CopyButton } from "@rapport/ui/copy";
import { useBackend } from "@/lib/backend";
import { tell } from "@/lib/tell";
import { customerQueries } from "./customer-queries";
import { Fields } from "./fields";

/** A value as people read it. */
export function shownValue(attribute: Attribute | undefined, value: string): string {
  try {
    switch (attribute?.kind) {
      case "yes_no":
        return value === "yes" ? t("Yes") : value === "no" ? t("No") : value;
      case "date":
        return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${value}T00:00:00Z`));
      case "number":
        return new Intl.NumberFormat(locale(), { maximumFractionDigits: 10 }).format(Number(value));
      case "country":
        return new Intl.DisplayNames(locale(), { type: "region" }).of(value) ?? value;
      case "language":
        return new Intl.DisplayNames(locale(), { type: "language" }).of(value) ?? value;
      default:
        return value;
    }
  } catch {
    return value; // left by a bot in a form of its own
  }
}

/** What is known of a customer: the attributes of the account, then what bots and workflows noted. */
export function CustomerFields({ contact, all = false }: { contact: Contact; all?: boolean }) {
  const backend = useBackend();
  const attributes = useQuery(customerQueries.attributes(backend.api)).data?.items ?? [];
  const fields = contact.fields ?? {};
  // What is hidden is still shown where it has a value: agents may always change it.
  const shown = attributes.filter((one) => all || one.shown || fields[one.name]);
  const free = Object.fromEntries(Object.entries(fields).filter(([name]) => !attributes.some((one) => one.name === name)));

  async function save(change: Record<string, string>): Promise<void> {
    const saved = await backend.api.contacts.setFields(contact.id, change);
    // A field that was taken away is absent from the answer.
    backend.cache.patch<ContactView>(keys.contact(contact.id), ({ fields: _before, ...held }) => ({ ...held, ...saved }));
    backend.cache.stale([...keys.customers, "changes", contact.id]);
  }

  return (
    <div className="grid gap-0.5">
      <dl className="grid gap-0.5">
        {shown.map((attribute) => (
          <AttributeRow key={attribute.name} attribute={attribute} value={fields[attribute.name] ?? ""} onSave={(value) => save({ [attribute.name]: value })} />
        ))}
      </dl>
      <Fields what={t("the customer")} fields={free} onSave={save} />
    </div>
  );
}

function AttributeRow({ attribute, value, onSave }: { attribute: Attribute; value: string; onSave: (value: string) => Promise<void> }) {
  const [edited, setEdited] = useState(false);
  const { kind } = attribute;
  const label = attributeName(attribute);
  const text = value ? shownValue(attribute, value) : "";
  return (
    <div className="group grid min-h-7 grid-cols-[minmax(0,2fr)_minmax(0,3fr)] items-start gap-2 text-sm">
      <dt className="truncate pt-1 text-xs text-ink-muted" title={attribute.help ?? label}>
        {label}
      </dt>
      <dd className="flex min-w-0 items-start">
        {edited ? (
          <AttributeInput
            attribute={attribute}
            value={value}
            onSave={(next) => {
              setEdited(false);
              if (next !== value) onSave(next).catch(tell);
            }}
            onLeave={() => {
              setEdited(false);
            }}
          />
        ) : (
          <>
            <button
              type="button"
              aria-label={value ? t("Change {{label}}: {{text}}", { label, text }) : t("Set {{label}}", { label })}
              onClick={() => {
                setEdited(true);
              }}
              className="-mx-1 min-h-6 min-w-0 flex-1 rounded-sm px-1 py-0.5 text-start break-words hover:bg-hover"
            >
              {text || <span className="text-ink-muted">{t("Set", { context: "verb" })}</span>}
            </button>
            {kind === "url" && value ? (
              <a href={value} target="_blank" rel="noreferrer noopener" className="shrink-0 px-1 py-0.5 text-xs underline">
                {t("Open", { context: "verb" })}
              </a>
            ) : null}
            {value ? <CopyButton text={value} label={t("Copy {{text}}", { text: label })} className="size-6 shrink-0" /> : null}
          </>
        )}
      </dd>
    </div>
  );
}

/** Codes are the same in every language. */
const examples: Partial<Record<Attribute["kind"], string>> = { country: "DE", language: "de" };

const control = "w-full min-w-0 rounded-sm border border-accent bg-surface px-1 py-0.5 text-sm";

/** The control that fits the type. Enter and leaving keep the value, Escape does not. */
function AttributeInput({ attribute, value, onSave, onLeave }: { attribute: Attribute; value: string; onSave: (value: string) => void; onLeave: () => void }) {
  const [text, setText] = useState(value);
  const choices =
    attribute.kind === "choice"
      ? (attribute.choices ?? []).map((one) => ({ value: one, label: one }))
      : attribute.kind === "yes_no"
        ? [
            { value: "yes", label: t("Yes") },
            { value: "no", label: t("No") },
          ]
        : attribute.kind === "time_zone"
          ? Intl.supportedValuesOf("timeZone").map((one) => ({ value: one, label: one }))
          : undefined;
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onLeave();
    }
    if (event.key === "Enter" && !choices) onSave(text.trim());
  };
  if (choices) {
    return (
      <select
        autoFocus
        aria-label={attributeName(attribute)}
        value={value}
        onChange={(event) => {
          onSave(event.target.value);
        }}
        onBlur={onLeave}
        onKeyDown={onKeyDown}
        className={control}
      >
        <option value="">{t("Not set")}</option>
        {value && !choices.some((one) => one.value === value) ? <option value={value}>{value}</option> : null}
        {choices.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    );
  }
  const types: Partial<Record<Attribute["kind"], string>> = { date: "date", email: "email", phone: "tel", url: "url" };
  return (
    <input
      autoFocus
      type={types[attribute.kind] ?? "text"}
      inputMode={attribute.kind === "number" ? "decimal" : undefined}
      aria-label={attributeName(attribute)}
      placeholder={examples[attribute.kind]}
      maxLength={2000}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
      }}
      onBlur={() => {
        onSave(text.trim());
      }}
      onKeyDown={onKeyDown}
      className={control}
    />
  );
}
