import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { keys } from "@rapport/core/apply";
import { stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Banner } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { painted } from "@/lib/painted";

/** Conversations that belong to this one: questions to colleagues, and what they are about. */
export function LinksBanner({ id }: { id: string }) {
  const { api } = useBackend();
  const items = useQuery({ queryKey: keys.links(id), queryFn: () => painted().then(() => api.together.links(id)) }).data?.items ?? [];
  return items.map((one) => (
    <Banner key={one.id}>
      <MessagesSquare aria-hidden />
      <span className="min-w-0 flex-1 truncate">
        {one.channel === "internal" ? t("Question to colleagues: {{topic}}", { topic: one.contact_name }) : t("Belongs to the conversation with {{name}}", { name: one.contact_name })}
        <span className="text-ink-muted"> · {stateNames[one.state]}</span>
      </span>
      <Link to="/$view/$conversationId" params={{ view: "all", conversationId: one.id }} search={{}} className="shrink-0 text-accent hover:underline">
        {t("Open it")}
      </Link>
    </Banner>
  ));
}
