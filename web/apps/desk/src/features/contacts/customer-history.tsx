import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ConversationView, Summary } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { ConversationPreview } from "@/lib/conversation-preview";
import { useNow } from "@/lib/now";
import { PanelSection } from "@/lib/panel-section";
import { queries } from "@/lib/queries";
import { HistoryRow } from "./history-row";

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
              <HistoryRow
                conversation={one}
                now={now}
                className="w-full"
                onShow={() => {
                  setPreview(one);
                }}
              />
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
