import { useQuery } from "@tanstack/react-query";
import { FlaskConical, Play, Plus, Search, X } from "lucide-react";
import { useState } from "react";
import { ago } from "@rapport/core/format";
import { stepOf, TRIGGER } from "@rapport/core/workflow/edit";
import type { Fact, TestEvent, TestResult, Value } from "@rapport/core/workflow/types";
import { durationText, factOf, kindOf, outcomeText, summaryOf, titleOf } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Choice } from "@rapport/ui/choice";
import { cn } from "@rapport/ui/cn";
import { Field, Input, Select } from "@rapport/ui/field";
import { Badge, type Tone } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { FormError, useSubmission } from "@/lib/form";
import { useNow } from "@/lib/now";
import { Loaded, RowsLoading } from "@/lib/page";
import { Against } from "./condition-editor";
import { useBuilder, useDefinition } from "./context";
import { factGroups } from "./facts";
import { DurationInput } from "./fields";
import { SidePanel } from "./step-panel";

const kinds: { value: string; label: string }[] = [
  { value: "reply", label: t("The agent answers") },
  { value: "message_received", label: t("The customer writes") },
  { value: "assigned", label: t("Somebody gets it") },
  { value: "status_changed", label: t("The state becomes") },
  { value: "tag_added", label: t("It gets the tag") },
  { value: "webhook", label: t("The webhook answers") },
];

const ends: Record<TestResult["ends"], { label: string; tone: Tone }> = {
  done: { label: t("Runs to the end"), tone: "positive" },
  waiting: { label: t("Waits"), tone: "warning" },
  failed: { label: t("Fails"), tone: "danger" },
  stopped: { label: t("Is stopped"), tone: "danger" },
  not_started: { label: t("Does not start"), tone: "neutral" },
};

interface Given {
  fact: string;
  value: Value;
}

/** Tries the draft on a made-up or a past conversation; nothing is changed. */
export function TestPanel() {
  const { api } = useBackend();
  const { workflow, builder } = useBuilder();
  const [source, setSource] = useState<"example" | "past">("example");
  const [message, setMessage] = useState(t("Where is my parcel?"));
  const [name, setName] = useState("Maria");
  const [facts, setFacts] = useState<Given[]>([]);
  const [past, setPast] = useState("");
  const [events, setEvents] = useState<TestEvent[]>([]);
  const [own, setOwn] = useState(false);
  const [result, setResult] = useState<TestResult>();
  const form = useSubmission([], async () => {
    const { definition } = builder.draft;
    const made = {
      "message.text": message,
      "contact.name": name,
      ...Object.fromEntries(facts.filter((one) => one.fact !== "").map((one) => [one.fact, one.value])),
    };
    const found = await api.workflows.test(workflow.id, {
      definition,
      ...(source === "past" ? { conversation_id: past, ...(own ? { events } : {}) } : { example: made, events }),
    });
    setResult(found);
    builder.draft.store.set({ path: found.path });
  });
  return (
    <SidePanel
      title={t("Test run")}
      icon={<FlaskConical aria-hidden className="size-4 text-ink-faint" />}
      onClose={() => {
        builder.draft.store.set({ path: [] });
        builder.draft.show(undefined);
      }}
    >
      <form className="grid gap-4" onSubmit={form.submit}>
        <p className="text-sm text-ink-muted">{t("Tries the draft as it is now. Nothing is sent, nobody is notified, nothing changes.")}</p>
        <Choice
          label={t("Test with")}
          className="justify-self-start"
          value={source}
          onChange={setSource}
          options={[
            { value: "example", label: t("Made-up conversation") },
            { value: "past", label: t("Past conversation") },
          ]}
        />
        {source === "example" ? (
          <>
            <div className="grid grid-cols-2 gap-3">
              <Field label={t("Customer")}>
                <Input
                  value={name}
                  onChange={(event) => {
                    setName(event.target.value);
                  }}
                />
              </Field>
              <Field label={t("Writes")}>
                <Input
                  value={message}
                  onChange={(event) => {
                    setMessage(event.target.value);
                  }}
                />
              </Field>
            </div>
            <Facts value={facts} onChange={setFacts} />
          </>
        ) : (
          <PastPicker value={past} onChange={setPast} />
        )}
        {source === "past" ? (
          <label className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              className="accent-accent"
              checked={own}
              onChange={(event) => {
                setOwn(event.target.checked);
              }}
            />
            {t("Let something else happen than what did")}
          </label>
        ) : null}
        {source === "example" || own ? <Events value={events} onChange={setEvents} /> : null}
        <FormError>{form.error}</FormError>
        <Button type="submit" variant="primary" disabled={form.busy || (source === "past" && past === "")}>
          <Play aria-hidden />
          {t("Run the test")}
        </Button>
      </form>
      {result ? <Result result={result} /> : null}
    </SidePanel>
  );
}

function Facts({ value, onChange }: { value: Given[]; onChange: (value: Given[]) => void }) {
  const { vocabulary } = useBuilder();
  const ordinary: Record<string, Value> = { number: 0, duration: 0, bool: false, list: [] };
  const first = (fact: Fact | undefined): Value => fact?.choices?.[0]?.value ?? ordinary[fact?.type ?? ""] ?? "";
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">{t("Otherwise than usual")}</legend>
      {value.map((one, n) => {
        const fact = factOf(vocabulary, one.fact);
        const set = (next: Given) => {
          onChange(value.map((held, at) => (at === n ? next : held)));
        };
        return (
          <div key={n} className="flex items-start gap-1">
            <div className="grid min-w-0 flex-1 gap-1.5">
              <Select
                aria-label={t("Fact {{number}}", { number: n + 1 })}
                value={one.fact}
                onChange={(event) => {
                  set({ fact: event.target.value, value: first(factOf(vocabulary, event.target.value)) });
                }}
              >
                {factGroups(vocabulary.facts.filter((fact) => !fact.name.endsWith(".*"))).map(([group, list]) => (
                  <optgroup key={group} label={group}>
                    {list.map((fact) => (
                      <option key={fact.name} value={fact.name}>
                        {fact.label}
                      </option>
                    ))}
                  </optgroup>
                ))}
              </Select>
              <div className="grid grid-cols-2 gap-1.5">
                <Select
                  aria-label={t("Fact {{number}} is", { number: n + 1 })}
                  className={one.value === null ? "col-span-2" : ""}
                  value={one.value === null ? "none" : "is"}
                  onChange={(event) => {
                    set({ ...one, value: event.target.value === "none" ? null : first(fact) });
                  }}
                >
                  <option value="is">{t("is")}</option>
                  <option value="none">{t("does not exist")}</option>
                </Select>
                {one.value === null ? null : (
                  <Against
                    fact={fact}
                    operator={fact?.type === "list" ? { name: "", label: "", types: [], value: "many" } : undefined}
                    value={one.value}
                    onChange={(next) => {
                      set({ ...one, value: next ?? first(fact) });
                    }}
                  />
                )}
              </div>
            </div>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t("Remove fact {{number}}", { number: n + 1 })}
              onClick={() => {
                onChange(value.filter((_one, at) => at !== n));
              }}
            >
              <X />
            </Button>
          </div>
        );
      })}
      <Button
        size="sm"
        className="justify-self-start"
        onClick={() => {
          const fact = vocabulary.facts[0];
          onChange([...value, { fact: fact?.name ?? "", value: first(fact) }]);
        }}
      >
        <Plus aria-hidden />
        {t("Fact")}
      </Button>
    </fieldset>
  );
}

function Events({ value, onChange }: { value: TestEvent[]; onChange: (value: TestEvent[]) => void }) {
  const { vocabulary } = useBuilder();
  const states = factOf(vocabulary, "conversation.state")?.choices ?? [];
  const empty = (kind: string, after: number): TestEvent => ({
    kind,
    after,
    ...(kind === "status_changed" ? { to: "solved" } : {}),
    ...(kind === "message_received" ? { text: t("Are you there?") } : {}),
    ...(kind === "webhook" ? { output: "ok" } : {}),
  });
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">{t("What happens then")}</legend>
      {value.length === 0 ? <p className="text-xs text-ink-muted">{t("Nothing: the agent stays silent and time passes.")}</p> : null}
      {value.map((one, n) => {
        const set = (change: Partial<TestEvent>) => {
          onChange(value.map((held, at) => (at === n ? { ...held, ...change } : held)));
        };
        return (
          <div key={n} className="flex items-start gap-1">
            <div className="grid min-w-0 flex-1 grid-cols-[5.5rem_minmax(0,1fr)] gap-1.5">
              <DurationInput
                aria-label={t("Event {{number}} after", { number: n + 1 })}
                value={one.after}
                onChange={(after) => {
                  set({ after: after ?? 0 });
                }}
              />
              <Select
                aria-label={t("Event {{number}}", { number: n + 1 })}
                value={one.kind}
                onChange={(event) => {
                  onChange(value.map((held, at) => (at === n ? empty(event.target.value, held.after) : held)));
                }}
              >
                {kinds.map((kind) => (
                  <option key={kind.value} value={kind.value}>
                    {kind.label}
                  </option>
                ))}
              </Select>
              {one.kind === "message_received" || one.kind === "tag_added" ? (
                <Input
                  aria-label={one.kind === "tag_added" ? t("Tag of event {{number}}", { number: n + 1 }) : t("Text of event {{number}}", { number: n + 1 })}
                  className="col-span-2"
                  value={(one.kind === "tag_added" ? one.tag : one.text) ?? ""}
                  onChange={(event) => {
                    set(one.kind === "tag_added" ? { tag: event.target.value } : { text: event.target.value });
                  }}
                />
              ) : null}
              {one.kind === "status_changed" ? (
                <Select
                  aria-label={t("State of event {{number}}", { number: n + 1 })}
                  className="col-span-2"
                  value={one.to ?? ""}
                  onChange={(event) => {
                    set({ to: event.target.value });
                  }}
                >
                  {states.map((state) => (
                    <option key={state.value} value={state.value}>
                      {state.label}
                    </option>
                  ))}
                </Select>
              ) : null}
              {one.kind === "webhook" ? (
                <Select
                  aria-label={t("Answer of event {{number}}", { number: n + 1 })}
                  className="col-span-2"
                  value={one.output ?? "ok"}
                  onChange={(event) => {
                    set({ output: event.target.value });
                  }}
                >
                  <option value="ok">{t("It worked")}</option>
                  <option value="error">{t("It failed")}</option>
                </Select>
              ) : null}
            </div>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t("Remove event {{number}}", { number: n + 1 })}
              onClick={() => {
                onChange(value.filter((_one, at) => at !== n));
              }}
            >
              <X />
            </Button>
          </div>
        );
      })}
      <Button
        size="sm"
        className="justify-self-start"
        onClick={() => {
          onChange([...value, empty("reply", (value.at(-1)?.after ?? 0) + 300)]);
        }}
      >
        <Plus aria-hidden />
        {t("Event")}
      </Button>
    </fieldset>
  );
}

const SHOWN = 8;

/** A conversation of the past, found by customer or text. */
function PastPicker({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { api } = useBackend();
  const now = useNow();
  const [text, setText] = useState("");
  const found = useQuery({
    queryKey: ["workflow-past"],
    queryFn: async () => {
      const [open, ended] = await Promise.all([api.conversations.list({ view: "all", limit: 100 }), api.conversations.list({ view: "history", limit: 100 })]);
      return [...ended.items, ...open.items];
    },
    staleTime: 30_000,
  });
  return (
    <div className="grid gap-2">
      <div className="relative">
        <Search aria-hidden className="absolute top-2 start-2.5 size-4 text-ink-faint" />
        <Input
          type="search"
          aria-label={t("Search conversations")}
          placeholder={t("Customer, queue or text")}
          className="ps-8"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </div>
      <Loaded query={found} what={t("the conversations")} loading={<RowsLoading rows={3} />}>
        {(all) => {
          const hits = all.filter((c) => `${c.contact_name} ${c.queue_name} ${c.last_text ?? ""}`.toLowerCase().includes(text.trim().toLowerCase())).slice(0, SHOWN);
          if (hits.length === 0) return <p className="text-sm text-ink-muted">{t("No conversation matches.")}</p>;
          return (
            <div role="radiogroup" aria-label={t("Conversation")} className="divide-y divide-line rounded-md border border-line">
              {hits.map((c) => (
                <label key={c.id} className="flex cursor-pointer items-start gap-2 px-2.5 py-1.5 text-sm hover:bg-hover has-checked:bg-selected">
                  <input
                    type="radio"
                    name="past"
                    className="mt-1 accent-accent"
                    checked={value === c.id}
                    onChange={() => {
                      onChange(c.id);
                    }}
                  />
                  <span className="grid min-w-0 flex-1">
                    <span className="flex gap-2">
                      <span className="min-w-0 flex-1 truncate font-medium">{c.contact_name}</span>
                      <span className="text-xs text-ink-muted tabular-nums">{ago(c.opened_at, now)}</span>
                    </span>
                    <span className="truncate text-xs text-ink-muted">{c.last_text}</span>
                  </span>
                </label>
              ))}
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}

function Result({ result }: { result: TestResult }) {
  const { builder, vocabulary, names } = useBuilder();
  const definition = useDefinition();
  const { label, tone } = ends[result.ends];
  const begun = Date.parse(result.path[0]?.at ?? "");
  return (
    <section aria-label={t("Result of the test")} aria-live="polite" className="mt-4 grid gap-3 border-t border-line pt-4">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <Badge tone={tone}>{label}</Badge>
        {result.reason}
      </p>
      <ol aria-label={t("Path")} className="grid">
        {result.path.map((line, n) => {
          const step = stepOf(definition, line.step);
          const before = result.path[n - 1];
          const passed = before ? Math.round((Date.parse(line.at) - Date.parse(before.at)) / 1000) : 0;
          const title = step ? titleOf(vocabulary, step) : line.step === TRIGGER ? t("Trigger") : line.step;
          return (
            <li key={n}>
              {passed > 0 ? <p className="py-1 ps-6 text-2xs text-ink-faint">{t("{{duration}} later", { duration: durationText(passed) })}</p> : null}
              <button
                type="button"
                onClick={() => {
                  builder.draft.select([line.step]);
                }}
                className="flex w-full items-start gap-2 rounded-md px-1 py-1 text-start text-sm hover:bg-hover"
              >
                <span className={cn("mt-1 size-2.5 shrink-0 rounded-full border-2", line.outcome === "error" ? "border-danger" : "border-accent")} />
                <span className="min-w-0">
                  <span className="font-medium">{title}</span>
                  {line.outcome && line.outcome !== "done" && line.outcome !== "next" ? <span className="text-ink-muted"> · {outcomeText(step ? kindOf(vocabulary, step) : undefined, line.outcome)}</span> : null}
                  {line.detail ? <span className="block text-xs break-words text-ink-muted">{line.detail}</span> : null}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {result.actions.length > 0 ? (
        <div>
          <h3 className="mb-1 text-sm font-medium">{t("Would have been done")}</h3>
          <ul className="grid gap-1 text-sm">
            {result.actions.map((action, n) => {
              const made = { id: action.step, kind: action.kind, with: action.with };
              return (
                <li key={n} className="break-words">
                  {kindOf(vocabulary, made)?.label ?? action.kind}
                  <span className="text-ink-muted"> {summaryOf(vocabulary, made, names)}</span>
                </li>
              );
            })}
          </ul>
        </div>
      ) : null}
      {Number.isNaN(begun) && result.ends === "not_started" ? <p className="text-sm text-ink-muted">{t("No step was reached.")}</p> : null}
    </section>
  );
}
