import { useQuery } from "@tanstack/react-query";
import { ArrowLeftRight } from "lucide-react";
import { useState } from "react";
import type { MergeChoice, MergePreview, Side } from "@rapport/core/api/customers";
import { keys } from "@rapport/core/apply";
import { date, pointText } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Badge } from "@rapport/ui/marks";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { Loaded } from "@/lib/page";
import { tell } from "@/lib/tell";
import { customerQueries, labelOf } from "./customer-queries";

/** Shows what merging two customers would do, lets one choose what wins, and does it. */
export function MergeDialog({ ids, onClose, onDone }: { ids: [into: string, from: string]; onClose: () => void; onDone: (survivor: string) => void }) {
  const { api, client } = useBackend();
  const [[into, from], setSides] = useState(ids);
  const [choice, setChoice] = useState<MergeChoice>({});
  const preview = useQuery(customerQueries.preview(api, into, from));
  const stuck = preview.data?.clashes.some((one) => one.why !== undefined) ?? false;
  const form = useSubmission([], async () => {
    const { merge } = await api.customers.merge(into, from, choice);
    void client.invalidateQueries({ queryKey: keys.customers });
    void client.invalidateQueries({ queryKey: keys.contacts });
    toast(t("They are one customer now."), {
      action: {
        label: t("Undo"),
        perform: () => {
          api.customers
            .undoMerge(merge.id)
            .then(() => {
              void client.invalidateQueries({ queryKey: keys.customers });
              void client.invalidateQueries({ queryKey: keys.contacts });
            })
            .catch(tell);
        },
      },
    });
    onDone(into);
  });
  return (
    <FormDialog
      form={form}
      size="lg"
      title={t("Merge two customers")}
      description={t("See what moves before anything changes. A merge can be undone.")}
      submit={t("Merge")}
      blocked={!preview.data || stuck}
      onClose={onClose}
    >
      <Loaded query={preview} what={t("the preview")}>
        {(data) => (
          <PreviewOf
            preview={data}
            choice={choice}
            onChoose={setChoice}
            onSwap={() => {
              setSides([from, into]);
              setChoice({});
            }}
          />
        )}
      </Loaded>
    </FormDialog>
  );
}

function PreviewOf({ preview: p, choice, onChoose, onSwap }: { preview: MergePreview; choice: MergeChoice; onChoose: (choice: MergeChoice) => void; onSwap: () => void }) {
  const { api } = useBackend();
  const attributes = useQuery(customerQueries.attributes(api)).data?.items ?? [];
  return (
    <div className="grid gap-4 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1">{t("{{into}} stays and takes over what {{from}} has.", { into: p.into_name, from: p.from_name })}</p>
        <Button onClick={onSwap}>
          <ArrowLeftRight aria-hidden />
          {t("The other way round")}
        </Button>
      </div>

      <section>
        <h3 className="mb-1 font-medium">{t("What moves")}</h3>
        <ul className="grid gap-0.5 text-ink-muted">
          <li>{t("{{count}} conversations", { count: p.conversations })}</li>
          <li>{p.points.length > 0 ? t("Contact points: {{points}}", { points: p.points.map(pointText).join(", ") }) : t("No contact point")}</li>
          {p.tags.length > 0 ? <li>{t("Tags of both: {{tags}}", { tags: p.tags.join(", ") })}</li> : null}
          {p.sticky.map((one) => (
            <li key={one.id}>
              {one.leads
                ? t("Sticky agent {{agent}} ({{title}}) decides for both.", { agent: one.agent_name, title: one.title })
                : t("Sticky agent {{agent}} ({{title}}) no longer decides.", { agent: one.agent_name, title: one.title })}
            </li>
          ))}
          {p.bonds[0] ? <li>{t("Last agent is {{agent}}, of {{date}}.", { agent: p.bonds[0].name, date: date(p.bonds[0].ended_at) })}</li> : null}
        </ul>
      </section>

      <section>
        <h3 className="mb-1 font-medium">{t("Which value wins")}</h3>
        <div className="grid gap-2">
          <Row
            label={t("Name")}
            field={p.name}
            wins={choice.name ?? p.name.wins}
            onChoose={(side) => {
              onChoose({ ...choice, name: side });
            }}
          />
          {p.fields.map((field) => (
            <Row
              key={field.name}
              label={labelOf(field.name, attributes)}
              field={field}
              wins={choice.fields?.[field.name] ?? field.wins}
              onChoose={(side) => {
                onChoose({ ...choice, fields: { ...choice.fields, [field.name]: side } });
              }}
            />
          ))}
        </div>
      </section>

      {p.clashes.length > 0 ? (
        <section>
          <h3 className="mb-1 font-medium">{t("One open conversation per inbox")}</h3>
          <ul className="grid gap-2">
            {p.clashes.map((clash) => (
              <ClashOf
                key={clash.inbox_id}
                clash={clash}
                stays={choice.stay?.[clash.inbox_id] ?? clash.stays}
                onChoose={(id) => {
                  onChoose({ ...choice, stay: { ...choice.stay, [clash.inbox_id]: id } });
                }}
              />
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}

/** Two conversations of which one goes on: how, and which one. */
function ClashOf({ clash, stays, onChoose }: { clash: MergePreview["clashes"][number]; stays: string; onChoose: (id: string) => void }) {
  const inbox = clash.into.inbox_name;
  if (clash.why !== undefined) {
    return (
      <li role="alert" className="text-danger">
        {clash.why}
      </li>
    );
  }
  if (!clash.merges) return <li className="text-ink-muted">{t("Both have one in {{inbox}}. The solved one is closed.", { inbox })}</li>;
  return (
    <li className="min-w-0">
      <fieldset className="grid min-w-0 gap-1">
        <legend className="mb-1 text-ink-muted">
          {t("Both have one in {{inbox}}. The two become one thread with the tags of both; queue, agent, topic, summary and priority are those of:", { inbox })}
        </legend>
        {[clash.into, clash.from].map((one) => (
          <label key={one.id} className="flex min-w-0 items-center gap-2">
            <input
              type="radio"
              name={`stay ${clash.inbox_id}`}
              checked={stays === one.id}
              onChange={() => {
                onChoose(one.id);
              }}
            />
            <span className="min-w-0 flex-1 truncate">
              {one.contact_name}: {one.last_text}
            </span>
            <Badge>{one.assignee_name ?? t("Unassigned")}</Badge>
          </label>
        ))}
      </fieldset>
    </li>
  );
}

function Row({ label, field, wins, onChoose }: { label: string; field: MergePreview["name"]; wins: Side; onChoose: (side: Side) => void }) {
  return (
    <fieldset className="grid gap-1 sm:grid-cols-[8rem_1fr_1fr] sm:items-center">
      <legend className="text-xs text-ink-muted sm:float-start sm:contents">{label}</legend>
      {(["into", "from"] as const).map((side) => (
        <label key={side} className="flex min-w-0 items-center gap-2">
          <input
            type="radio"
            checked={wins === side}
            disabled={!field.clash}
            onChange={() => {
              onChoose(side);
            }}
          />
          <span className="truncate">{field[side] ?? <span className="text-ink-faint">{t("Not set")}</span>}</span>
        </label>
      ))}
    </fieldset>
  );
}
