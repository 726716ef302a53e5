import { Trash2, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { connect, disconnect, ON_ERROR, outputsOf, setTitle, setTrigger, setValue, stepOf, targetOf, TRIGGER } from "@rapport/core/workflow/edit";
import type { Definition, FlowProblem, Step } from "@rapport/core/workflow/types";
import { applies, kindOf, titleOf } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input, Select, Switch, Toggle } from "@rapport/ui/field";
import { ConditionEditor } from "./condition-editor";
import { useBuilder, useDefinition, useDraftState } from "./context";
import { FlowFieldControl, Wrong } from "./fields";
import { StepIcon } from "./step-node";

/** The sentence of the server that belongs to a field of a step. */
function errorOf(problems: FlowProblem[], field: string): string | undefined {
  return problems.find((problem) => problem.field?.replace(/^with\./, "").split(/[.[]/)[0] === field)?.message;
}

/** The frame of whatever is open beside the canvas. */
export function SidePanel({ title, icon, children, actions, onClose }: { title: string; icon?: ReactNode; children: ReactNode; actions?: ReactNode; onClose: () => void }) {
  const { builder } = useBuilder();
  return (
    <aside
      aria-label={title}
      data-panel
      onKeyDown={(event) => {
        // Leads back to the canvas, also out of a field.
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        builder.draft.store.set({ focus: builder.draft.store.get().focus + 1 });
      }}
      className="flex w-86 shrink-0 flex-col border-s border-line bg-surface max-lg:absolute max-lg:inset-y-0 max-lg:end-0 max-lg:z-30 max-lg:shadow-pop max-sm:w-full"
    >
      <header className="flex min-h-12 shrink-0 items-center gap-2.5 border-b border-line px-3.5 py-2">
        {icon}
        <h2 className="min-w-0 flex-1 truncate text-md font-semibold">{title}</h2>
        {actions}
        <Button variant="ghost" size="icon-sm" aria-label={t("Close panel")} onClick={onClose}>
          <X />
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-3.5 py-3.5">{children}</div>
    </aside>
  );
}

/** The panel of the selected step or the trigger, made from the vocabulary. */
export function StepPanel() {
  const { builder, vocabulary } = useBuilder();
  const definition = useDefinition();
  const id = useDraftState((state) => (state.selected.length === 1 ? state.selected[0] : undefined));
  const asked = useDraftState((state) => state.panelFocus);
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked > 0) content.current?.querySelector<HTMLElement>("input:not([data-title]), select, textarea, button[role=switch]")?.focus();
  }, [asked]);
  const close = () => {
    builder.draft.show(undefined);
  };
  if (id === undefined) {
    return (
      <SidePanel title={t("Several steps")} onClose={close}>
        <p className="text-sm text-ink-muted">{t("Select one step to change it. Several can be moved, copied, duplicated and removed together.")}</p>
      </SidePanel>
    );
  }
  const step = stepOf(definition, id);
  const trigger = vocabulary.triggers.find((one) => one.kind === definition.trigger.kind);
  const kind = step ? kindOf(vocabulary, step) : undefined;
  return (
    <SidePanel
      title={step ? titleOf(vocabulary, step) : t("Trigger")}
      icon={step ? <StepIcon kind={step.kind} group={kind?.group ?? ""} /> : <StepIcon kind={trigger?.kind ?? ""} group="trigger" />}
      actions={
        step ? (
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={t("Remove this step")}
            onClick={() => {
              builder.removeSelected();
            }}
          >
            <Trash2 />
          </Button>
        ) : undefined
      }
      onClose={close}
    >
      <div ref={content} key={id} className="grid gap-4">
        {step ? <StepForm step={step} /> : <TriggerForm />}
      </div>
    </SidePanel>
  );
}

function useEdit(): (change: (definition: Definition) => Definition, about: string) => void {
  const { builder } = useBuilder();
  return (change, about) => {
    builder.draft.edit(change(builder.draft.definition), about);
  };
}

function General({ problems, fields }: { problems: FlowProblem[]; fields: string[] }) {
  const rest = problems.filter((problem) => !problem.field || !fields.includes(problem.field.replace(/^with\./, "").split(/[.[]/)[0] ?? ""));
  if (rest.length === 0) return null;
  return (
    <div className="grid gap-1 rounded-md bg-danger-soft px-3 py-2">
      {rest.map((problem) => (
        <p key={problem.message} role="alert" className="text-sm">
          {problem.message}
        </p>
      ))}
    </div>
  );
}

function TriggerForm() {
  const { vocabulary } = useBuilder();
  const { trigger, limits } = useDefinition();
  const problems = useDraftState((state) => state.problems).filter((problem) => problem.step === TRIGGER);
  const edit = useEdit();
  const kind = vocabulary.triggers.find((one) => one.kind === trigger.kind);
  const fields = (kind?.fields ?? []).filter((field) => applies(field, trigger.with));
  return (
    <>
      <General problems={problems} fields={["kind", "when", "limits", ...fields.map((field) => field.name)]} />
      <Field label={t("Starts when")} help={kind?.help} error={errorOf(problems, "kind")}>
        <Select
          value={trigger.kind}
          onChange={(event) => {
            const next = vocabulary.triggers.find((one) => one.kind === event.target.value);
            const values = Object.fromEntries((next?.fields ?? []).flatMap((field) => (field.default === undefined || field.default === null ? [] : [[field.name, field.default]])));
            edit((definition) => setTrigger(definition, { ...definition.trigger, kind: event.target.value, with: values }), "");
          }}
        >
          {kind ? null : <option value={trigger.kind}>{t("Choose")}</option>}
          {vocabulary.triggers.map((one) => (
            <option key={one.kind} value={one.kind}>
              {one.label}
            </option>
          ))}
        </Select>
      </Field>
      {fields.map((field) => (
        <FlowFieldControl
          key={`${trigger.kind} ${field.name}`}
          field={field}
          value={trigger.with?.[field.name]}
          error={errorOf(problems, field.name)}
          onChange={(value) => {
            edit((definition) => setValue(definition, TRIGGER, field.name, value), `trigger ${field.name}`);
          }}
        />
      ))}
      <fieldset className="grid gap-2 border-t border-line pt-4">
        <legend className="sr-only">{t("Only if")}</legend>
        <Toggle label={t("Only if a condition holds")} help={t("Otherwise nothing starts.")}>
          <Switch
            checked={trigger.when !== undefined}
            onCheckedChange={(on) => {
              edit((definition) => {
                const { when: _old, ...rest } = definition.trigger;
                return setTrigger(definition, on ? { ...rest, when: { all: [] } } : rest);
              }, "");
            }}
          />
        </Toggle>
        {trigger.when ? (
          <ConditionEditor
            value={trigger.when}
            onChange={(when) => {
              edit((definition) => setTrigger(definition, { ...definition.trigger, when }), "trigger when");
            }}
          />
        ) : null}
        {errorOf(problems, "when") ? <Wrong>{errorOf(problems, "when") ?? ""}</Wrong> : null}
      </fieldset>
      <details className="border-t border-line pt-3">
        <summary className="cursor-pointer text-sm font-medium">{t("Limits")}</summary>
        <div className="mt-3 grid grid-cols-2 gap-3">
          {(
            [
              ["max_steps", t("Steps per run"), "500"],
              ["per_hour", t("Runs per hour"), "1000"],
            ] as const
          ).map(([name, label, usual]) => (
            <Field key={name} label={label} error={errorOf(problems, name)}>
              <Input
                type="number"
                min={1}
                placeholder={usual}
                value={limits?.[name] ?? ""}
                onChange={(event) => {
                  const value = event.target.value === "" ? undefined : Math.round(event.target.valueAsNumber);
                  edit((definition) => {
                    const { [name]: _old, ...rest } = definition.limits ?? {};
                    return { ...definition, limits: value === undefined ? rest : { ...rest, [name]: value } };
                  }, name);
                }}
              />
            </Field>
          ))}
        </div>
        <p className="mt-2 text-xs text-ink-muted">{t("A run that goes beyond is stopped, and its log says why.")}</p>
      </details>
      <Ways id={TRIGGER} outputs={[{ name: "start", label: t("First step") }]} />
    </>
  );
}

function StepForm({ step }: { step: Step }) {
  const { vocabulary } = useBuilder();
  const problems = useDraftState((state) => state.problems).filter((problem) => problem.step === step.id);
  const edit = useEdit();
  const kind = kindOf(vocabulary, step);
  const fields = (kind?.fields ?? []).filter((field) => applies(field, step.with, kind?.fields));
  return (
    <>
      <General problems={problems} fields={fields.map((field) => field.name)} />
      {kind?.help ? <p className="text-sm text-ink-muted">{kind.help}</p> : null}
      {fields.map((field) => (
        <FlowFieldControl
          key={field.name}
          field={field}
          value={step.with?.[field.name]}
          error={errorOf(problems, field.name)}
          onChange={(value) => {
            edit((definition) => setValue(definition, step.id, field.name, value), `${step.id} ${field.name}`);
          }}
        />
      ))}
      <Ways id={step.id} outputs={outputsOf(vocabulary, step).filter((output) => output.name !== ON_ERROR)} errors={kind?.errors ?? true} />
      <div className="grid gap-1 border-t border-line pt-4">
        <Field label={t("Name on the canvas")} help={<>{t("In logs and expressions it is")} <code>{step.id}</code>.</>}>
          <Input
            data-title
            placeholder={kind?.label}
            maxLength={80}
            value={step.title ?? ""}
            onChange={(event) => {
              edit((definition) => setTitle(definition, step.id, event.target.value), `${step.id} title`);
            }}
          />
        </Field>
      </div>
    </>
  );
}

/** Where each way out leads, as lists to choose from: the arrows for those who do not drag. */
function Ways({ id, outputs, errors = false }: { id: string; outputs: { name: string; label: string }[]; errors?: boolean }) {
  const { builder, vocabulary } = useBuilder();
  const definition = useDefinition();
  const edit = useEdit();
  const others = definition.steps.filter((step) => step.id !== id);
  const lines = [...outputs, ...(errors ? [{ name: ON_ERROR, label: t("If this step fails") }] : [])];
  if (lines.length === 0) return <p className="border-t border-line pt-4 text-sm text-ink-muted">{t("The run ends here.")}</p>;
  return (
    <fieldset className="grid gap-2 border-t border-line pt-4">
      <legend className="sr-only">{t("What follows")}</legend>
      {lines.map((output) => (
        <Field key={output.name} label={output.name === "next" ? t("Then") : output.label}>
          <Select
            value={targetOf(definition, id, output.name)}
            onChange={(event) => {
              const to = event.target.value;
              if (to === NEW) builder.choose({ from: id, output: output.name });
              else edit((held) => (to ? connect(held, { from: id, output: output.name, to }) : disconnect(held, id, output.name)), "");
            }}
          >
            <option value="">{id === TRIGGER ? t("Nothing yet") : output.name === ON_ERROR ? t("The run fails") : t("The run ends")}</option>
            {others.map((step) => (
              <option key={step.id} value={step.id}>
                {titleOf(vocabulary, step)}
                {others.some((other) => other !== step && titleOf(vocabulary, other) === titleOf(vocabulary, step)) ? ` (${step.id})` : ""}
              </option>
            ))}
            <option value={NEW}>{t("New step…")}</option>
          </Select>
        </Field>
      ))}
    </fieldset>
  );
}

const NEW = "+";
