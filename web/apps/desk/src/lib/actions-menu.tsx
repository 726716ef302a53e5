import { Ban, CircleCheck, Ellipsis, Pencil, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Menu, MenuItem } from "@rapport/ui/menu";
import { Th } from "@rapport/ui/table";

/** What can be done with one thing of a list, behind three dots. */
export function ActionsMenu({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon-sm" aria-label={t("Actions for {{name}}", { name })}>
          <Ellipsis />
        </Button>
      }
    >
      {children}
    </Menu>
  );
}

/** The head of the column with the menus: nothing to see, but it has a name. */
export function ActionsTh() {
  return (
    <Th>
      <span className="sr-only">{t("Actions")}</span>
    </Th>
  );
}

export function EditItem({ onSelect }: { onSelect: () => void }) {
  return (
    <MenuItem onSelect={onSelect}>
      <Pencil aria-hidden />
      {t("Edit")}
    </MenuItem>
  );
}

/** Switches something on or off. */
export function EnabledItem({
  enabled,
  disabled,
  onChange,
}: {
  enabled: boolean;
  disabled?: boolean;
  onChange: (enabled: boolean) => void;
}) {
  return (
    <MenuItem
      disabled={disabled}
      onSelect={() => {
        onChange(!enabled);
      }}
    >
      {enabled ? <Ban aria-hidden /> : <CircleCheck aria-hidden />}
      {enabled ? t("Disable") : t("Enable")}
    </MenuItem>
  );
}

/** Opens the question before a deletion; `why` tells why it is not possible. */
export function DeleteItem({ disabled, why, onSelect }: { disabled?: boolean; why?: string | undefined; onSelect: () => void }) {
  return (
    <MenuItem danger disabled={disabled} title={why} onSelect={onSelect}>
      <Trash2 aria-hidden />
      {t("Delete")}
    </MenuItem>
  );
}
