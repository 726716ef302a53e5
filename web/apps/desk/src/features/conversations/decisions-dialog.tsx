import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Candidate, ConversationView, Decision, Verdict } from "@rapport/core/api/types";
import { dateTime, rungNames, verdictNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Dialog } from "@rapport/ui/dialog";
import { Badge, Empty, type Tone } from "@rapport/ui/marks";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { useBackend } from "@/lib/backend";
import { closeDialog } from "@/lib/desk-state";
import { Loaded } from "@/lib/page";
import { queries } from "@/lib/queries";

function tone(verdict: Verdict): Tone {
  if (verdict === "chosen") return "positive";
  return verdict === "next" ? "accent" : "neutral";
}

/** Why the conversation is where it is: every decision of the router, newest first, with all that it looked at. */
export function DecisionsDialog({ conversation: c }: { conversation: ConversationView }) {
  const { api } = useBackend();
  const decisions = useQuery(queries.decisions(api, c.id));
  return (
    <Dialog
      open
      onOpenChange={closeDialog}
      size="lg"
      title={t("Why this agent")}
      description={t("What the router decided for this conversation, newest first.")}
    >
      <Loaded query={decisions} what={t("the decisions")}>
        {({ items }) =>
          items.length > 0 ? (
            <ol className="grid gap-2">
              {items.map((decision, n) => (
                <li key={decision.id}>
                  <DecisionView decision={decision} latest={n === 0} />
                </li>
              ))}
            </ol>
          ) : (
            <Empty title={t("No decision yet")}>{t("The router writes one down each time that it looks at this conversation.")}</Empty>
          )
        }
      </Loaded>
    </Dialog>
  );
}

function DecisionView({ decision: d, latest }: { decision: Decision; latest: boolean }) {
  const [open, setOpen] = useState(latest);
  return (
    <section aria-label={d.sentence} className="rounded-lg border border-line">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
        className="flex w-full items-center gap-3 rounded-lg px-3 py-2.5 text-start hover:bg-hover"
      >
        <ChevronRight aria-hidden className={cn("size-4 shrink-0 text-ink-faint transition-transform", open ? "rotate-90" : "rtl:-scale-x-100")} />
        <span className="min-w-0 flex-1">
          <span className="block text-sm font-medium">{d.sentence}</span>
          <span className="block text-xs text-ink-muted">
            {t("{{at}} · after {{trigger}}", { at: dateTime(d.at), trigger: d.trigger.replaceAll("_", " ") })}
          </span>
        </span>
        {d.override ? <Badge tone="warning">{t("Override")}</Badge> : null}
        <Badge tone={d.agent_id ? "positive" : "warning"}>{rungNames[d.rung]}</Badge>
      </button>
      {open ? (
        <div className="grid gap-3 border-t border-line p-3">
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
            <dt className="text-ink-muted">{t("Step of the ladder")}</dt>
            <dd>{rungNames[d.rung]}</dd>
            {d.waits_for ? (
              <>
                <dt className="text-ink-muted">{t("Waits for")}</dt>
                <dd>{d.waits_for}</dd>
              </>
            ) : null}
            <dt className="text-ink-muted">{t("Policy version")}</dt>
            <dd className="font-mono text-xs">{d.policy}</dd>
          </dl>
          {d.candidates.length > 0 ? (
            <Candidates candidates={d.candidates} />
          ) : (
            <p className="text-sm text-ink-muted">{t("No agent came into question.")}</p>
          )}
        </div>
      ) : null}
    </section>
  );
}

function Candidates({ candidates }: { candidates: Candidate[] }) {
  return (
    <Table label={t("Candidates")}>
      <thead>
        <tr>
          <Th>{t("Agent")}</Th>
          <Th>{t("Step")}</Th>
          <Th>{t("Verdict")}</Th>
          <Th>{t("Reason")}</Th>
        </tr>
      </thead>
      <tbody>
        {candidates.map((candidate, n) => (
          <Tr key={n}>
            <Td className="h-9 font-medium whitespace-nowrap">{candidate.name}</Td>
            <Td className="h-9 whitespace-nowrap text-ink-muted">{rungNames[candidate.rung]}</Td>
            <Td className="h-9">
              <Badge tone={tone(candidate.verdict)}>{verdictNames[candidate.verdict]}</Badge>
            </Td>
            <Td className="h-9 min-w-48 text-ink-muted">{candidate.reason}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
