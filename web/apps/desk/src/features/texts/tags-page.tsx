import { useQuery } from "@tanstack/react-query";
import { ArrowRightLeft } from "lucide-react";
import { useState } from "react";
import type { CatalogueTag, Retagging } from "@rapport/core/api/texts";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Field, Input } from "@rapport/ui/field";
import { Spinner } from "@rapport/ui/marks";
import { MenuItem } from "@rapport/ui/menu";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { ColorField, colors } from "@/lib/color-field";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { LoadError } from "@/lib/page";
import { queries } from "@/lib/queries";
import { TagName } from "@/lib/tag-name";
import { Shelf } from "./shelf";

/** Between two looks at how far a renaming came. */
const LOOK_AGAIN = 1_000;

/** The catalogue of tags: colours, what they mean, renaming and merging (S3-85). */
export function TagsPage() {
  const { api, client } = useBackend();
  const tags = useQuery({
    ...queries.tags(api),
    refetchInterval: ({ state }) => (state.data?.renaming.some((one) => !one.finished_at) ? LOOK_AGAIN : false),
  });
  const [renamed, setRenamed] = useState<CatalogueTag>();
  return (
    <>
      <Shelf<CatalogueTag>
        title={t("Tags")}
        lead={t("Tags that agents are offered first, with their colours. Whether they may make up others is a setting of the account.")}
        what={t("the tags")}
        query={{ data: tags.data?.items, error: tags.error, refetch: tags.refetch }}
        nameOf={(one) => one.name}
        idOf={(one) => one.name}
        add={t("New tag")}
        empty={t("The catalogue is empty")}
        why={t("Agents make up tags as they need them. Add those that everybody should spell alike.")}
        goes={t("It leaves the catalogue. Conversations that have it keep it, without its colour.")}
        remove={(one) => api.tags.remove(one.name)}
        columns={[
          { title: t("Name"), cell: (one) => <TagName name={one.name} color={one.color} /> },
          { title: t("Description"), cell: (one) => one.description ?? "" },
        ]}
        extra={(one) => (
          <MenuItem
            onSelect={() => {
              setRenamed(one);
            }}
          >
            <ArrowRightLeft aria-hidden />
            {t("Rename or merge")}
          </MenuItem>
        )}
        dialog={(one, done, close) => <TagDialog tag={one} onSaved={done} onClose={close} />}
      >
        <Renamings list={tags.data?.renaming ?? []} />
      </Shelf>
      {renamed ? (
        <RenameDialog
          tag={renamed}
          others={tags.data?.items ?? []}
          onClose={() => {
            setRenamed(undefined);
          }}
          onDone={(to) => {
            setRenamed(undefined);
            void client.invalidateQueries({ queryKey: keys.texts });
            toast(t("{{from}} becomes {{to}}", { from: renamed.name, to }));
          }}
        />
      ) : null}
    </>
  );
}

/** How far renamings are, and how many conversations they changed. */
function Renamings({ list }: { list: Retagging[] }) {
  if (list.length === 0) return null;
  return (
    <section aria-label={t("Renamings")} aria-live="polite" className="rounded-lg border border-line bg-surface px-4 py-3">
      <h2 className="text-sm font-medium">{t("Latest renamings")}</h2>
      <ul className="mt-1.5 grid gap-1 text-sm text-ink-muted">
        {list.slice(0, 5).map((one) => (
          <li key={one.id} className="flex items-center gap-2">
            {one.finished_at ? null : <Spinner label={t("Under way")} />}
            <span>
              {one.finished_at
                ? t("{{from}} became {{to}} in {{count}} conversations", { from: one.from, to: one.to, count: one.changed })
                : t("{{from}} becomes {{to}}: {{count}} conversations so far", { from: one.from, to: one.to, count: one.changed })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function TagDialog({ tag, onSaved, onClose }: { tag: CatalogueTag | undefined; onSaved: (text: string) => void; onClose: () => void }) {
  const { api } = useBackend();
  const [name, setName] = useState(tag?.name ?? "");
  const [color, setColor] = useState(tag?.color || (colors[2]?.value ?? "#2563eb"));
  const [description, setDescription] = useState(tag?.description ?? "");
  const form = useSubmission(["name", "color", "description"], async () => {
    const saved = await api.tags.save(name.trim(), { color, description });
    onSaved(t("{{name}} saved", { name: saved.name }));
  });
  return (
    <FormDialog form={form} title={tag ? t("Edit {{name}}", { name: tag.name }) : t("New tag")} submit={t("Save")} blocked={name.trim() === ""} onClose={onClose}>
      {tag ? null : (
        <Field label={t("Name")} error={form.of("name")}>
          <Input
            required
            autoFocus
            maxLength={40}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
        </Field>
      )}
      <ColorField value={color} error={form.of("color")} onChange={setColor} />
      <Field label={t("Description")} help={t("When to use it.")} error={form.of("description")}>
        <Input
          maxLength={200}
          value={description}
          onChange={(event) => {
            setDescription(event.target.value);
          }}
        />
      </Field>
      <p className="rounded-md border border-line bg-canvas px-3 py-2.5 text-sm">
        <TagName name={name.trim() || t("New tag")} color={color} className="max-w-full font-medium" />
      </p>
    </FormDialog>
  );
}

function RenameDialog({ tag, others, onClose, onDone }: { tag: CatalogueTag; others: CatalogueTag[]; onClose: () => void; onDone: (to: string) => void }) {
  const { api } = useBackend();
  const [to, setTo] = useState(tag.name);
  const wanted = to.trim();
  const other = others.find((one) => one.name.toLowerCase() === wanted.toLowerCase() && one.name !== tag.name);
  const form = useSubmission(["to", "from"], async () => {
    onDone((await api.tags.rename(tag.name, wanted)).to);
  });
  return (
    <FormDialog
      form={form}
      size="sm"
      title={t("Rename {{name}}", { name: tag.name })}
      submit={other ? t("Merge into {{name}}", { name: other.name }) : t("Rename")}
      blocked={wanted === "" || wanted === tag.name}
      onClose={onClose}
    >
      <Field label={t("New name")} help={t("In the catalogue, in macros, in saved views and in all conversations. The name of another tag merges the two.")} error={form.of("to")}>
        <Input
          required
          autoFocus
          maxLength={40}
          value={to}
          onChange={(event) => {
            setTo(event.target.value);
          }}
        />
      </Field>
      {other ? (
        <p role="status" className="rounded-md bg-warning-soft px-3 py-2 text-sm">
          {t("{{from}} and {{to}} become one. This cannot be taken back: afterwards nobody knows which conversation had which.", { from: tag.name, to: other.name })}
        </p>
      ) : null}
      <Use name={tag.name} />
    </FormDialog>
  );
}

/** What a renaming changes, and what it leaves as it is. */
function Use({ name }: { name: string }) {
  const { api } = useBackend();
  const use = useQuery({ queryKey: keys.tagUse(name), queryFn: () => api.tags.use(name), staleTime: 0, gcTime: 0 });
  if (use.error) return <LoadError error={use.error} what={t("where the tag is used")} retry={() => void use.refetch()} />;
  if (!use.data) return <Spinner label={t("Looking where the tag is used")} />;
  const { conversations, macros, views, workflows } = use.data;
  return (
    <div className="grid gap-1 text-sm">
      <p>{t("Used in conversations: {{conversations}}, macros: {{macros}}, saved views: {{views}}.", { conversations, macros, views })}</p>
      {workflows.length > 0 ? <p>{t("These workflows keep the old name until they are changed: {{names}}.", { names: workflows.map((one) => one.name).join(", ") })}</p> : null}
    </div>
  );
}
