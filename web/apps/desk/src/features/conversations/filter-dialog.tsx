import { type ReactNode, useId, useState } from "react";
import type { ListFilter, Priority, Standing, View } from "@rapport/core/api/types";
import { priorityNames } from "@rapport/core/format";
import { tidyFilter } from "@rapport/core/lists";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Checkbox, Field, Input, Select } from "@rapport/ui/field";
import { useEntered } from "@/lib/entered";
import { TagField } from "@/lib/tag-field";
import { allPriorities, type FilterNames, ratingNames, standingNames, standingsOf, waitChoices, waitName } from "./filter-words";

/** Narrows the list. Values of one group are alternatives. */
export function FilterDialog({ view, filter, names, onChange, onClose }: { view: View; filter: ListFilter | undefined; names: FilterNames; onChange: (filter: ListFilter | undefined) => void; onClose: () => void }) {
  const [draft, setDraft] = useState<ListFilter>(filter ?? {});
  const form = useId();
  const { leave, closedBy, watch, question } = useEntered(onClose, t("The list stays as it is."));
  const apply = (next: ListFilter) => {
    onChange(tidyFilter(next));
    onClose();
  };
  const checks = (member: "queues" | "inboxes" | "channels" | "assignees" | "statuses" | "priorities" | "dispositions" | "ratings", options: { id: string; name: string }[]) => (
    <Checks
      options={options}
      held={draft[member] ?? []}
      onChange={(values) => {
        setDraft({ ...draft, [member]: values });
      }}
    />
  );
  return (
    <>
      <Dialog
        open
        onOpenChange={leave}
        closedBy={closedBy}
        title={t("Filter this list")}
        size="lg"
        footer={
          <>
            <Button
              onClick={() => {
                apply({});
              }}
            >
              {t("Clear all")}
            </Button>
            <Button type="submit" form={form} variant="primary">
              {t("Show")}
            </Button>
          </>
        }
      >
        <form
          id={form}
          className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3"
          onSubmit={(event) => {
            event.preventDefault();
            apply(draft);
          }}
          {...watch}
        >
          <Part title={t("Status")}>{checks("statuses", standingsOf(view).map((id: Standing) => ({ id, name: standingNames[id] })))}</Part>
          <Part title={t("Priority")}>{checks("priorities", allPriorities.map((id: Priority) => ({ id, name: priorityNames[id] })))}</Part>
          {view === "mine" || view === "unassigned" || view === "chatbots" ? null : (
            <Part title={t("Assignee")}>{checks("assignees", [{ id: "me", name: t("Me") }, { id: "none", name: t("Nobody") }, ...names.agents])}</Part>
          )}
          <Part title={t("Queue")}>{checks("queues", names.queues)}</Part>
          <Part title={t("Channel")}>{checks("channels", names.channels)}</Part>
          <Part title={t("Inbox")}>{checks("inboxes", names.inboxes)}</Part>
          {names.dispositions.length > 0 ? <Part title={t("Disposition")}>{checks("dispositions", names.dispositions)}</Part> : null}
          <Part title={t("Survey")}>
            {checks("ratings", Object.entries(ratingNames).map(([id, name]) => ({ id, name })))}
            <label className="flex min-h-7 items-center gap-2 text-sm">
              <Checkbox
                checked={draft.commented ?? false}
                onCheckedChange={(on) => {
                  setDraft({ ...draft, commented: on === true });
                }}
              />
              {t("With a comment")}
            </label>
          </Part>
          <div className="grid content-start gap-3">
            <Part title={t("Tags")}>
              <p className="pb-1.5 text-xs text-ink-muted">{t("One of them is enough.")}</p>
              <TagField
                tags={draft.tags ?? []}
                any
                below
                onChange={(tags) => {
                  setDraft({ ...draft, tags });
                }}
              />
            </Part>
            <Field label={t("Waiting time")}>
              <Select
                value={draft.waits_minutes ?? 0}
                onChange={(event) => {
                  setDraft({ ...draft, waits_minutes: Number(event.target.value) });
                }}
              >
                <option value={0}>{t("Any")}</option>
                {waitChoices.map((minutes) => (
                  <option key={minutes} value={minutes}>
                    {t("{{time}} or longer", { time: waitName(minutes) })}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={t("Topic contains")}>
              <Input
                value={draft.topic ?? ""}
                maxLength={200}
                onChange={(event) => {
                  setDraft({ ...draft, topic: event.target.value });
                }}
              />
            </Field>
          </div>
        </form>
      </Dialog>
      {question}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="pb-1 text-sm font-medium">{title}</legend>
      {children}
    </fieldset>
  );
}

function Checks({ options, held, onChange }: { options: { id: string; name: string }[]; held: readonly string[]; onChange: (values: string[]) => void }) {
  const base = useId();
  return (
    <ul className="max-h-52 overflow-y-auto">
      {options.map(({ id, name }) => (
        <li key={id} className="flex min-h-7 items-center gap-2 text-sm">
          <Checkbox
            id={`${base}-${id}`}
            checked={held.includes(id)}
            onCheckedChange={(on) => {
              onChange(on === true ? [...held, id] : held.filter((one) => one !== id));
            }}
          />
          <label htmlFor={`${base}-${id}`} className="min-w-0 flex-1 truncate">
            {name}
          </label>
        </li>
      ))}
    </ul>
  );
}
