import { ChevronsUpDown, Keyboard, KeyRound, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { shownStatus } from "@rapport/core/presence";
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLabel, MenuLine } from "@rapport/ui/menu";
import { useBackend } from "@/lib/backend";
import { openDialog } from "@/lib/desk-state";
import { useMe } from "@/lib/me";
import { PersonAvatar } from "@/lib/person";
import { chooseStatus, StatusChoices, useStatuses } from "@/lib/status-choices";
import { useStore } from "@/lib/store";
import { setTheme, type Theme, theme } from "@/lib/theme";
import { PasswordDialog } from "./password-dialog";

const themes = [
  { value: "system", label: "Like the system", Icon: Monitor },
  { value: "light", label: "Light", Icon: Sun },
  { value: "dark", label: "Dark", Icon: Moon },
] as const;

/** Own name and status; opens into status, theme, password and sign-out. */
export function AccountMenu({ onSignOut }: { onSignOut: () => void }) {
  const backend = useBackend();
  const me = useMe();
  const current = useStore(theme, (value) => value.theme);
  const [password, setPassword] = useState(false);
  const { name } = me.agent;
  const customs = useStatuses();
  // The desk is connected as long as this can be read.
  const shown = shownStatus({ ...me.agent, connected: true }, customs);
  return (
    <>
      <Menu
        align="start"
        side="top"
        className="w-60"
        trigger={
          <button
            type="button"
            className="flex w-full items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-hover"
          >
            <PersonAvatar name={name} size="lg" status={shown.base} color={shown.color} />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm font-medium">{name}</span>
              <span className="block truncate text-xs text-ink-muted">
                {shown.sub ? <span className={shown.color ? undefined : "sr-only"}>{shown.name} · </span> : shown.name}
                {shown.sub}
              </span>
              <span className="sr-only">Status and account</span>
            </span>
            <ChevronsUpDown aria-hidden className="size-4 text-ink-faint" />
          </button>
        }
      >
        <MenuLabel>Status</MenuLabel>
        <StatusChoices
          chosen={me.agent}
          customs={customs}
          onChoose={(choice) => {
            void chooseStatus(backend, choice);
          }}
        />
        <MenuLine />
        <MenuLabel>Appearance</MenuLabel>
        <MenuChoices
          value={current}
          onValueChange={(next) => {
            setTheme(next as Theme);
          }}
        >
          {themes.map(({ value, label, Icon }) => (
            <MenuChoice key={value} value={value}>
              <Icon aria-hidden />
              {label}
            </MenuChoice>
          ))}
        </MenuChoices>
        <MenuLine />
        <MenuItem
          onSelect={() => {
            openDialog("shortcuts");
          }}
        >
          <Keyboard aria-hidden />
          Keyboard shortcuts
        </MenuItem>
        <MenuItem
          onSelect={() => {
            setPassword(true);
          }}
        >
          <KeyRound aria-hidden />
          Change password
        </MenuItem>
        <MenuItem onSelect={onSignOut}>
          <LogOut aria-hidden />
          Sign out
        </MenuItem>
      </Menu>
      <PasswordDialog open={password} onOpenChange={setPassword} />
    </>
  );
}
