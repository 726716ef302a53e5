import type { Api } from "@rapport/core/api/api";
import { blanksOf } from "@rapport/core/texts";
import { t } from "@rapport/i18n";
import type { ComposerMenu } from "@rapport/thread/composer-menu";

/** "/" opens the canned responses, filled in for a conversation, or for the one that is about to begin (S3-44). */
export function cannedMenu(api: Api, of: { conversation?: string; contact?: string; queue?: string; inbox?: string }): ComposerMenu {
  return {
    char: "/",
    label: t("Canned responses"),
    none: t("No canned response fits. Supervisors add them under Canned responses."),
    search: async (q) => {
      const { items: found } = await api.canned.list({ q, ...of, limit: 20 });
      return found.flatMap((one) =>
        one.texts.map((text) => ({
          id: `${one.id} ${text.language}`,
          label: `/${one.shortcut} · ${one.title}${text.language ? ` (${text.language})` : ""}`,
          detail: text.text,
          pick: (insert) => {
            insert(text.text, blanksOf(text.text)[0]);
            api.canned.used(one.id).catch(() => undefined);
          },
        })),
      );
    },
  };
}
