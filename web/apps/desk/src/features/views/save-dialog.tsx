import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";
import type { Layout, SavedView, Sharing } from "@rapport/core/api/views";
import { keys } from "@rapport/core/apply";
import { supervises } from "@rapport/core/permission";
import { t } from "@rapport/i18n";
import { Choice } from "@rapport/ui/choice";
import { Checkbox, Field, Input, Select } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { useMe } from "@/lib/me";
import { queries } from "@/lib/queries";
import { editView, type ViewDraft } from "@/lib/view-draft";
import { searchOf } from "./saved-views";

/** Columns of the table with their names. */
export type ColumnNames = { id: string; name: string }[];

/** Keeps a list under a name, or changes a view. It opens when something has put a draft down. */
export function SaveViewDialog({ draft, columns }: { draft: ViewDraft; columns: ColumnNames }) {
  const { api, client } = useBackend();
  const me = useMe();
  const navigate = useNavigate();
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  const [name, setName] = useState(draft.name ?? "");
  const [shared, setShared] = useState<Sharing>(draft.shared ?? "");
  const [among, setAmong] = useState(draft.queues ?? []);
  const [layout, setLayout] = useState<Layout>(draft.layout);
  const [shown, setShown] = useState(draft.columns);
  const base = useId();
  const close = () => {
    editView(undefined);
  };
  const form = useSubmission(["name", "queues"], async () => {
    const { view, filter, sort } = draft;
    const body = { name, view, filter: filter ?? {}, sort: sort ?? "", columns: shown, layout, shared, queues: shared === "queues" ? among : [] } as const;
    const saved = draft.id ? await api.views.change(draft.id, body) : await api.views.create(body);
    await client.invalidateQueries({ queryKey: keys.views });
    await client.invalidateQueries({ queryKey: keys.viewCounts });
    close();
    toast(t("The view “{{name}}” was saved.", { name: saved.name }));
    void navigate({ to: "/$view", params: { view: saved.view }, search: searchOf({ ...(saved as SavedView), pinned: true, position: 0, editable: true }) });
  });
  return (
    <FormDialog
      form={form}
      title={draft.id ? t("Edit view") : t("Save as a view")}
      description={draft.id ? undefined : t("Filters, order and columns are kept; the view stands in the navigation.")}
      submit={t("Save")}
      blocked={name.trim() === ""}
      onClose={close}
    >
      <Field label={t("Name")} error={form.of("name")}>
        <Input
          autoFocus
          value={name}
          maxLength={60}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </Field>
      <Field label={t("Who sees it")} error={form.of("queues")} help={supervises(me.role) ? undefined : t("Supervisors can share views.")}>
        <Select
          value={shared}
          disabled={!supervises(me.role)}
          onChange={(event) => {
            setShared(event.target.value as Sharing);
          }}
        >
          <option value="">{t("Only me")}</option>
          <option value="queues">{t("Members of some queues")}</option>
          <option value="all">{t("Everybody")}</option>
        </Select>
      </Field>
      {shared === "queues" ? <Boxes base={`${base}-q`} label={t("Queues")} options={queues} held={among} onChange={setAmong} /> : null}
      <div className="grid justify-items-start gap-1">
        <span className="text-sm font-medium">{t("Layout")}</span>
        <Choice
          label={t("Layout")}
          value={layout}
          onChange={setLayout}
          options={[
            { value: "list", label: t("List") },
            { value: "table", label: t("Table") },
          ]}
        />
      </div>
      {layout === "table" ? <Boxes base={`${base}-c`} label={t("Columns")} options={columns} held={shown} onChange={setShown} /> : null}
    </FormDialog>
  );
}

function Boxes({ base, label, options, held, onChange }: { base: string; label: string; options: { id: string; name: string }[]; held: string[]; onChange: (held: string[]) => void }) {
  return (
    <fieldset>
      <legend className="pb-1 text-sm font-medium">{label}</legend>
      <ul className="grid max-h-48 grid-cols-2 overflow-y-auto">
        {options.map(({ id, name }) => (
          <li key={id} className="flex min-h-7 items-center gap-2 text-sm">
            <Checkbox
              id={`${base}-${id}`}
              checked={held.includes(id)}
              onCheckedChange={(on) => {
                // Columns keep the order of the choice.
                onChange(options.map((one) => one.id).filter((one) => (one === id ? on === true : held.includes(one))));
              }}
            />
            <label htmlFor={`${base}-${id}`} className="min-w-0 flex-1 truncate">
              {name}
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
