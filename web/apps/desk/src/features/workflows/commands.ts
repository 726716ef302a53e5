import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  ClipboardPaste,
  Copy,
  CopyPlus,
  CornerDownLeft,
  FlaskConical,
  History,
  ListChecks,
  Maximize,
  Move,
  Network,
  Plus,
  Redo2,
  Activity,
  Rocket,
  SquareDashedMousePointer,
  Trash2,
  Undo2,
  X,
} from "lucide-react";
import { no, YES } from "@rapport/core/command";
import { TRIGGER } from "@rapport/core/workflow/edit";
import { t } from "@rapport/i18n";
import type { DeskCommand } from "@/lib/command";
import type { Builder } from "./builder";

/** The focus is on the canvas or nowhere, so that the arrow keys are ours. */
function onCanvas(): boolean {
  const { activeElement } = document;
  return !activeElement || activeElement === document.body || activeElement.closest(".react-flow") !== null;
}

/** Everything that can be done to a workflow while it is built. */
export function builderCommands(builder: Builder, publish: () => void): DeskCommand[] {
  const { draft } = builder;
  const state = () => draft.store.get();
  const steps = () => (builder.steps.length > 0 ? YES : no(t("Select a step first.")));
  const show = (id: string, label: string, panel: "test" | "runs" | "versions" | "problems", keys: string, icon: DeskCommand["icon"]): DeskCommand => ({
    id: `flow-${id}`,
    label,
    group: t("Workflow"),
    keys: [keys],
    icon,
    enabled: () => YES,
    perform: () => {
      draft.show(state().panel === panel ? undefined : panel);
    },
  });
  const go = (way: "up" | "down" | "left" | "right", label: string, key: string, icon: DeskCommand["icon"]): DeskCommand => ({
    id: `flow-${way}`,
    label,
    group: t("Steps"),
    keys: [key],
    icon,
    shown: onCanvas,
    enabled: () => YES,
    perform: () => {
      builder.go(way);
    },
  });
  const nudge = (way: string, key: string, dx: number, dy: number): DeskCommand => ({
    id: `flow-nudge-${way}`,
    label: t("Move the step {{way}}", { way }),
    group: t("Steps"),
    keys: [key],
    icon: Move,
    shown: onCanvas,
    enabled: steps,
    perform: () => {
      builder.nudge(dx, dy);
    },
  });
  return [
    {
      id: "flow-add",
      label: t("Add a step after this one"),
      group: t("Steps"),
      keys: ["a"],
      icon: Plus,
      enabled: () => YES,
      perform: () => {
        builder.addAfter(builder.selected ?? TRIGGER);
      },
    },
    {
      id: "flow-open",
      label: t("Open the step"),
      group: t("Steps"),
      keys: ["Enter"],
      icon: CornerDownLeft,
      shown: onCanvas,
      enabled: () => (builder.selected ? YES : no(t("Select a step first."))),
      perform: () => {
        builder.enter();
      },
    },
    go("down", t("Next step"), "ArrowDown", ArrowDown),
    go("up", t("Step before"), "ArrowUp", ArrowUp),
    go("left", t("Step to the left"), "ArrowLeft", ArrowLeft),
    go("right", t("Step to the right"), "ArrowRight", ArrowRight),
    nudge("up", "shift+ArrowUp", 0, -20),
    nudge("down", "shift+ArrowDown", 0, 20),
    nudge("left", "shift+ArrowLeft", -20, 0),
    nudge("right", "shift+ArrowRight", 20, 0),
    {
      id: "flow-remove",
      label: t("Remove the selected steps"),
      group: t("Steps"),
      keys: ["Delete", "Backspace"],
      icon: Trash2,
      enabled: steps,
      perform: () => {
        builder.removeSelected();
      },
    },
    {
      id: "flow-copy",
      label: t("Copy the selected steps"),
      group: t("Steps"),
      keys: ["mod+c"],
      icon: Copy,
      enabled: steps,
      perform: () => builder.copySelected(),
    },
    {
      id: "flow-paste",
      label: t("Paste steps"),
      group: t("Steps"),
      keys: ["mod+v"],
      icon: ClipboardPaste,
      enabled: () => YES,
      perform: () => builder.paste(),
    },
    {
      id: "flow-duplicate",
      label: t("Duplicate the selected steps"),
      group: t("Steps"),
      keys: ["mod+d"],
      icon: CopyPlus,
      enabled: steps,
      perform: () => {
        builder.duplicate();
      },
    },
    {
      id: "flow-select-all",
      label: t("Select all steps"),
      group: t("Steps"),
      keys: ["mod+a"],
      icon: SquareDashedMousePointer,
      enabled: () => YES,
      perform: () => {
        builder.selectAll();
      },
    },
    {
      id: "flow-undo",
      label: t("Undo"),
      group: t("Workflow"),
      keys: ["mod+z"],
      icon: Undo2,
      enabled: () => (state().history.past.length > 0 ? YES : no(t("There is nothing to undo."))),
      perform: () => {
        draft.undo();
      },
    },
    {
      id: "flow-redo",
      label: t("Redo"),
      group: t("Workflow"),
      keys: ["mod+shift+z", "mod+y"],
      icon: Redo2,
      enabled: () => (state().history.future.length > 0 ? YES : no(t("There is nothing to redo."))),
      perform: () => {
        draft.redo();
      },
    },
    {
      id: "flow-fit",
      label: t("Show everything"),
      group: t("Workflow"),
      keys: ["f"],
      icon: Maximize,
      enabled: () => YES,
      perform: () => {
        builder.fit();
      },
    },
    {
      id: "flow-arrange",
      label: t("Arrange by itself"),
      group: t("Workflow"),
      keys: ["l"],
      icon: Network,
      enabled: () => YES,
      perform: () => {
        builder.arrange();
      },
    },
    show("test", t("Test run"), "test", "t", FlaskConical),
    show("runs", t("Runs"), "runs", "r", Activity),
    show("versions", t("Version history"), "versions", "h", History),
    show("problems", t("Problems"), "problems", "p", ListChecks),
    {
      id: "flow-publish",
      label: t("Publish"),
      group: t("Workflow"),
      keys: ["mod+Enter"],
      icon: Rocket,
      enabled: () => YES,
      perform: publish,
    },
    {
      id: "flow-close",
      label: t("Back to the canvas"),
      group: t("Workflow"),
      keys: ["Escape"],
      icon: X,
      enabled: () => YES,
      perform: () => {
        if (document.activeElement?.closest("[data-panel]")) draft.store.set({ focus: state().focus + 1 });
        else if (state().panel) draft.show(undefined);
        else draft.select([]);
      },
    },
  ];
}
