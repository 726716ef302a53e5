import { useQuery } from "@tanstack/react-query";
import { FileCheck2, MessageSquareText, WandSparkles, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, type RefObject, useState } from "react";
import type { TemplateUse, Then } from "@rapport/core/api/texts";
import type { ConversationView, Item } from "@rapport/core/api/types";
import { blanksOf } from "@rapport/core/texts";
import { t } from "@rapport/i18n";
import type { ComposerHandle, ComposerMode } from "@rapport/thread/composer";
import type { ComposerMenu } from "@rapport/thread/composer-menu";
import { Button } from "@rapport/ui/button";
import { Tip } from "@rapport/ui/tip";
import { useBackend } from "@/lib/backend";
import { goToBlank } from "@/lib/blanks";
import { cannedMenu } from "@/lib/canned-menu";
import { setTemplate, templateUses } from "@/lib/carried";
import { useCommands } from "@/lib/commands";
import { openDialog } from "@/lib/desk-state";
import { effectText } from "@/lib/effects";
import { useNow } from "@/lib/now";
import { dropPending, pendings, sendPending, setPending } from "@/lib/pending";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";
import { tell } from "@/lib/tell";
import { type Chosen, TemplatePanel, whyShut } from "@/lib/template-panel";
import { templateText } from "@/lib/template-text";

/** The part that stock text, templates and macros have in writing. */
export interface TextParts {
  menus: ComposerMenu[];
  above: ReactNode;
  add: ReactNode;
  hold: string | undefined;
  loaded: boolean;
  onKey: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
  /** What goes with the message, and the text to show meanwhile if it is not the draft. */
  take: () => { template?: TemplateUse; then?: Then; text?: string };
}

/** Stock text, templates and macros in the composer of a conversation (S3-44…S3-51); the reply goes by `inbox`. */
export function useTexts(c: ConversationView, mode: ComposerMode, draft: string, items: Item[], inbox: string, composer: RefObject<ComposerHandle | null>): TextParts {
  const backend = useBackend();
  const { api } = backend;
  const now = useNow();
  const blanks = blanksOf(draft);
  const held = useStore(pendings, (all) => all[c.id]);
  const pending = held?.sending ? undefined : held;
  const isReply = mode === "reply";
  const elsewhere = useQuery({ ...queries.writingWindow(api, inbox, c.contact_id), enabled: isReply && inbox !== c.inbox_id }).data?.window;
  const window = inbox === c.inbox_id ? c.window : elsewhere;
  const shut = isReply && !open(window, items, (item) => (item.inbox_id ?? c.inbox_id) === inbox, now);
  const [picking, setPicking] = useState(false);
  const wanted = useStore(templateUses, ({ of }) => of[c.id]);
  const usable = useQuery({ ...queries.messageTemplates(api, inbox, true), enabled: inbox !== "" }).data ?? [];
  const template = wanted && usable.find((one) => one.id === wanted.id);
  const chosen: Chosen | undefined = template && { template, values: wanted.values };
  const setChosen = (next: Chosen | undefined) => {
    setTemplate(c.id, next && { id: next.template.id, values: next.values });
  };
  const showTemplates = isReply && c.may.reply.ok && (shut || picking || chosen !== undefined);
  const filled = chosen?.template.variables.every((one) => (chosen.values[one.name] ?? "").trim() !== "");

  let hold: string | undefined;
  if (showTemplates && !chosen && shut) hold = t("Only an approved template can be sent now.");
  else if (showTemplates && chosen && !filled) hold = t("Fill in every variable of the template first.");
  else if (!(showTemplates && chosen) && blanks.length > 0) hold = t("Fill in the open fields first: {{names}}", { names: [...new Set(blanks.map((one) => one.name))].join(", ") });

  return {
    menus: [cannedMenu(api, { conversation: c.id })],
    above: (
      <>
        {showTemplates ? (
          <TemplatePanel
            templates={usable}
            chosen={chosen}
            onChosen={setChosen}
            why={shut ? whyShut(window, c.contact_name) : undefined}
            onClose={
              shut
                ? undefined
                : () => {
                    setPicking(false);
                    setChosen(undefined);
                  }
            }
          />
        ) : null}
        {blanks.length > 0 ? (
          <div className="flex flex-wrap items-center gap-1.5 px-3 pt-2 text-xs text-ink-muted">
            <span>{t("Fill in (Tab):")}</span>
            {blanks.map((one) => (
              <button
                key={one.from}
                type="button"
                onClick={() => {
                  composer.current?.insert(draft.slice(one.from, one.to), one, { from: 0, to: one.to - one.from });
                }}
                className="rounded-md bg-warning-soft px-1.5 py-0.5 font-medium text-ink hover:underline"
              >
                {one.name}
              </button>
            ))}
          </div>
        ) : null}
        {isReply && pending ? (
          <div role="group" aria-label={t("With your reply")} className="flex flex-wrap items-center gap-1.5 px-3 pt-2 text-xs">
            <span className="text-ink-muted">{t("{{macro}}, with your reply:", { macro: pending.macro.name })}</span>
            {pending.effects.map((effect) => (
              <span key={effect.kind} className="inline-flex h-6 items-center gap-0.5 rounded-md bg-accent-soft ps-2 font-medium">
                {effectText(effect)}
                <button
                  type="button"
                  aria-label={t("Leave out {{effect}}", { effect: effectText(effect) })}
                  onClick={() => {
                    dropPending(c.id, effect.kind);
                  }}
                  className="inline-flex size-6 items-center justify-center rounded-md text-ink-muted hover:text-ink"
                >
                  <X aria-hidden className="size-3" />
                </button>
              </span>
            ))}
            <Button
              size="sm"
              variant="ghost"
              disabled={pending.macro.id === ""}
              onClick={() => {
                const without = (["state", "queue", "assignee"] as const).filter((kind) => !pending.effects.some((one) => one.kind === kind));
                api.macros
                  .apply(pending.macro.id, { conversation_id: c.id, rest: true, without })
                  .then((done) => {
                    setPending(c.id, undefined);
                    backend.put(done.conversation);
                  })
                  .catch((error: unknown) => {
                    tell(error);
                  });
              }}
            >
              {t("Do it now")}
            </Button>
          </div>
        ) : null}
      </>
    ),
    add: (
      <Additions
        templates={isReply && !shut && usable.length > 0}
        onCanned={() => {
          composer.current?.insert(draft === "" || /\s$/.test(draft) ? "/" : " /", { from: draft.length, to: draft.length });
        }}
        onTemplates={() => {
          setPicking(true);
        }}
      />
    ),
    hold: isReply || blanks.length > 0 ? hold : undefined,
    loaded: showTemplates && chosen !== undefined,
    onKey: (event) => goToBlank(event, draft),
    take: () => {
      if (!isReply) return {};
      const taken: ReturnType<TextParts["take"]> = {};
      if (showTemplates && chosen) {
        taken.template = { id: chosen.template.id, values: chosen.values };
        taken.text = templateText(chosen.template, chosen.values);
        setChosen(undefined);
        setPicking(false);
      }
      if (pending) {
        taken.then = pending.then;
        sendPending(c.id, pending);
      }
      return taken;
    },
  };
}

function Additions({ templates, onCanned, onTemplates }: { templates: boolean; onCanned: () => void; onTemplates: () => void }) {
  const { all } = useCommands();
  const keys = all.find((one) => one.id === "macros")?.keys?.[0];
  return (
    <span className="flex shrink-0">
      <Tip text={t("Canned response")} keys="/">
        <Button variant="ghost" size="icon-sm" aria-label={t("Canned response")} onClick={onCanned}>
          <MessageSquareText />
        </Button>
      </Tip>
      <Tip text={t("Apply a macro")} keys={keys}>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t("Apply a macro")}
          onClick={() => {
            openDialog("macros");
          }}
        >
          <WandSparkles />
        </Button>
      </Tip>
      {templates ? (
        <Tip text={t("Approved template")}>
          <Button variant="ghost" size="icon-sm" aria-label={t("Approved template")} onClick={onTemplates}>
            <FileCheck2 />
          </Button>
        </Tip>
      ) : null}
    </span>
  );
}

/** Whether any text may be sent now: within some hours after the customer's last message by that way (S3-51). */
function open(window: ConversationView["window"], items: Item[], sameWay: (item: Item) => boolean, now: number): boolean {
  if (!window) return true;
  const heard = items.findLast((item) => item.by === "customer" && item.kind === "message" && sameWay(item));
  const ends = Math.max(Date.parse(window.ends_at ?? "") || 0, heard ? Date.parse(heard.at) + window.hours * 3_600_000 : 0);
  return ends > now;
}
