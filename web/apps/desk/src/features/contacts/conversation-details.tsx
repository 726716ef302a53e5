import type { ConversationView } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { PanelSection } from "@/lib/panel-section";
import { Fields } from "./fields";
import { Tags } from "./tags";

/** What is noted of the conversation itself. */
export function ConversationDetails({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  return (
    <PanelSection id="details" title={t("This conversation")}>
      <div className="grid gap-3">
        <Tags conversation={c} />
        <Fields
          what={t("this conversation")}
          fields={c.fields ?? {}}
          onSave={async (fields) => {
            backend.put(await backend.api.conversations.setFields(c.id, fields));
          }}
        />
      </div>
    </PanelSection>
  );
}
