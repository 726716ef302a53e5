import { useQuery } from "@tanstack/react-query";
import { Combine, Search, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { Merge, Mergeable } from "@rapport/core/api/outbound";
import type { ConversationView, Item, Summary } from "@rapport/core/api/types";
import { dateTime, priorityNames, stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Input } from "@rapport/ui/field";
import { Badge, Empty } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { closeDialog } from "@/lib/desk-state";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { Loaded } from "@/lib/page";
import { queries } from "@/lib/queries";
import { tell } from "@/lib/tell";
import { mergeInto, undoMerge } from "./deeds";

/** Picks another conversation of the customer, shows what the two would be together, and merges them (S3-57). */
export function MergeDialog({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const list = useQuery(queries.mergeable(backend.api, c.id));
  const merges = useQuery(queries.merges(backend.api, c.id));
  const [text, setText] = useState("");
  const [from, setFrom] = useState<string>();
  const form = useSubmission([], async () => {
    if (!from) return;
    await mergeInto(backend, c.id, from);
    closeDialog();
  });
  const chosen = list.data?.items.find((one) => one.id === from);
  return (
    <FormDialog
      form={form}
      title={t("Merge with another conversation")}
      description={t("Of {{contact_name}}. Its messages come into this conversation, and it closes. Queue, topic, summary and priority stay those of this one.", { contact_name: c.contact_name })}
      submit={t("Merge")}
      blocked={!chosen?.may.ok}
      size="lg"
      onClose={closeDialog}
      className="gap-3"
    >
      {merges.data?.items.length ? <Merges id={c.id} items={merges.data.items} /> : null}
      <Loaded query={list} what={t("the conversations")}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={<Combine />} title={t("No other conversation")} className="py-6">
              {t("{{contact_name}} has no other conversation that you can see.", { contact_name: c.contact_name })}
            </Empty>
          ) : (
            <>
              <div className="relative">
                <Search aria-hidden className="absolute start-2.5 top-2 size-4 text-ink-faint" />
                <Input
                  autoFocus
                  aria-label={t("Search conversations")}
                  placeholder={t("Search conversations")}
                  className="ps-8"
                  value={text}
                  onChange={(event) => {
                    setText(event.target.value);
                  }}
                />
              </div>
              <Candidates items={items} text={text} chosen={from} onChoose={setFrom} />
            </>
          )
        }
      </Loaded>
      {chosen && !chosen.may.ok ? (
        <p role="alert" className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
          {chosen.may.why}
        </p>
      ) : null}
      {chosen?.may.ok ? <Preview id={c.id} from={chosen.id} /> : null}
    </FormDialog>
  );
}

function Merges({ id, items }: { id: string; items: readonly Merge[] }) {
  const backend = useBackend();
  return (
    <section aria-label={t("Merged into this conversation")} className="rounded-md border border-line">
      <h3 className="px-3 pt-2 text-2xs font-medium text-ink-muted">{t("Merged into this conversation")}</h3>
      <ul className="divide-y divide-line">
        {items.map((one) => (
          <li key={one.from.id} className="flex items-center gap-3 px-3 py-2 text-sm">
            <span className="min-w-0 flex-1 truncate">
              {one.from.inbox_name} · {t("by {{name}}, {{time}}", { name: one.by.name, time: dateTime(one.at) })}
            </span>
            <Button
              size="sm"
              onClick={() => {
                undoMerge(backend, id, one.from.id).then(closeDialog).catch(tell);
              }}
            >
              {t("Undo")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Candidates({ items, text, chosen, onChoose }: { items: readonly Mergeable[]; text: string; chosen: string | undefined; onChoose: (id: string) => void }) {
  const words = text.trim().toLowerCase();
  const shown = items.filter((one) => textOf(one).includes(words));
  if (shown.length === 0) return <p className="px-1 py-3 text-sm text-ink-muted">{t("No match")}</p>;
  return (
    <div role="radiogroup" aria-label={t("Conversation to merge")} className="max-h-52 overflow-y-auto rounded-md border border-line">
      {shown.map((one) => (
        <label
          key={one.id}
          className={cn("flex cursor-pointer items-start gap-2.5 px-3 py-2 text-sm has-focus-visible:bg-hover", one.id === chosen ? "bg-selected" : "hover:bg-hover")}
        >
          <input
            type="radio"
            name="from"
            className="mt-1 accent-accent"
            checked={one.id === chosen}
            onChange={() => {
              onChoose(one.id);
            }}
          />
          <span className="min-w-0 flex-1">
            <span className="flex items-center gap-2">
              <span className="truncate font-medium">{one.topic ?? one.inbox_name}</span>
              <Badge tone={one.state === "open" ? "positive" : one.state === "pending" ? "warning" : "neutral"}>{stateNames[one.state]}</Badge>
            </span>
            <span className="block truncate text-xs text-ink-muted">{one.last_text}</span>
            <span className="block truncate text-xs text-ink-muted">
              {one.inbox_name} · {one.queue_name} · {dateTime(one.last_at ?? one.opened_at)}
            </span>
          </span>
        </label>
      ))}
    </div>
  );
}

function textOf(c: Summary): string {
  return `${c.inbox_name} ${c.queue_name} ${c.topic ?? ""} ${c.last_text} ${(c.tags ?? []).join(" ")}`.toLowerCase();
}

function Preview({ id, from }: { id: string; from: string }) {
  const { api } = useBackend();
  const preview = useQuery(queries.mergePreview(api, id, from));
  return (
    <Loaded query={preview} what={t("the preview")}>
      {(v) => (
        <section aria-label={t("After the merge")} className="grid gap-3 rounded-md border border-line bg-canvas p-3 text-sm sm:grid-cols-2">
          <dl className="grid content-start gap-x-3 gap-y-1 text-xs">
            <Row name={t("Queue")}>{v.queue}</Row>
            <Row name={t("Topic")}>{v.topic || t("none")}</Row>
            <Row name={t("Summary")}>{v.summary || t("none")}</Row>
            <Row name={t("Priority")}>{priorityNames[v.priority]}</Row>
            <Row name={t("Tags")}>{v.tags.join(", ") || t("none")}</Row>
            {Object.entries(v.fields).map(([name, value]) => (
              <Row key={name} name={name}>
                {value}
              </Row>
            ))}
          </dl>
          <ol aria-label={t("Messages after the merge")} className="grid max-h-44 content-start gap-1 overflow-y-auto text-xs">
            {v.items.map((item) => (
              <PreviewLine key={`${item.conversation_id} ${String(item.seq)}`} item={item} other={item.conversation_id === from} />
            ))}
          </ol>
        </section>
      )}
    </Loaded>
  );
}

function Row({ name, children }: { name: string; children: string }) {
  return (
    <div className="flex gap-2">
      <dt className="w-20 shrink-0 text-ink-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

function PreviewLine({ item, other }: { item: Item; other: boolean }) {
  return (
    <li className={cn("rounded-sm px-2 py-1", other ? "bg-selected" : "bg-surface")}>
      <span className="text-ink-muted">
        {item.by === "customer" ? t("Customer") : (item.author_name ?? t("Agent"))} · {dateTime(item.at)}
      </span>
      <span className="block break-words">{item.body}</span>
    </li>
  );
}
