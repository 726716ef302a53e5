import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Disposition } from "@rapport/core/api/texts";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Field, Input, Switch, Toggle } from "@rapport/ui/field";
import { Badge } from "@rapport/ui/marks";
import { EnabledItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { queries } from "@/lib/queries";
import { tell, tellUndoable } from "@/lib/tell";
import { QueuesField, useQueueNames } from "@/lib/queues-field";
import { Shelf } from "./shelf";

/** How conversations can end, as codes for reports. */
export function DispositionsPage() {
  const { api, client } = useBackend();
  const dispositions = useQuery(queries.dispositions(api));
  const namesOf = useQueueNames();

  async function enable(one: Disposition, enabled: boolean): Promise<void> {
    await api.dispositions.change(one.id, { enabled });
    await client.invalidateQueries({ queryKey: keys.texts });
    tellUndoable(enabled ? t("{{name}} can be chosen again", { name: one.label }) : t("{{name}} cannot be chosen any more", { name: one.label }), () => enable(one, !enabled));
  }

  return (
    <Shelf<Disposition>
      title={t("Dispositions")}
      lead={t("How a conversation ended: agents choose one from this list, and reports count them by their code. Whether one is needed before solving is a setting of the account.")}
      what={t("the dispositions")}
      query={dispositions}
      nameOf={(one) => one.label}
      idOf={(one) => one.id}
      add={t("New disposition")}
      empty={t("There are no dispositions yet")}
      why={t("Add those that your reports should tell apart, such as Refund in full.")}
      goes={t("One that conversations ended with cannot be deleted; switch it off instead.")}
      remove={(one) => api.dispositions.remove(one.id)}
      place={(one, position) => api.dispositions.change(one.id, { position })}
      columns={[
        { title: t("Label"), cell: (one) => <span className="flex items-center gap-2">{one.label} {one.enabled ? null : <Badge>{t("Off")}</Badge>}</span> },
        { title: t("Code"), cell: (one) => <code className="text-xs">{one.code}</code> },
        { title: t("For"), cell: (one) => namesOf(one.queues) },
      ]}
      extra={(one) => (
        <EnabledItem
          enabled={one.enabled}
          onChange={(enabled) => {
            enable(one, enabled).catch(tell);
          }}
        />
      )}
      dialog={(one, done, close) => <DispositionDialog disposition={one} last={dispositions.data?.at(-1)?.position ?? 0} onSaved={done} onClose={close} />}
    />
  );
}

const codeFrom = (label: string) =>
  label.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase().replace(/[^A-Z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);

function DispositionDialog({ disposition, last, onSaved, onClose }: { disposition: Disposition | undefined; last: number; onSaved: (text: string) => void; onClose: () => void }) {
  const { api } = useBackend();
  const [label, setLabel] = useState(disposition?.label ?? "");
  const [code, setCode] = useState(disposition?.code);
  const [queues, setQueues] = useState(disposition?.queues ?? []);
  const [enabled, setEnabled] = useState(disposition?.enabled ?? true);
  const form = useSubmission(["label", "code", "queues"], async () => {
    const body = { label, code: code ?? codeFrom(label), queues, enabled };
    const saved = disposition ? await api.dispositions.change(disposition.id, body) : await api.dispositions.create({ ...body, position: last + 1 });
    onSaved(t("{{name}} saved", { name: saved.label }));
  });
  return (
    <FormDialog form={form} title={disposition ? t("Edit {{name}}", { name: disposition.label }) : t("New disposition")} submit={t("Save")} onClose={onClose}>
      <Field label={t("Label")} error={form.of("label")}>
        <Input
          required
          autoFocus
          maxLength={80}
          value={label}
          onChange={(event) => {
            setLabel(event.target.value);
          }}
        />
      </Field>
      <Field label={t("Code")} help={t("For reports: letters, digits, dots, dashes and underscores.")} error={form.of("code")}>
        <Input
          required
          maxLength={40}
          value={code ?? codeFrom(label)}
          onChange={(event) => {
            setCode(event.target.value);
          }}
        />
      </Field>
      <QueuesField legend={t("Conversations of")} help={t("Only conversations of the chosen queues may end so; without a choice all.")} value={queues} onChange={setQueues} />
      <Toggle label={t("Switched on")} help={t("Off, it cannot be chosen any more; where it was chosen it stays.")}>
        <Switch checked={enabled} onCheckedChange={setEnabled} />
      </Toggle>
    </FormDialog>
  );
}
