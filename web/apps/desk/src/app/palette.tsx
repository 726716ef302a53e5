import { Command as Palette } from "cmdk";
import { Search } from "lucide-react";
import { useRef } from "react";
import { labelOf } from "@rapport/core/command";
import { t } from "@rapport/i18n";
import { Keys } from "@rapport/ui/keys";
import type { DeskCommand } from "@/lib/command";
import { perform, useCommands } from "@/lib/commands";
import { closeDialog, desk } from "@/lib/desk-state";
import { FinderDialog, findings } from "@/lib/finder";
import { useStore } from "@/lib/store";

const hidden = new Set(["palette", "next", "previous", "open", "back"]);

/** Every command that makes sense right now, to find by typing. */
export function CommandPalette() {
  const open = useStore(desk, (state) => state.dialog === "palette");
  const { all, context } = useCommands();
  const offered = all.filter((one) => !hidden.has(one.id) && (one.shown?.(context) ?? true));
  const chosen = useRef<DeskCommand>(undefined);
  const groups = [...new Set(offered.map((one) => one.group))];
  return (
    <FinderDialog
      open={open}
      title={t("Command palette")}
      className="top-[14dvh] max-w-xl"
      onClose={closeDialog}
      onClosed={() => {
        const command = chosen.current;
        chosen.current = undefined;
        if (command) setTimeout(perform, 0, command, context);
      }}
    >
      <Palette label={t("Commands")} loop>
        <div className="flex items-center gap-2.5 border-b border-line px-4">
          <Search aria-hidden className="size-4 text-ink-faint" />
          <Palette.Input placeholder={t("Type a command")} className="h-12 w-full bg-transparent text-md outline-none" />
        </div>
        <Palette.List className="max-h-[52dvh] overflow-y-auto p-1.5">
          <Palette.Empty className="px-3 py-6 text-center text-sm text-ink-muted">{t("No command by that name.")}</Palette.Empty>
          {groups.map((group) => (
            <Palette.Group
              key={group}
              heading={group}
              className={findings}
            >
              {offered
                .filter((one) => one.group === group)
                .map((one) => (
                  <Entry
                    key={one.id}
                    command={one}
                    onChoose={() => {
                      chosen.current = one;
                      closeDialog();
                    }}
                  />
                ))}
            </Palette.Group>
          ))}
        </Palette.List>
      </Palette>
    </FinderDialog>
  );
}

function Entry({ command, onChoose }: { command: DeskCommand; onChoose: () => void }) {
  const { context } = useCommands();
  const { ok, why } = command.enabled(context);
  const Icon = command.icon;
  const label = labelOf(command, context);
  return (
    <Palette.Item
      value={`${label} ${command.id}`}
      disabled={!ok}
      onSelect={onChoose}
      className="flex items-center gap-3 rounded-md px-2.5 py-2 text-sm data-[disabled=true]:text-ink-faint data-[selected=true]:bg-hover"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1 truncate">
        {label}
        {ok ? null : <span className="ms-2 text-xs text-ink-faint">{why}</span>}
      </span>
      {command.keys?.[0] ? <Keys keys={command.keys[0]} /> : null}
    </Palette.Item>
  );
}
