import { Bot, CircleAlert, CornerDownLeft, Info } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { BotView, Turn } from "@rapport/core/api/bots";
import { sentenceOf } from "@rapport/core/api/problem";
import { fieldLabel, number } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Input } from "@rapport/ui/field";
import { Badge, Empty, Spinner } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";

interface Round {
  text: string;
  turn?: Turn;
  why?: string;
  took?: number;
}

/** Asks the bot for single turns, without a conversation and without a trace. */
export function TryDialog({ bot, onClose }: { bot: BotView; onClose: () => void }) {
  const { api } = useBackend();
  const [text, setText] = useState("");
  const [rounds, setRounds] = useState<Round[]>([]);
  const call = useRef<AbortController>(undefined);
  const end = useRef<HTMLDivElement>(null);
  const busy = rounds.some((round) => !round.turn && round.why === undefined);

  useEffect(
    () => () => {
      call.current?.abort();
    },
    [],
  );
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [rounds]);

  function finish(change: Partial<Round>): void {
    setRounds((held) => held.map((round, n) => (n === held.length - 1 ? { ...round, ...change } : round)));
  }

  function say(words: string): void {
    if (!words.trim() || busy) return;
    const current = new AbortController();
    call.current = current;
    const start = performance.now();
    setText("");
    setRounds([...rounds, { text: words.trim() }]);
    api.bots
      .tryOut(bot.id, words.trim(), current.signal)
      .then((turn) => {
        if (!current.signal.aborted) finish({ turn, took: performance.now() - start });
      })
      .catch((error: unknown) => {
        finish({ why: current.signal.aborted ? t("Cancelled.") : sentenceOf(error) });
      });
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("Try {{name}}", { name: bot.name })}
      description={t("Each text is a first message of its own: nobody sees it, and nothing is kept.")}
      footer={
        <form
          className="flex w-full gap-2"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            say(text);
          }}
        >
          <Input
            autoFocus
            aria-label={t("What a customer writes")}
            placeholder={t("What a customer writes")}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
            }}
          />
          {busy ? (
            <Button
              onClick={() => {
                call.current?.abort();
              }}
            >
              {t("Cancel")}
            </Button>
          ) : (
            <Button type="submit" variant="primary" disabled={!text.trim()}>
              {t("Send")}
              <CornerDownLeft aria-hidden />
            </Button>
          )}
        </form>
      }
    >
      <div role="log" aria-label={t("Trial")} className="grid min-h-52 content-start gap-4">
        {rounds.length === 0 ? (
          <Empty icon={<Bot />} title={t("Say something")} className="py-10">
            {t("You see what the bot would answer and do, before a customer does.")}
          </Empty>
        ) : null}
        {rounds.map((round, n) => (
          <div key={n} className="grid gap-2">
            <p className="ms-auto max-w-4/5 rounded-lg rounded-se-sm bg-theirs px-3 py-2 text-md break-words whitespace-pre-wrap">{round.text}</p>
            <Outcome round={round} onButton={say} />
          </div>
        ))}
        <div ref={end} />
      </div>
    </Dialog>
  );
}

function Outcome({ round: { turn, why, took }, onButton }: { round: Round; onButton: (text: string) => void }) {
  if (why !== undefined) {
    return (
      <p role="alert" className="flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-sm">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
        {why}
      </p>
    );
  }
  if (!turn) {
    return (
      <p className="flex items-center gap-2 text-xs text-ink-muted">
        <Spinner label={t("Waiting for the bot")} /> {t("Waiting for the bot …")}
      </p>
    );
  }
  const fields = Object.entries({ ...turn.fields, ...turn.handoff?.fields });
  const nothing = turn.messages.length + fields.length + turn.tags.length === 0 && !turn.handoff && !turn.end;
  return (
    <div className="grid max-w-4/5 justify-items-start gap-2">
      {turn.messages.map((reply, n) => (
        <div key={n} className="grid justify-items-start gap-1.5">
          <p className="rounded-lg rounded-ss-sm bg-machine px-3 py-2 text-md break-words whitespace-pre-wrap">{reply.text}</p>
          {reply.buttons?.length ? (
            <div className="flex flex-wrap gap-1">
              {reply.buttons.map((button) => (
                <Button
                  key={button}
                  size="sm"
                  className="rounded-full"
                  onClick={() => {
                    onButton(button);
                  }}
                >
                  {button}
                </Button>
              ))}
            </div>
          ) : null}
        </div>
      ))}
      {nothing ? (
        <p className="flex items-center gap-2 text-sm text-ink-muted">
          <Info aria-hidden className="size-4" />
          {t("The bot says nothing now. It may answer later.")}
        </p>
      ) : null}
      {turn.handoff ? (
        <div className="w-full rounded-md border border-line-strong px-3 py-2 text-sm">
          <p className="font-medium">{t("Hands off to {{target}}", { target: target(turn.handoff) })}</p>
          {turn.handoff.reason ? <p className="text-ink-muted">{turn.handoff.reason}</p> : null}
          {turn.handoff.summary ? <p className="mt-1 whitespace-pre-wrap">{turn.handoff.summary}</p> : null}
        </div>
      ) : null}
      <p className="flex flex-wrap gap-1.5">
        {turn.end ? <Badge tone="accent">{t("Ends the conversation")}</Badge> : null}
        {turn.tags.map((tag) => (
          <Badge key={tag}>{t("Tag: {{tag}}", { tag })}</Badge>
        ))}
        {fields.map(([name, value]) => (
          <Badge key={name}>
            {fieldLabel(name)}: {value}
          </Badge>
        ))}
        {took === undefined ? null : <span className="text-2xs text-ink-faint tabular-nums">{took < 100 ? `< ${number(0.1, 1)}` : number(took / 1000, 1)} s</span>}
      </p>
    </div>
  );
}

function target(handoff: NonNullable<Turn["handoff"]>): string {
  if (handoff.last_agent) return t("the customer’s own agent");
  return handoff.agent ?? handoff.queue ?? t("whoever the router finds");
}
