import { Command as Picker } from "cmdk";
import { GripVertical, Search } from "lucide-react";
import { useState } from "react";
import { outputsOf, stepOf, targetOf, TRIGGER } from "@rapport/core/workflow/edit";
import type { StepKind } from "@rapport/core/workflow/types";
import { titleOf } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { Choice } from "@rapport/ui/choice";
import { Input } from "@rapport/ui/field";
import { FinderDialog, findings } from "@/lib/finder";
import { useBuilder, useDefinition, useDraftState } from "./context";
import { groupName } from "./icons";
import { StepIcon } from "./step-node";

/** The kind of data that carries a step from the palette to the canvas. */
export const DRAGGED = "application/x-rapport-step";

export function grouped(kinds: StepKind[]): [string, StepKind[]][] {
  return [...new Set(kinds.map((kind) => kind.group))].map((group) => [group, kinds.filter((kind) => kind.group === group)]);
}

/** The steps there are, to drag onto the canvas; a click adds one after the selected step. */
export function StepPalette() {
  const { builder, vocabulary } = useBuilder();
  const [text, setText] = useState("");
  const kinds = matching(vocabulary.steps, text);
  const add = (kind: StepKind) => {
    const { selected } = builder;
    const { definition } = builder.draft;
    const after = selected ?? (definition.start ? undefined : TRIGGER);
    const step = after ? stepOf(definition, after) : undefined;
    if (after === TRIGGER || after === undefined) {
      builder.addAt(kind, after === TRIGGER ? { from: TRIGGER, output: "start" } : { at: undefined });
      return;
    }
    const outputs = step ? outputsOf(vocabulary, step) : [];
    const free = outputs.find((output) => !targetOf(definition, after, output.name)) ?? outputs[0];
    builder.addAt(kind, free ? { from: after, output: free.name } : { at: undefined });
  };
  return (
    <aside aria-label={t("Steps")} className="flex w-56 shrink-0 flex-col border-e border-line bg-surface max-xl:hidden">
      <div className="relative px-2.5 pt-2.5 pb-1">
        <Search aria-hidden className="absolute top-4.5 start-5 size-4 text-ink-faint" />
        <Input
          type="search"
          aria-label={t("Search steps")}
          placeholder={t("Search steps")}
          className="ps-8"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-3">
        {kinds.length === 0 ? <p className="px-1 py-4 text-sm text-ink-muted">{t("No step by that name.")}</p> : null}
        {grouped(kinds).map(([group, list]) => (
          <section key={group} className="mt-2.5">
            <h3 className="px-1 pb-1 text-2xs font-medium text-ink-faint">{groupName(group)}</h3>
            <ul className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
              {list.map((kind) => (
                <li key={kind.kind}>
                  <button
                    type="button"
                    draggable
                    title={kind.help}
                    onDragStart={(event) => {
                      event.dataTransfer.setData(DRAGGED, kind.kind);
                      event.dataTransfer.effectAllowed = "copy";
                    }}
                    onClick={() => {
                      add(kind);
                    }}
                    className="group flex w-full cursor-grab items-center gap-2 rounded-md px-1 py-1 text-start text-sm hover:bg-hover active:cursor-grabbing"
                  >
                    <StepIcon kind={kind.kind} group={kind.group} className="size-6 [&_svg]:size-3.5" />
                    <span className="min-w-0 flex-1 truncate">{kind.label}</span>
                    <GripVertical aria-hidden className="hidden size-3.5 text-ink-faint group-hover:block" />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </aside>
  );
}

/** The kinds that match what is typed, the best first: by the beginning of the name, by the name, by what it explains. */
export function matching(kinds: StepKind[], typed: string): StepKind[] {
  const words = typed.trim().toLowerCase();
  const score = ({ label, help, group }: StepKind) => {
    const name = label.toLowerCase();
    if (name.startsWith(words)) return 3;
    if (name.includes(words)) return 2;
    return `${help} ${groupName(group)}`.toLowerCase().includes(words) ? 1 : 0;
  };
  if (words === "") return kinds;
  return kinds.filter((kind) => score(kind) > 0).sort((one, other) => score(other) - score(one));
}

/** The steps to choose from for one place, to find by typing. */
export function StepPicker() {
  const { builder, vocabulary } = useBuilder();
  const definition = useDefinition();
  const place = useDraftState((state) => state.adding);
  const from = place && "from" in place ? place : undefined;
  const step = from ? stepOf(definition, from.from) : undefined;
  const outputs = step ? outputsOf(vocabulary, step) : [];
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState("");
  const kinds = matching(vocabulary.steps, typed);
  const type = (text: string) => {
    setTyped(text);
    setChosen(matching(vocabulary.steps, text)[0]?.kind ?? "");
  };
  const where = step ? t("after “{{title}}”", { title: titleOf(vocabulary, step) }) : from ? t("as the first step") : "";
  return (
    <FinderDialog
      open={place !== undefined}
      title={t("Add a step {{where}}", { where })}
      className="top-[14dvh] max-w-xl"
      onClose={() => {
        type("");
        builder.choose(undefined);
      }}
    >
      <Picker label={t("Steps")} loop shouldFilter={false} value={chosen} onValueChange={setChosen}>
        <div className="flex items-center gap-2.5 border-b border-line px-4">
          <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
          <Picker.Input value={typed} onValueChange={type} placeholder={t("Add a step {{where}}", { where })} className="h-12 w-full bg-transparent text-md outline-none" />
          {from && outputs.length > 1 ? (
            <Choice
              label={t("Way out")}
              value={from.output}
              onChange={(output) => {
                builder.choose({ from: from.from, output });
              }}
              options={outputs.map((output) => ({ value: output.name, label: output.label }))}
            />
          ) : null}
        </div>
        <Picker.List className="max-h-[52dvh] overflow-y-auto p-1.5">
          <Picker.Empty className="px-3 py-6 text-center text-sm text-ink-muted">{t("No step by that name.")}</Picker.Empty>
          {grouped(kinds).map(([group, list]) => (
            <Picker.Group
              key={group}
              heading={groupName(group)}
              className={findings}
            >
              {list.map((kind) => (
                <Picker.Item
                  key={kind.kind}
                  value={kind.kind}
                  onSelect={() => {
                    type("");
                    if (place) builder.addAt(kind, place);
                  }}
                  className="flex items-center gap-3 rounded-md px-2.5 py-1.5 text-sm data-[selected=true]:bg-hover"
                >
                  <StepIcon kind={kind.kind} group={kind.group} />
                  <span className="grid min-w-0 flex-1">
                    <span>{kind.label}</span>
                    <span className="truncate text-xs text-ink-muted">{kind.help}</span>
                  </span>
                </Picker.Item>
              ))}
            </Picker.Group>
          ))}
        </Picker.List>
      </Picker>
    </FinderDialog>
  );
}
