import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { StickyAgent, StickyInput } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Switch, Textarea, Toggle } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { queries } from "@/lib/queries";

const MOST = 10;

/** Adds or changes a record: title, the customers' numbers, their agent. */
export function StickyDialog({
  record,
  onClose,
  onSaved,
}: {
  record: StickyAgent | undefined;
  onClose: () => void;
  onSaved: (record: StickyAgent) => void;
}) {
  const { api } = useBackend();
  const agents = useQuery(queries.agents(api)).data?.items ?? [];
  const [draft, setDraft] = useState<StickyInput>({
    title: record?.title ?? "",
    points: record?.points.map((point) => point.shown ?? point.address).join(", ") ?? "",
    agent_id: record?.agent_id ?? "",
    enabled: record?.enabled ?? true,
  });
  const set = (change: Partial<StickyInput>) => {
    setDraft({ ...draft, ...change });
  };
  const count = draft.points.split(",").filter((point) => point.trim()).length;
  const form = useSubmission(["title", "points", "agent_id"], async () => {
    onSaved(record ? await api.sticky.change(record.id, draft) : await api.sticky.create(draft));
  });
  const tooMany = count > MOST ? t("At most {{most}} customers fit into one record; these are {{n}}.", { most: MOST, n: count }) : undefined;
  return (
    <FormDialog
      form={form}
      title={record ? t("Edit “{{title}}”", { title: record.title }) : t("Add sticky agent")}
      submit={t("Save")}
      blocked={tooMany !== undefined}
      onClose={onClose}
    >
      <Field label={t("Title")} help={t("To recognise the record by.")} error={form.of("title")}>
        <Input
          required
          autoFocus
          value={draft.title}
          onChange={(event) => {
            set({ title: event.target.value });
          }}
        />
      </Field>
      <Field
        label={t("Customer numbers")}
        help={t("Numbers with country code or mail addresses, separated by commas. {{n}} of {{most}}.", { n: count, most: MOST })}
        error={tooMany ?? form.of("points")}
      >
        <Textarea
          required
          rows={3}
          placeholder={t("+49 30 901820, mara@example.com")}
          value={draft.points}
          onChange={(event) => {
            set({ points: event.target.value });
          }}
        />
      </Field>
      <Field label={t("Agent")} error={form.of("agent_id")}>
        <Select
          required
          value={draft.agent_id}
          onChange={(event) => {
            set({ agent_id: event.target.value });
          }}
        >
          <option value="">{t("Choose an agent")}</option>
          {agents.map((agent) => (
            <option key={agent.id} value={agent.id}>
              {agent.name}
              {agent.enabled ? "" : t(" (disabled)")}
            </option>
          ))}
        </Select>
      </Field>
      <Toggle label={t("Active")} help={t("An inactive record is kept but not used.")}>
        <Switch
          checked={draft.enabled}
          onCheckedChange={(enabled) => {
            set({ enabled });
          }}
        />
      </Toggle>
    </FormDialog>
  );
}
