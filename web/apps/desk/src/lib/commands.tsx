import { createContext, use, useEffect } from "react";
import { Button, type ButtonProps } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { MenuItem } from "@rapport/ui/menu";
import { Keys } from "@rapport/ui/keys";
import { Tip } from "@rapport/ui/tip";
import { toast } from "@rapport/ui/toast";
import { labelOf } from "@rapport/core/command";
import type { DeskCommand, DeskContext } from "./command";
import { createStore } from "./store";
import { tell } from "./tell";

export interface Commands {
  all: DeskCommand[];
  context: DeskContext;
}

export const CommandsContext = createContext<Commands | undefined>(undefined);

export function useCommands(): Commands {
  const commands = use(CommandsContext);
  if (!commands) throw new Error("outside of CommandsContext");
  return commands;
}

/** Commands of the page that is open; their keys go before those of the whole desk. */
export const offered = createStore<{ commands: DeskCommand[] }>({ commands: [] });

/** Offers commands while the component is there. The list must stay the same object between changes. */
export function useOffered(commands: DeskCommand[]): void {
  useEffect(() => {
    offered.set({ commands });
    return () => {
      if (offered.get().commands === commands) offered.set({ commands: [] });
    };
  }, [commands]);
}

/** Performs a command if it is enabled, else says why not. */
export function perform(command: DeskCommand, context: DeskContext): void {
  const { ok, why } = command.enabled(context);
  if (!ok) {
    toast(why, { tone: "danger" });
    return;
  }
  void Promise.resolve(command.perform(context)).catch(tell);
}

function useCommand(id: string): { command: DeskCommand; context: DeskContext; visible: boolean } {
  const { all, context } = useCommands();
  const command = all.find((one) => one.id === id);
  if (!command) throw new Error(`no command ${id}`);
  return { command, context, visible: command.shown?.(context) ?? true };
}

/** Where there is little room: as with iconOnly; on a phone nothing. */
const narrowed = "max-sm:hidden max-2xl:size-8 max-2xl:border-transparent max-2xl:bg-transparent max-2xl:px-0 max-2xl:text-ink-muted max-2xl:hover:bg-hover max-2xl:hover:text-ink";

/** A command as a button. What is not enabled stays reachable and says why. A narrow one has its label on wide screens only. */
export function CommandButton({ id, iconOnly, narrow, className, ...props }: ButtonProps & { id: string; iconOnly?: boolean; narrow?: boolean }) {
  const { command, context, visible } = useCommand(id);
  if (!visible) return null;
  const label = labelOf(command, context);
  const { ok, why } = command.enabled(context);
  const Icon = command.icon;
  return (
    <Tip text={ok ? label : why} keys={command.keys?.[0]}>
      <Button
        aria-disabled={!ok}
        {...(iconOnly ? { "aria-label": label, size: "icon" as const } : {})}
        className={cn(narrow && narrowed, className)}
        onClick={() => {
          perform(command, context);
        }}
        {...props}
      >
        <Icon aria-hidden />
        {iconOnly ? null : narrow ? <span className="max-2xl:sr-only">{label}</span> : label}
      </Button>
    </Tip>
  );
}

export function CommandItem({ id, danger }: { id: string; danger?: boolean }) {
  const { command, context, visible } = useCommand(id);
  if (!visible) return null;
  const { ok, why } = command.enabled(context);
  const Icon = command.icon;
  return (
    <MenuItem
      disabled={!ok}
      title={why || undefined}
      {...(danger ? { danger } : {})}
      onSelect={() => {
        perform(command, context);
      }}
    >
      <Icon aria-hidden />
      <span className="flex-1">{labelOf(command, context)}</span>
      {command.keys?.[0] ? <Keys keys={command.keys[0]} /> : null}
    </MenuItem>
  );
}
