import { ChevronsUpDown, Keyboard, KeyRound, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import type { Status } from "@rapport/core/api/types";
import { statusHelp, statusNames } from "@rapport/core/format";
import { Dot } from "@rapport/ui/marks";
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLabel, MenuLine } from "@rapport/ui/menu";
import { applyAgent } from "@rapport/core/apply";
import { type Backend, useBackend } from "@/lib/backend";
import { openDialog } from "@/lib/desk-state";
import { useMe } from "@/lib/me";
import { PersonAvatar } from "@/lib/person";
import { useStore } from "@/lib/store";
import { tell } from "@/lib/tell";
import { setTheme, type Theme, theme } from "@/lib/theme";
import { PasswordDialog } from "./password-dialog";

const statuses: Status[] = ["available", "busy", "away", "offline"];
const themes = [
  { value: "system", label: "Like the system", Icon: Monitor },
  { value: "light", label: "Light", Icon: Sun },
  { value: "dark", label: "Dark", Icon: Moon },
] as const;

/** Shows the chosen status at once and goes back to the old one if the server refuses. */
export async function chooseStatus(backend: Backend, status: Status): Promise<void> {
  const { agent } = backend.me();
  applyAgent(backend.cache, { ...agent, status });
  try {
    applyAgent(backend.cache, await backend.api.session.setStatus(status));
  } catch (error) {
    applyAgent(backend.cache, agent);
    tell(error);
  }
}

/** Own name and status; opens into status, theme, password and sign-out. */
export function AccountMenu({ onSignOut }: { onSignOut: () => void }) {
  const backend = useBackend();
  const me = useMe();
  const current = useStore(theme, (value) => value.theme);
  const [password, setPassword] = useState(false);
  const { status, name } = me.agent;
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
            <PersonAvatar name={name} size="lg" status={status} />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm font-medium">{name}</span>
              <span className="block truncate text-xs text-ink-muted">{statusNames[status]}</span>
              <span className="sr-only">Status and account</span>
            </span>
            <ChevronsUpDown aria-hidden className="size-4 text-ink-faint" />
          </button>
        }
      >
        <MenuLabel>Status</MenuLabel>
        <MenuChoices
          value={status}
          onValueChange={(next) => {
            void chooseStatus(backend, next as Status);
          }}
        >
          {statuses.map((value) => (
            <MenuChoice key={value} value={value}>
              <Dot status={value} className="mx-1" />
              <span>
                {statusNames[value]}
                <span className="block text-2xs text-ink-faint">{statusHelp[value]}</span>
              </span>
            </MenuChoice>
          ))}
        </MenuChoices>
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
