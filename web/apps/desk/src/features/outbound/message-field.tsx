import { useMemo, useRef } from "react";
import { t } from "@rapport/i18n";
import { MenuList, useMenus } from "@rapport/thread/composer-menu";
import { Field, Textarea } from "@rapport/ui/field";
import { useInsert } from "@rapport/ui/insert";
import { useBackend } from "@/lib/backend";
import { goToBlank } from "@/lib/blanks";
import { cannedMenu } from "@/lib/canned-menu";

/** The first message of a conversation. "/" opens the canned responses, Tab goes through their open fields, as in the composer. */
export function MessageField({
  value,
  onChange,
  error,
  contact,
  queue,
  inbox,
}: {
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
  contact: string | undefined;
  queue: string | undefined;
  inbox: string | undefined;
}) {
  const { api } = useBackend();
  const area = useRef<HTMLTextAreaElement>(null);
  const menus = useMemo(() => [cannedMenu(api, { ...(contact ? { contact } : {}), ...(queue ? { queue } : {}), ...(inbox ? { inbox } : {}) })], [api, contact, queue, inbox]);
  const menu = useMenus(menus, "reply", value, area, useInsert(area, value, onChange));
  return (
    <div className="relative" {...(menu.open ? { "data-own-escape": true } : {})}>
      <Field label={t("Message")} error={error} help={t("Type / for canned responses.")}>
        <Textarea
          ref={area}
          rows={5}
          value={value}
          onSelect={menu.onSelect}
          {...menu.aria}
          onKeyDown={(event) => {
            if (menu.onKey(event) || goToBlank(event, value)) event.preventDefault();
          }}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      </Field>
      <MenuList menu={menu} below />
    </div>
  );
}
