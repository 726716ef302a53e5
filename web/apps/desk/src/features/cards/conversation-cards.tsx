import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import type { CardFace, CardReading } from "@rapport/core/api/cards";
import { sentenceOf } from "@rapport/core/api/problem";
import { keys } from "@rapport/core/apply";
import { ago, dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Skeleton, Spinner } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { useNow } from "@/lib/now";
import { PanelSection } from "@/lib/panel-section";
import { tell } from "@/lib/tell";
import { CardRow } from "./card-row";
import { cardQueries } from "./card-queries";
import { troubleOf } from "./card-words";

/** What other systems know of the customer, a section for each card. Where there is none there is nothing to see. */
export function ConversationCards({ conversationId }: { conversationId: string }) {
  const { api } = useBackend();
  const cards = useQuery(cardQueries.of(api, conversationId)).data?.items ?? [];
  return cards.map((card) => (
    <PanelSection key={card.id} id={`card-${card.id}`} title={card.name}>
      <CardBody conversationId={conversationId} card={card} />
    </PanelSection>
  ));
}

function CardBody({ conversationId, card }: { conversationId: string; card: CardFace }) {
  const { api, client } = useBackend();
  const query = useQuery(cardQueries.reading(api, conversationId, card.id));
  const [asking, setAsking] = useState(false);
  const put = (reading: CardReading) => {
    client.setQueryData(keys.cardReading(conversationId, card.id), reading);
  };

  function refresh(): void {
    setAsking(true);
    api.cards
      .read(conversationId, card.id, true)
      .then(put)
      .catch(tell)
      .finally(() => {
        setAsking(false);
      });
  }

  const reading = query.data;
  return (
    <div className="grid gap-1 pb-1">
      {reading ? (
        reading.state === "ok" ? (
          <dl className="grid gap-0.5">
            {card.fields.map((field) => (
              <CardRow
                key={field.name}
                field={field}
                value={reading.values.find((one) => one.name === field.name)}
                editable={field.editable && card.may_change}
                save={async (change) => {
                  put(await api.cards.write(conversationId, card.id, change));
                }}
                onReading={put}
              />
            ))}
          </dl>
        ) : (
          <Trouble reading={reading} />
        )
      ) : query.error ? (
        <p role="alert" className="text-sm">
          {sentenceOf(query.error)}
        </p>
      ) : (
        <div role="status" aria-label={t("Loading {{name}}", { name: card.name })} className="grid gap-1.5 py-1">
          {card.fields.slice(0, 4).map((field) => (
            <Skeleton key={field.name} className="h-5" />
          ))}
        </div>
      )}
      <Foot name={card.name} asOf={reading?.as_of} busy={asking} onRefresh={refresh} />
    </div>
  );
}

/** Since when it is so, and a way to ask again. */
function Foot({ name, asOf, busy, onRefresh }: { name: string; asOf: string | undefined; busy: boolean; onRefresh: () => void }) {
  const now = useNow();
  return (
    <p className="flex min-h-6 items-center gap-1 text-2xs text-ink-muted">
      {asOf ? <time dateTime={asOf} title={dateTime(asOf)}>{t("As of {{time}}", { time: ago(asOf, now) })}</time> : null}
      <Button variant="ghost" size="icon-sm" className="size-6" aria-label={t("Refresh {{name}}", { name })} disabled={busy} onClick={onRefresh}>
        {busy ? <Spinner label={t("Asking again")} /> : <RotateCw className="size-3" />}
      </Button>
    </p>
  );
}

function Trouble({ reading }: { reading: CardReading }) {
  const calm = reading.state === "lacking" || reading.state === "unknown";
  return (
    <div role={calm ? undefined : "alert"} className={calm ? "text-sm text-ink-muted" : "rounded-md bg-danger-soft px-2.5 py-1.5 text-sm"}>
      <p>{troubleOf(reading)}</p>
      {reading.reason && !calm ? <p className="mt-0.5 text-xs break-words">{t("It says: {{reason}}", { reason: reading.reason })}</p> : null}
    </div>
  );
}
