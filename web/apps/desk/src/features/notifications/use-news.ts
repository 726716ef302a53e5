import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Notification } from "@rapport/core/api/bots";
import { applyRead } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { queries } from "@/lib/queries";
import { useUnreadTitle } from "@/lib/title";

/** What is older was told while nobody was here; the badge is enough for it. */
const NEWS = 2 * 60_000;

/** Tells what happens elsewhere with a toast, and counts what is unread in the title of the tab. */
export function useNews(openId: string | undefined, open: (conversationId: string) => void): void {
  const backend = useBackend();
  const { api, client } = backend;
  const told = useQuery(queries.notifications(api)).data;
  useUnreadTitle(told?.unread ?? 0);

  useEffect(() => {
    const hear = (news: Notification) => {
      const id = news.conversation_id;
      if (id && id === openId && document.visibilityState === "visible") {
        readAlone(news);
        return;
      }
      if (news.kind === "lost" || Date.now() - Date.parse(news.at) > NEWS) return;
      const perform = () => {
        if (id) open(id);
      };
      toast(news.text, { tone: "news", ...(id ? { action: { label: t("Open", { context: "verb" }), perform } } : {}) });
    };
    /** Who looks at the conversation has read what is told of it, unless something older is unread. */
    function readAlone(news: Notification): void {
      const held = client.getQueryData(queries.notifications(api).queryKey);
      if (held?.unread !== 1 || held.items[0]?.id !== news.id) return;
      applyRead(backend.cache, news.at, new Date().toISOString());
      api.notifications.read(news.at).catch(() => client.invalidateQueries(queries.notifications(api)));
    }
    backend.news.add(hear);
    return () => {
      backend.news.delete(hear);
    };
  }, [backend, api, client, openId, open]);
}
