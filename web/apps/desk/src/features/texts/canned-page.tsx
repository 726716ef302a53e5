import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Canned, CannedView } from "@rapport/core/api/texts";
import { keys } from "@rapport/core/apply";
import { supervises } from "@rapport/core/permission";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Checkbox, Field, Input, Textarea, Toggle } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { useMe } from "@/lib/me";
import { queries } from "@/lib/queries";
import { ImportCanned } from "./import-canned";
import { QueuesField, useQueueNames } from "@/lib/queues-field";
import { Shelf } from "./shelf";

const variables = "{{customer.name}}, {{customer.first_name}}, {{agent.name}}, {{queue.name}}, {{conversation.topic}}, {{customer.fields.…}}";

/** Stock text: shared by supervisors, and everybody's own (S3-44, S3-45). */
export function CannedPage() {
  const { api, client } = useBackend();
  const me = useMe();
  const canned = useQuery(queries.canned(api));
  const namesOf = useQueueNames();
  const shares = supervises(me.role);
  const [importing, setImporting] = useState(false);
  return (
    <>
    <Shelf<CannedView>
      title={t("Canned responses")}
      lead={t("Stock text for replies: type / and a few letters of it in the composer. Known names are filled in, other fields in double braces are left for the agent.")}
      what={t("the canned responses")}
      query={canned}
      nameOf={(one) => one.title}
      idOf={(one) => one.id}
      add={t("New canned response")}
      empty={t("There are no canned responses yet")}
      mayEdit={(one) => shares || one.owner_id === me.agent.id}
      remove={(one) => api.canned.remove(one.id)}
      actions={
        shares ? (
          <>
            <Button
              onClick={() => {
                setImporting(true);
              }}
            >
              {t("Import CSV")}
            </Button>
            <Button asChild>
              <a href={api.canned.exportPath} download>
                {t("Export CSV")}
              </a>
            </Button>
          </>
        ) : null
      }
      columns={[
        { title: t("Title"), cell: (one) => one.title },
        { title: t("Short code"), cell: (one) => `/${one.shortcut}` },
        { title: t("Folder"), cell: (one) => one.folder ?? "" },
        { title: t("For"), cell: (one) => (one.owner_id ? t("Only me") : namesOf(one.queues)) },
        { title: t("Used"), cell: (one) => one.used },
      ]}
      dialog={(one, done, close) => <CannedDialog canned={one} shares={shares} onSaved={done} onClose={close} />}
    />
    {importing ? (
      <ImportCanned
        onClose={() => {
          setImporting(false);
        }}
        onDone={(text) => {
          setImporting(false);
          void client.invalidateQueries({ queryKey: keys.texts });
          toast(text);
        }}
      />
    ) : null}
    </>
  );
}

function CannedDialog({ canned, shares, onSaved, onClose }: { canned: Canned | undefined; shares: boolean; onSaved: (text: string) => void; onClose: () => void }) {
  const { api } = useBackend();
  const [draft, setDraft] = useState({
    shortcut: canned?.shortcut ?? "",
    title: canned?.title ?? "",
    body: canned?.body ?? "",
    folder: canned?.folder ?? "",
    queues: canned?.queues ?? [],
    own: canned ? canned.owner_id !== undefined : !shares,
  });
  const [variants, setVariants] = useState(Object.entries(canned?.variants ?? {}));
  const set = (change: Partial<typeof draft>) => {
    setDraft({ ...draft, ...change });
  };
  const form = useSubmission(["shortcut", "title", "body", "folder"], async () => {
    const { own, ...rest } = draft;
    const body = { ...rest, queues: own ? [] : rest.queues, variants: Object.fromEntries(variants.filter(([language]) => language.trim() !== "")) };
    const saved = canned ? await api.canned.change(canned.id, body) : await api.canned.create({ ...body, own });
    onSaved(t("{{name}} saved", { name: saved.title }));
  });
  return (
    <FormDialog form={form} size="lg" title={canned ? t("Edit {{name}}", { name: canned.title }) : t("New canned response")} submit={t("Save")} onClose={onClose}>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t("Short code")} help={t("Typed after the slash.")} error={form.of("shortcut")}>
          <Input required autoFocus maxLength={41} value={draft.shortcut} onChange={(event) => { set({ shortcut: event.target.value }); }} />
        </Field>
        <Field label={t("Title")} error={form.of("title")}>
          <Input required maxLength={120} value={draft.title} onChange={(event) => { set({ title: event.target.value }); }} />
        </Field>
        <Field label={t("Folder")} error={form.of("folder")}>
          <Input maxLength={60} value={draft.folder} onChange={(event) => { set({ folder: event.target.value }); }} />
        </Field>
      </div>
      <Field
        label={t("Text")}
        help={[t("Filled in:"), variables].join(" ")}
        error={form.of("body")}
      >
        <Textarea required className="min-h-32" value={draft.body} onChange={(event) => { set({ body: event.target.value }); }} />
      </Field>
      {variants.map(([language, text], n) => (
        <div key={n} className="grid gap-2 sm:grid-cols-[8rem_minmax(0,1fr)]">
          <Field label={t("Language")} help={t("Such as de or pt-br; empty takes it away.")}>
            <Input maxLength={12} value={language} onChange={(event) => { setVariants(variants.map((one, at) => (at === n ? [event.target.value, one[1]] : one))); }} />
          </Field>
          <Field label={t("Text in this language")} error={form.of(`variants.${language}`)}>
            <Textarea value={text} onChange={(event) => { setVariants(variants.map((one, at) => (at === n ? [one[0], event.target.value] : one))); }} />
          </Field>
        </div>
      ))}
      <Button className="justify-self-start" onClick={() => { setVariants([...variants, ["", ""]]); }}>
        {t("Add a language")}
      </Button>
      {shares && !canned ? (
        <Toggle label={t("Only for me")}>
          <Checkbox checked={draft.own} onCheckedChange={(on) => { set({ own: on === true }); }} />
        </Toggle>
      ) : null}
      {draft.own ? null : <QueuesField legend={t("Visible to")} help={t("Members of the chosen queues; without a choice everybody.")} value={draft.queues} onChange={(queues) => { set({ queues }); }} />}
    </FormDialog>
  );
}
