import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Card, CardHeader, CardInput } from "@rapport/core/api/cards";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Checkbox, Field, Input, Select, Switch, Textarea, Toggle } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { QueuesField } from "@/lib/queues-field";
import { CardFields, newField } from "./card-fields";
import { CardTrial } from "./card-trial";

/** Examples of what is typed; the same in every language. */
const BODY = '{"email": "{{contact.email}}"}';
const HEADER = "Authorization";

/** Stands for a secret that is there; sent back, it stays. */
const KEPT = "***";

function draftOf(card: Card | undefined): CardInput {
  if (!card) return { name: "", enabled: true, queues: [], method: "GET", url: "", headers: [], timeout_seconds: 5, cache_seconds: 60, fields: [newField([])] };
  const { id: _id, position: _position, created_at: _at, ...rest } = card;
  return { queues: [], headers: [], ...rest };
}

/** What is sent: without a way back where nothing can be changed. */
function written(draft: CardInput): CardInput {
  const { write, body, ...rest } = draft;
  const editable = draft.fields.some((field) => field.editable);
  return { ...rest, ...(draft.method === "POST" && body ? { body } : {}), ...(editable ? { write: write ?? { method: "PATCH", url: "" } } : {}) };
}

/** Sets a card up, with a trial of what it would show. */
export function CardDialog({ card, variables, onClose, onSaved }: { card: Card | undefined; variables: string[]; onClose: () => void; onSaved: (card: Card) => void }) {
  const { api } = useBackend();
  const [draft, setDraft] = useState(() => draftOf(card));
  const set = (change: Partial<CardInput>) => {
    setDraft({ ...draft, ...change });
  };
  const headers = draft.headers ?? [];
  const names = [
    ...["name", "queues", "method", "url", "body", "timeout_seconds", "cache_seconds", "fields", "headers", "write.url", "write.method"],
    ...headers.flatMap((_, n) => [`headers.${n}.name`, `headers.${n}.value`]),
    ...draft.fields.flatMap((_, n) => ["label", "name", "path", "type", "choices", "target"].map((part) => `fields.${n}.${part}`)),
  ];
  const form = useSubmission(names, async () => {
    onSaved(card ? await api.cards.replace(card.id, { ...written(draft), version: card.version }) : await api.cards.create(written(draft)));
  });
  const editable = draft.fields.some((field) => field.editable);
  return (
    <FormDialog
      form={form}
      size="xl"
      title={card ? t("Edit {{name}}", { name: card.name }) : t("New context card")}
      description={t("The other system is asked when somebody looks at a conversation, and answers with JSON.")}
      submit={card ? t("Save") : t("Create card")}
      onClose={onClose}
      className="lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] lg:gap-6"
    >
      <div className="grid min-w-0 content-start gap-4">
        <Field label={t("Name")} help={t("Agents see it above the values.")} error={form.of("name")}>
          <Input
            required
            autoFocus
            maxLength={60}
            value={draft.name}
            onChange={(event) => {
              set({ name: event.target.value });
            }}
          />
        </Field>
        <fieldset className="grid gap-4 border-t border-line pt-4">
          <legend className="float-start w-full text-sm font-semibold">{t("Where the values come from")}</legend>
          <Request
            what={t("Address")}
            methods={["GET", "POST"]}
            method={draft.method}
            url={draft.url}
            example="https://crm.example.com/customers?email={{contact.email}}"
            error={form.of("url") ?? form.of("method")}
            onChange={(method, url) => {
              set({ method: method as CardInput["method"], url });
            }}
          />
          <Variables
            variables={variables}
            onPick={(name) => {
              set({ url: `${draft.url}{{${name}}}` });
            }}
          />
          {draft.method === "POST" ? (
            <Field label={t("Body")} help={t("JSON. Variables stand inside of texts.")} error={form.of("body")}>
              <Textarea
                rows={3}
                className="font-mono text-xs"
                maxLength={8000}
                placeholder={BODY}
                value={draft.body ?? ""}
                onChange={(event) => {
                  set({ body: event.target.value });
                }}
              />
            </Field>
          ) : null}
          <Headers
            headers={headers}
            errorOf={form.of}
            onChange={(next) => {
              set({ headers: next });
            }}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t("Time-out in seconds")} error={form.of("timeout_seconds")}>
              <Seconds
                min={1}
                max={20}
                value={draft.timeout_seconds}
                onChange={(timeout_seconds) => {
                  set({ timeout_seconds });
                }}
              />
            </Field>
            <Field label={t("Keep an answer for seconds")} help={t("0 asks each time somebody looks.")} error={form.of("cache_seconds")}>
              <Seconds
                min={0}
                max={3600}
                value={draft.cache_seconds}
                onChange={(cache_seconds) => {
                  set({ cache_seconds });
                }}
              />
            </Field>
          </div>
        </fieldset>
        <CardFields
          fields={draft.fields}
          used={editable ? (draft.write?.url ?? "") : ""}
          errorOf={form.of}
          onChange={(fields) => {
            set({ fields });
          }}
        />
        {editable ? (
          <fieldset className="grid gap-4 border-t border-line pt-4">
            <legend className="float-start w-full text-sm font-semibold">{t("Where changes go")}</legend>
            <Request
              what={t("Address for changes")}
              methods={["PATCH", "PUT", "POST"]}
              method={draft.write?.method ?? "PATCH"}
              url={draft.write?.url ?? ""}
              example="https://crm.example.com/customers/{{card.id}}"
              help={t("{{example}} stands for a value that the card shows.", { example: "{{card.NAME}}" })}
              error={form.of("write.url") ?? form.of("write.method")}
              onChange={(method, url) => {
                set({ write: { method: method as "PUT" | "PATCH" | "POST", url } });
              }}
            />
          </fieldset>
        ) : null}
        <div className="grid gap-4 border-t border-line pt-4">
          <QueuesField
            legend={t("Shown in the conversations of")}
            help={t("None chosen means all queues.")}
            value={draft.queues ?? []}
            onChange={(queues) => {
              set({ queues });
            }}
          />
          <Toggle label={t("Enabled")}>
            <Switch
              checked={draft.enabled}
              onCheckedChange={(enabled) => {
                set({ enabled });
              }}
            />
          </Toggle>
        </div>
      </div>
      <CardTrial id={card?.id} draft={written(draft)} />
    </FormDialog>
  );
}

/** Method and address of a request. */
function Request({
  what,
  methods,
  method,
  url,
  example,
  help,
  error,
  onChange,
}: {
  what: string;
  methods: string[];
  method: string;
  url: string;
  example: string;
  help?: string;
  error: string | undefined;
  onChange: (method: string, url: string) => void;
}) {
  return (
    <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-2">
      <Field label={t("Method")}>
        <Select
          value={method}
          onChange={(event) => {
            onChange(event.target.value, url);
          }}
        >
          {methods.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
      </Field>
      <Field label={what} error={error} help={help}>
        <Input
          required
          spellCheck={false}
          maxLength={1000}
          className="font-mono text-xs"
          placeholder={example}
          value={url}
          onChange={(event) => {
            onChange(method, event.target.value);
          }}
        />
      </Field>
    </div>
  );
}

/** What can be put into the address, added to its end by a click. */
function Variables({ variables, onPick }: { variables: string[]; onPick: (name: string) => void }) {
  return (
    <details className="text-xs text-ink-muted">
      <summary className="w-fit cursor-pointer rounded-sm hover:text-ink">{t("Variables")}</summary>
      <ul className="mt-2 flex flex-wrap gap-1">
        {variables.map((name) => (
          <li key={name}>
            <button
              type="button"
              aria-label={t("Add {{name}} to the address", { name })}
              className="rounded-sm border border-line px-1.5 py-0.5 font-mono text-2xs hover:bg-hover hover:text-ink"
              onClick={() => {
                onPick(name);
              }}
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
      <p className="mt-2">{t("Also contact.fields.NAME and conversation.fields.NAME. Without a value nothing is asked, unless a question mark stands behind the name.")}</p>
    </details>
  );
}

function Headers({ headers, errorOf, onChange }: { headers: CardHeader[]; errorOf: (field: string) => string | undefined; onChange: (headers: CardHeader[]) => void }) {
  const set = (at: number, change: Partial<CardHeader>) => {
    onChange(headers.map((one, n) => (n === at ? { ...one, ...change } : one)));
  };
  return (
    <div className="grid gap-2">
      {headers.map((header, n) => (
        <div key={n} role="group" aria-label={t("Header {{n}}", { n: n + 1 })} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-start gap-2">
          <Field label={t("Header")} error={errorOf(`headers.${n}.name`)}>
            <Input
              maxLength={64}
              spellCheck={false}
              placeholder={HEADER}
              value={header.name}
              onChange={(event) => {
                set(n, { name: event.target.value });
              }}
            />
          </Field>
          <Field label={t("Value")} error={errorOf(`headers.${n}.value`)} help={header.value === KEPT ? t("Kept as it is. Type to replace it.") : undefined}>
            <Input
              type={header.secret ? "password" : "text"}
              autoComplete="off"
              spellCheck={false}
              maxLength={4000}
              value={header.value}
              onFocus={(event) => {
                if (header.value === KEPT) event.target.select();
              }}
              onChange={(event) => {
                set(n, { value: event.target.value });
              }}
            />
          </Field>
          <Button
            variant="ghost"
            size="icon-sm"
            className="mt-6"
            aria-label={t("Remove the header {{name}}", { name: header.name || n + 1 })}
            onClick={() => {
              onChange(headers.filter((_, other) => other !== n));
            }}
          >
            <Trash2 />
          </Button>
          <Toggle label={t("Secret")} help={t("Sealed, and never shown again.")} className="col-span-3">
            <Checkbox
              checked={header.secret ?? false}
              onCheckedChange={(on) => {
                set(n, { secret: on === true, ...(header.value === KEPT ? { value: "" } : {}) });
              }}
            />
          </Toggle>
        </div>
      ))}
      <Button
        size="sm"
        className="w-fit"
        disabled={headers.length >= 10}
        onClick={() => {
          onChange([...headers, { name: headers.length === 0 ? HEADER : "", value: "", secret: true }]);
        }}
      >
        <Plus aria-hidden />
        {t("Add header")}
      </Button>
    </div>
  );
}

function Seconds({ value, onChange, ...props }: { value: number; onChange: (value: number) => void; min: number; max: number }) {
  return (
    <Input
      type="number"
      required
      {...props}
      value={Number.isNaN(value) ? "" : value}
      onChange={(event) => {
        onChange(event.target.valueAsNumber);
      }}
    />
  );
}
