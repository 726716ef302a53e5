import { Link } from "@tanstack/react-router";
import { ChevronsUpDown, Keyboard, KeyRound, LogOut, MessageSquareHeart, Monitor, Moon, Settings2, Sun } from "lucide-react";
import { useState } from "react";
import { shownStatus } from "@rapport/core/presence";
import { language, languages, t } from "@rapport/i18n";
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLabel, MenuLine } from "@rapport/ui/menu";
import { useBackend } from "@/lib/backend";
import { closeDialog, openDialog } from "@/lib/desk-state";
import { useMe } from "@/lib/me";
import { PersonAvatar } from "@/lib/person";
import { savePreferences } from "@/lib/preferences";
import { chooseStatus, StatusChoices, useStatuses } from "@/lib/status-choices";
import { useStore } from "@/lib/store";
import { tell } from "@/lib/tell";
import { setTheme, type Theme, theme } from "@/lib/theme";
import { PasswordDialog } from "./password-dialog";

const themes = [
  { value: "system", label: t("Like the system"), Icon: Monitor },
  { value: "light", label: t("Light"), Icon: Sun },
  { value: "dark", label: t("Dark"), Icon: Moon },
] as const;

/** Own name and status; opens into status, theme, language, password and sign-out. */
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
            className="flex w-full items-center gap-2.5 rounded-md p-1.5 text-start hover:bg-hover"
          >
            <PersonAvatar name={name} size="lg" status={shown.base} color={shown.color} />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm font-medium">{name}</span>
              <span className="block truncate text-xs text-ink-muted">
                {shown.sub ? <span className={shown.color ? undefined : "sr-only"}>{shown.name} · </span> : shown.name}
                {shown.sub}
              </span>
              <span className="sr-only">{t("Status and account")}</span>
            </span>
            <ChevronsUpDown aria-hidden className="size-4 text-ink-faint" />
          </button>
        }
      >
        <MenuLabel>{t("Status")}</MenuLabel>
        <StatusChoices
          chosen={me.agent}
          customs={customs}
          onChoose={(choice) => {
            void chooseStatus(backend, choice);
          }}
        />
        <MenuLine />
        <MenuLabel>{t("Appearance")}</MenuLabel>
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
        <MenuLabel>{t("Language")}</MenuLabel>
        <MenuChoices
          value={language()}
          onValueChange={(code) => {
            savePreferences(backend, { language: code }).catch(tell);
          }}
        >
          {languages.map(({ code, name, dir }) => (
            <MenuChoice key={code} value={code}>
              <span lang={code} dir={dir}>
                {name}
              </span>
            </MenuChoice>
          ))}
        </MenuChoices>
        <MenuLine />
        <MenuItem asChild>
          <Link to="/settings/me" onClick={closeDialog}>
            <Settings2 aria-hidden />
            {t("My settings")}
          </Link>
        </MenuItem>
        <MenuItem
          onSelect={() => {
            openDialog("feedback");
          }}
        >
          <MessageSquareHeart aria-hidden />
          {t("Give feedback")}
        </MenuItem>
        <MenuItem
          onSelect={() => {
            openDialog("shortcuts");
          }}
        >
          <Keyboard aria-hidden />
          {t("Keyboard shortcuts")}
        </MenuItem>
        <MenuItem
          onSelect={() => {
            setPassword(true);
          }}
        >
          <KeyRound aria-hidden />
          {t("Change password")}
        </MenuItem>
        <MenuItem onSelect={onSignOut}>
          <LogOut aria-hidden />
          {t("Sign out")}
        </MenuItem>
      </Menu>
      {password ? (
        <PasswordDialog
          onClose={() => {
            setPassword(false);
          }}
        />
      ) : null}
    </>
  );
}
