import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ordered } from "@rapport/core/workflow/edit";
import type { Template, Workflow, WorkflowLine } from "@rapport/core/workflow/types";
import { kindOf, stepSentence, triggerText } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Field, Input } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { Loaded, RowsLoading } from "@/lib/page";
import { queries } from "@/lib/queries";
import { namesOf, usePeople } from "./names";
import { StepIcon } from "./step-node";

/** A new workflow: from nothing, or from a template that one sees before. */
export function NewDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (workflow: Workflow) => void }) {
  const { api } = useBackend();
  const templates = useQuery(queries.workflowTemplates(api));
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState("");
  const form = useSubmission(["name"], async () => {
    onCreated(await api.workflows.create({ name: name.trim(), ...(chosen ? { template: chosen } : {}) }));
  });
  return (
    <FormDialog form={form} title={t("New workflow")} submit={t("Create workflow")} size="lg" blocked={name.trim() === ""} onClose={onClose}>
      <Field label={t("Name")} error={form.of("name")}>
        <Input
          autoFocus
          required
          maxLength={80}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </Field>
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium">{t("Start from")}</legend>
        <Loaded query={templates} what={t("the templates")} loading={<RowsLoading rows={4} />}>
          {({ items }) => {
            const template = items.find((one) => one.id === chosen);
            return (
              <div className="grid gap-3 sm:grid-cols-2">
                <div className="grid content-start gap-1.5">
                  {[{ id: "", name: t("An empty canvas"), help: t("Choose the trigger and add steps yourself.") }, ...items].map((one) => (
                    <label
                      key={one.id}
                      className={cn(
                        "flex cursor-pointer items-start gap-2.5 rounded-md border px-3 py-2",
                        chosen === one.id ? "border-accent bg-selected" : "border-line hover:border-control",
                      )}
                    >
                      <input
                        type="radio"
                        name="template"
                        className="mt-1 accent-accent"
                        checked={chosen === one.id}
                        onChange={() => {
                          setChosen(one.id);
                          if (one.id && (name === "" || items.some((other) => other.name === name))) setName(one.name);
                        }}
                      />
                      <span className="grid">
                        <span className="text-sm font-medium">{one.name}</span>
                        <span className="text-xs text-ink-muted">{one.help}</span>
                      </span>
                    </label>
                  ))}
                </div>
                <Preview template={template} />
              </div>
            );
          }}
        </Loaded>
      </fieldset>
    </FormDialog>
  );
}

function Preview({ template }: { template: Template | undefined }) {
  const { api } = useBackend();
  const vocabulary = useQuery(queries.vocabulary(api)).data;
  const people = usePeople();
  if (!template || !vocabulary) {
    return (
      <div className="hidden items-center justify-center rounded-md border border-dashed border-line-strong p-6 text-center text-sm text-ink-muted sm:flex">
        {template ? "" : t("You start with nothing but a trigger.")}
      </div>
    );
  }
  const { definition } = template;
  const names = namesOf(people, vocabulary, definition);
  return (
    <section aria-label={t("Steps of {{name}}", { name: template.name })} className="rounded-md border border-line bg-canvas p-3">
      <ol className="grid gap-2.5">
        <li className="flex items-start gap-2.5 text-sm">
          <StepIcon kind={definition.trigger.kind} group="trigger" className="size-6 [&_svg]:size-3.5" />
          <span className="pt-0.5">{triggerText(vocabulary, definition.trigger, names)}</span>
        </li>
        {ordered(definition).map(({ step }) => (
          <li key={step.id} className="flex items-start gap-2.5 text-sm">
            <StepIcon kind={step.kind} group={kindOf(vocabulary, step)?.group ?? ""} className="size-6 [&_svg]:size-3.5" />
            <span className="min-w-0 pt-0.5 break-words">{stepSentence(vocabulary, step, names)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function RenameDialog({ workflow, onClose, onSaved }: { workflow: WorkflowLine; onClose: () => void; onSaved: (name: string) => void }) {
  const { api } = useBackend();
  const [name, setName] = useState(workflow.name);
  const form = useSubmission(["name"], async () => {
    const saved = await api.workflows.change(workflow.id, { name: name.trim() });
    onSaved(saved.name);
  });
  return (
    <FormDialog form={form} title={t("Rename workflow")} submit={t("Rename")} size="sm" onClose={onClose}>
      <Field label={t("Name")} error={form.of("name")}>
        <Input
          autoFocus
          required
          maxLength={80}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </Field>
    </FormDialog>
  );
}
