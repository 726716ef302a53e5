import { useQuery } from "@tanstack/react-query";
import { dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { PanelSection } from "@/lib/panel-section";
import { queries } from "@/lib/queries";
import { Score } from "@/lib/score";

/** What the customer answered after this conversation, or that they were asked. Who was not asked sees nothing here. */
export function ConversationSurvey({ conversationId }: { conversationId: string }) {
  const { api } = useBackend();
  const survey = useQuery({ ...queries.surveys(api, conversationId), retry: false }).data?.items[0];
  if (!survey) return null;
  return (
    <PanelSection id="survey" title={t("Satisfaction")}>
      <div className="grid gap-1 pb-2 text-sm">
        <p className="text-ink-muted">{survey.question || t("How did we do?")}</p>
        {survey.answered_at ? (
          <>
            <p className="flex flex-wrap items-center gap-x-3">
              <Score score={survey.score ?? 0} scale={survey.scale} />
              <time dateTime={survey.answered_at} className="text-xs text-ink-muted">
                {dateTime(survey.answered_at)}
              </time>
            </p>
            {survey.comment ? <p className="break-words">{survey.comment}</p> : null}
          </>
        ) : (
          <p>{t("Asked; no answer yet.")}</p>
        )}
      </div>
    </PanelSection>
  );
}
