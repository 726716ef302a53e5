import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Star } from "lucide-react";
import { useState } from "react";
import type { Satisfaction } from "@rapport/core/api/desk";
import { dateTime, number } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Choice } from "@rapport/ui/choice";
import { Empty } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { Loaded, Page } from "@/lib/page";
import { queries } from "@/lib/queries";
import { Score } from "@/lib/score";

/** How satisfied customers are. */
export function SatisfactionPage() {
  const { api } = useBackend();
  const [days, setDays] = useState("30");
  const answers = useQuery(queries.satisfaction(api, Number(days)));
  return (
    <Page
      title={t("Satisfaction")}
      lead={t("What customers answer when they are asked after a conversation. Each inbox has its own question.")}
      actions={
        <Choice
          label={t("Period")}
          value={days}
          onChange={setDays}
          options={[
            { value: "7", label: t("7 days") },
            { value: "30", label: t("30 days") },
            { value: "90", label: t("90 days") },
          ]}
        />
      }
    >
      <Loaded query={answers} what={t("the answers of customers")}>
        {(data) => (data.asked === 0 ? <Nothing /> : <Answers data={data} />)}
      </Loaded>
    </Page>
  );
}

function Nothing() {
  return (
    <Empty icon={<Star />} title={t("Nobody was asked in this period")} className="rounded-lg border border-line bg-surface">
      {t("An admin switches the survey on in each inbox.")}
    </Empty>
  );
}

function Answers({ data }: { data: Satisfaction }) {
  const percent = (part: number, of: number) => (of === 0 ? "–" : `${Math.round((100 * part) / of)} %`);
  const most = Math.max(1, ...data.scores);
  const average = data.answered === 0 ? "–" : number(data.scores.reduce((sum, n, at) => sum + n * (at + 1), 0) / data.answered, 1);
  const figures = [
    { label: t("Satisfied (4 and 5)"), value: percent(data.satisfied, data.answered) },
    { label: t("Average of 5"), value: average },
    { label: t("Answers"), value: String(data.answered) },
    { label: t("Answered of those asked"), value: percent(data.answered, data.asked) },
  ];
  return (
    <>
      <dl className="grid grid-cols-2 divide-x divide-y divide-line rounded-lg border border-line bg-surface sm:grid-cols-4 sm:divide-y-0">
        {figures.map(({ label, value }) => (
          <div key={label} className="flex flex-col-reverse px-4 py-3">
            <dt className="text-xs text-ink-muted">{label}</dt>
            <dd className="text-xl font-semibold tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <ul aria-label={t("Answers by score")} className="grid gap-1.5 rounded-lg border border-line bg-surface p-4">
        {[5, 4, 3, 2, 1].map((score) => {
          const n = data.scores[score - 1] ?? 0;
          return (
            <li key={score} className="flex items-center gap-3 text-sm">
              <span className="w-24 shrink-0">
                <Score score={score} scale="stars" />
              </span>
              <span aria-hidden className="h-2 flex-1 rounded-full bg-hover">
                <span className="block h-full rounded-full bg-accent" style={{ width: `${(100 * n) / most}%` }} />
              </span>
              <span className="w-10 text-end tabular-nums">{n}</span>
            </li>
          );
        })}
      </ul>
      {data.latest.length > 0 ? (
        <ul aria-label={t("Latest answers")} className="divide-y divide-line rounded-lg border border-line bg-surface">
          {data.latest.map((one) => (
            <li key={one.id}>
              <Link
                to="/$view/$conversationId"
                params={{ view: "all", conversationId: one.conversation_id }}
                search={{}}
                className="grid gap-0.5 px-4 py-2.5 hover:bg-hover"
              >
                <span className="flex flex-wrap items-center gap-x-3 text-xs text-ink-muted">
                  <Score score={one.score ?? 0} scale={one.scale} />
                  {one.answered_at ? <time dateTime={one.answered_at}>{dateTime(one.answered_at)}</time> : null}
                </span>
                <span className="text-sm break-words">{one.comment || t("No words")}</span>
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
