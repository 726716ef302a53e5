import { X } from "lucide-react";
import { memo } from "react";
import type { ConversationView } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { CustomerSections } from "@/features/contacts/customer-sections";
import { ConversationDetails } from "@/features/contacts/conversation-details";
import { CustomerHistory } from "@/features/contacts/customer-history";
import { Noted } from "@/features/conversations/noted";
import { NotedOnly } from "@/features/conversations/noted-only";
import { ConversationSurvey } from "@/features/surveys/conversation-survey";
import { ConversationRuns } from "@/features/workflows/conversation-runs";
import { desk } from "@/lib/desk-state";
import { later } from "@/lib/later";

const ConversationCards = later(() => import("@/features/cards/conversation-cards").then((part) => part.ConversationCards));

/** Beside the thread: a column of sections, each a PanelSection of its feature. */
export const SidePanel = memo(function SidePanel({ conversation: c }: { conversation: ConversationView }) {
  return (
    <aside aria-label={t("Customer")} className="flex min-h-0 min-w-0 flex-1 flex-col border-s border-line bg-surface">
      <header className="flex h-13 shrink-0 items-center px-4">
        <h2 className="flex-1 text-md font-semibold">{t("Customer")}</h2>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t("Close customer details")}
          onClick={() => {
            desk.set({ details: false });
          }}
        >
          <X />
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto pb-6">
        <CustomerSections conversation={c} />
        {c.may.describe.ok ? (
          <>
            <Noted key={`noted ${c.id}`} conversation={c} />
            <ConversationDetails key={`details ${c.id}`} conversation={c} />
          </>
        ) : (
          <NotedOnly conversation={c} why={c.may.describe.why} />
        )}
        <ConversationCards key={`cards ${c.id}`} conversationId={c.id} />
        <ConversationSurvey key={`survey ${c.id}`} conversationId={c.id} />
        <CustomerHistory conversation={c} />
        <ConversationRuns key={`runs ${c.id}`} conversationId={c.id} />
      </div>
    </aside>
  );
});
