import { useEffect, useMemo } from "react";
import { Shortcuts } from "@rapport/core/command";
import { writes } from "@rapport/ui/focus";
import type { Commands } from "@/lib/commands";
import { perform } from "@/lib/commands";
import { desk } from "@/lib/desk-state";

/** Undo, copy and the like belong to the text that is written or chosen. */
function editsText(event: KeyboardEvent): boolean {
  if (!/^[zyxcva]$/i.test(event.key)) return false;
  return writes(event.target) || (/^[xc]$/i.test(event.key) && window.getSelection()?.isCollapsed === false);
}

/** What the focused control does with a key itself is left to it. */
function ownKey(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("[role=menu]")) return true;
  return (event.key === "Enter" || event.key === " ") && target.closest("a, button, [role=button]") !== null;
}

/** Lets key presses perform commands, except while one writes or a dialog is open. */
export function useKeyboard({ all, context }: Commands): void {
  const shortcuts = useMemo(() => new Shortcuts(all), [all]);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing) return;
      const modified = event.ctrlKey || event.metaKey;
      if (modified ? editsText(event) : writes(event.target) || ownKey(event)) return;
      if (desk.get().dialog || document.querySelector("[role=dialog], [role=alertdialog]")) return;
      const hit = shortcuts.press(event);
      if (hit === undefined) return;
      if (hit !== "pending" && !(hit.shown?.(context) ?? true)) return;
      event.preventDefault();
      if (hit !== "pending") perform(hit, context);
    }
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
    };
  }, [shortcuts, context]);
}
