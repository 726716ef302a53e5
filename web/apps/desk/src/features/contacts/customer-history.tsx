import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ConversationView, Summary } from "@rapport/core/api/types";
import { ago, stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Badge } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { ConversationPreview } from "@/lib/conversation-preview";
import { useNow } from "@/lib/now";
import { PanelSection } from "@/lib/panel-section";
import { queries } from "@/lib/queries";

/** The other conversations of the customer, open and closed. */
export function CustomerHistory({ conversation: c }: { conversation: ConversationView }) {
  const { api } = useBackend();
  const now = useNow();
  const [preview, setPreview] = useState<Summary>();
  const contact = useQuery(queries.contact(api, c.contact_id)).data;
  if (!contact) return null;
  const earlier = contact.conversations.filter((one) => one.id !== c.id);
  return (
    <PanelSection id="history" title={earlier.length > 0 ? t("Earlier conversations ({{n}})", { n: earlier.length }) : t("Earlier conversations")}>
      {earlier.length === 0 ? (
        <p className="text-sm text-ink-muted">{t("This is the first one.")}</p>
      ) : (
        <ul className="-mx-2 grid gap-0.5">
          {earlier.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => {
                  setPreview(one);
                }}
                className="grid w-full gap-0.5 rounded-md px-2 py-1.5 text-start hover:bg-hover"
              >
                <span className="flex items-center gap-2 text-xs text-ink-muted">
                  <span className="min-w-0 flex-1 truncate">
                    {one.assignee_name ?? t("Unassigned")} · {one.queue_name}
                  </span>
                  <Badge className="h-4">{stateNames[one.state]}</Badge>
                  <span className="tabular-nums">{ago(one.last_at ?? one.opened_at, now)}</span>
                </span>
                <span className="truncate text-sm">{one.last_text}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {preview ? (
        <ConversationPreview
          conversation={preview}
          onClose={() => {
            setPreview(undefined);
          }}
        />
      ) : null}
    </PanelSection>
  );
}
