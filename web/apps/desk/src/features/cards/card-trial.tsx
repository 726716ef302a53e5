import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleAlert, Play } from "lucide-react";
import { useState } from "react";
import type { CardInput, CardProbe } from "@rapport/core/api/cards";
import { sentenceOf } from "@rapport/core/api/problem";
import { keys } from "@rapport/core/apply";
import { pointText } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input } from "@rapport/ui/field";
import { Badge, Spinner } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { shownValue, troubleOf } from "./card-words";

/** The variables that the card reads by. */
function variablesOf(draft: CardInput): string[] {
  const found = `${draft.url} ${draft.body ?? ""}`.matchAll(/\{\{\s*([^{}]*?)\??\s*\}\}/g);
  return [...new Set([...found].map(([, name]) => (name ?? "").trim()).filter(Boolean))];
}

interface Person {
  id: string;
  name: string;
}

/** Asks the source as the card would, for a customer or for values of one's own. Nothing is saved or changed. */
export function CardTrial({ id, draft }: { id: string | undefined; draft: CardInput }) {
  const { api } = useBackend();
  const [person, setPerson] = useState<Person>();
  const [sample, setSample] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [probe, setProbe] = useState<CardProbe>();
  const [refused, setRefused] = useState<string>();
  const variables = variablesOf(draft);

  function run(): void {
    setBusy(true);
    setRefused(undefined);
    api.cards
      .tryOut({ ...(id ? { id } : {}), card: draft, ...(person ? { contact_id: person.id } : { sample }) })
      .then(setProbe)
      .catch((error: unknown) => {
        setProbe(undefined);
        setRefused(sentenceOf(error));
      })
      .finally(() => {
        setBusy(false);
      });
  }

  return (
    <section aria-label={t("Try it")} className="grid min-w-0 content-start gap-3 self-start rounded-lg border border-line bg-surface p-4 lg:sticky lg:top-0">
      <h3 className="text-sm font-semibold">{t("Try it")}</h3>
      <p className="text-xs text-ink-muted">{t("Asks the other system now, as the card is above. Nothing is saved or changed.")}</p>
      <PersonField person={person} onPick={setPerson} />
      {person
        ? null
        : variables.map((name) => (
            <Field key={name} label={<code className="text-xs">{name}</code>}>
              <Input
                value={sample[name] ?? ""}
                maxLength={500}
                onChange={(event) => {
                  setSample({ ...sample, [name]: event.target.value });
                }}
              />
            </Field>
          ))}
      <Button className="w-fit" disabled={busy} onClick={run}>
        {busy ? <Spinner label={t("Asking")} /> : <Play aria-hidden />}
        {t("Ask now")}
      </Button>
      <div role="status" className="grid min-w-0 gap-3">
        {refused ? <Alert>{refused}</Alert> : null}
        {probe ? <Outcome probe={probe} draft={draft} /> : null}
      </div>
    </section>
  );
}

function Alert({ children }: { children: string }) {
  return (
    <p className="flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-sm">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      {children}
    </p>
  );
}

function Outcome({ probe, draft }: { probe: CardProbe; draft: CardInput }) {
  return (
    <>
      {probe.state === "ok" ? (
        <dl className="grid gap-1 text-sm">
          {draft.fields.map((field) => {
            const value = probe.values.find((one) => one.name === field.name);
            return (
              <div key={field.name} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-2">
                <dt className="truncate text-xs text-ink-muted">{field.label}</dt>
                <dd className="min-w-0 break-words">
                  {value?.value ? (value.misfit ? value.value : shownValue(field.type, value.value)) : <span className="text-ink-muted">{t("Nothing at this path")}</span>}{" "}
                  {value?.misfit ? <Badge tone="warning">{t("Does not fit the type")}</Badge> : null}
                </dd>
              </div>
            );
          })}
        </dl>
      ) : (
        <Alert>{[troubleOf(probe), probe.reason && probe.state !== "lacking" ? t("It says: {{reason}}", { reason: probe.reason }) : ""].filter(Boolean).join(" ")}</Alert>
      )}
      {probe.address ? (
        <p className="text-xs break-all text-ink-muted">
          {draft.method} {probe.address} · {t("{{n}} ms", { n: probe.took_ms })}
        </p>
      ) : null}
      {probe.answer ? (
        <details open={probe.state !== "ok"}>
          <summary className="w-fit cursor-pointer text-xs text-ink-muted">{t("What it answered")}</summary>
          <pre tabIndex={0} className="mt-1 max-h-64 overflow-auto rounded-md border border-line bg-canvas p-2 text-2xs whitespace-pre-wrap break-all">
            {pretty(probe.answer)}
          </pre>
        </details>
      ) : null}
    </>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // cut off, or none
  }
}

/** A customer to try the card with; none is a sample. */
function PersonField({ person, onPick }: { person: Person | undefined; onPick: (person: Person | undefined) => void }) {
  const { api } = useBackend();
  const [q, setQ] = useState("");
  const words = q.trim();
  const found = useInfiniteQuery({
    queryKey: [...keys.customers, "trial", words],
    queryFn: ({ signal }) => api.customers.list({ q: words, limit: 6 }, signal),
    initialPageParam: "",
    getNextPageParam: () => undefined,
    enabled: words.length > 1 && !person,
    staleTime: 10_000,
  });
  if (person) {
    return (
      <p className="flex items-center gap-2 text-sm">
        <span className="min-w-0 flex-1 truncate">{t("With {{name}}", { name: person.name })}</span>
        <Button
          size="sm"
          onClick={() => {
            onPick(undefined);
          }}
        >
          {t("Another")}
        </Button>
      </p>
    );
  }
  return (
    <div className="grid gap-1">
      <Field label={t("With a customer")} help={t("Or leave it empty and enter values below.")}>
        <Input
          type="search"
          placeholder={t("Name, phone number or e-mail address")}
          value={q}
          onChange={(event) => {
            setQ(event.target.value);
          }}
        />
      </Field>
      {words.length > 1 && found.data ? (
        <ul aria-label={t("Customers")} className="-mx-2 grid">
          {found.data.pages[0]?.items.map((one) => {
            const [first] = one.points;
            const name = one.name || (first ? pointText(first) : t("Unknown customer"));
            return (
              <li key={one.id}>
                <button
                  type="button"
                  className="w-full truncate rounded-md px-2 py-1 text-start text-sm hover:bg-hover"
                  onClick={() => {
                    onPick({ id: one.id, name });
                    setQ("");
                  }}
                >
                  {name}
                </button>
              </li>
            );
          })}
          {found.data.pages[0]?.items.length === 0 ? <li className="px-2 text-xs text-ink-muted">{t("No customer fits.")}</li> : null}
        </ul>
      ) : null}
    </div>
  );
}
