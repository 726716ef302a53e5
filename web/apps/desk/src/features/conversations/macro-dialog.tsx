import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import type { Macro } from "@rapport/core/api/texts";
import type { ConversationView } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { clientId } from "@rapport/core/id";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Dialog } from "@rapport/ui/dialog";
import { Input, Select } from "@rapport/ui/field";
import { Empty } from "@rapport/ui/marks";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { wantSender } from "@/lib/carried";
import { closeDialog, desk } from "@/lib/desk-state";
import { drafts } from "@/lib/drafts";
import { EffectList } from "@/lib/effects";
import { FormError } from "@/lib/form";
import { Loaded, RowsLoading } from "@/lib/page";
import { setPending } from "@/lib/pending";
import { queries } from "@/lib/queries";
import { tell } from "@/lib/tell";

/** Finds a macro, shows exactly what it would change, and applies it (S3-47). */
export function MacroDialog({ conversation: c }: { conversation: ConversationView }) {
  const { api } = useBackend();
  const macros = useQuery(queries.macros(api, c.queue_id));
  return (
    <Dialog open onOpenChange={closeDialog} title={t("Apply a macro")} size="lg">
      <Loaded query={macros} what={t("the macros")}>
        {(items) =>
          items.length === 0 ? <Empty title={t("There are no macros for {{queue}} yet", { queue: c.queue_name })}>{t("Supervisors make them under Macros.")}</Empty> : <Picker conversation={c} macros={items} />
        }
      </Loaded>
    </Dialog>
  );
}

function Picker({ conversation: c, macros }: { conversation: ConversationView; macros: Macro[] }) {
  const backend = useBackend();
  const { api } = backend;
  const listId = useId();
  const [words, setWords] = useState("");
  const [tag, setTag] = useState("");
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const tags = [...new Set(macros.flatMap((one) => one.tags ?? []))].sort();
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = macros.filter((one) => {
    const text = `${one.name} ${one.help ?? ""} ${(one.tags ?? []).join(" ")}`.toLowerCase();
    return wanted.every((word) => text.includes(word)) && (tag === "" || one.tags?.includes(tag));
  });
  const active = found[Math.min(at, found.length - 1)];
  const preview = useQuery({
    queryKey: [...keys.macros("preview"), active?.id, c.id, c.version],
    queryFn: ({ signal }) => api.macros.preview(active?.id ?? "", c.id, signal),
    enabled: active !== undefined,
    staleTime: 0,
    gcTime: 0,
  });
  const plan = preview.data;

  async function apply(): Promise<void> {
    if (!active || busy || plan?.refusal) return;
    setBusy(true);
    try {
      const done = await api.macros.apply(active.id, { conversation_id: c.id, client_id: clientId() });
      backend.put(done.conversation);
      if (done.body) {
        const draft = drafts.read(c.id, "message");
        drafts.write(c.id, "message", draft ? `${draft}\n${done.body}` : done.body);
      }
      if (done.inbox_id) wantSender(c.id, done.inbox_id);
      const later = done.effects.filter((effect) => effect.later);
      if (later.length > 0) setPending(c.id, { macro: { id: active.id, name: active.name }, then: done.later, effects: later });
      closeDialog();
      desk.set({ mode: "reply", compose: desk.get().compose + 1 });
      toast(t("Applied {{macro}}", { macro: active.name }));
    } catch (error) {
      tell(error);
      setBusy(false);
    }
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter") void apply();
    else return;
    event.preventDefault();
  }

  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <div className="grid content-start gap-2">
        <div className="flex gap-2">
          <Input
            autoFocus
            role="combobox"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={active ? `${listId}${active.id}` : undefined}
            aria-label={t("Search macros")}
            placeholder={t("Search macros")}
            value={words}
            onChange={(event) => {
              setWords(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
          {tags.length > 0 ? (
            <Select
              aria-label={t("Tag")}
              className="w-36 shrink-0"
              value={tag}
              onChange={(event) => {
                setTag(event.target.value);
                setAt(0);
              }}
            >
              <option value="">{t("All tags")}</option>
              {tags.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          ) : null}
        </div>
        <ul id={listId} role="listbox" aria-label={t("Macros")} className="max-h-72 overflow-y-auto">
          {found.map((one, n) => (
            <li
              key={one.id}
              id={`${listId}${one.id}`}
              role="option"
              aria-selected={one === active}
              onClick={() => {
                setAt(n);
              }}
              onDoubleClick={() => void apply()}
              className={cn("cursor-default rounded-md px-2 py-1.5 text-sm", one === active && "bg-accent-soft")}
            >
              <span className="font-medium">{one.name}</span>
              {one.help ? <span className="block truncate text-xs text-ink-muted">{one.help}</span> : null}
            </li>
          ))}
        </ul>
        {found.length === 0 ? <p className="text-sm text-ink-muted">{t("No macro fits.")}</p> : null}
      </div>
      <section aria-label={t("What it changes")} aria-live="polite" className="grid content-start gap-3 rounded-md border border-line p-3">
        {active === undefined ? (
          <p className="text-sm text-ink-muted">{t("Choose a macro to see what it changes.")}</p>
        ) : (
          <Loaded query={preview} what={t("the preview")} loading={<RowsLoading rows={3} />}>
            {(shown) => (
              <>
                <h3 className="font-semibold">{active.name}</h3>
                {shown.refusal ? <FormError>{shown.refusal}</FormError> : <EffectList effects={shown.effects} />}
                {shown.warning ? <p className="text-xs text-warning">{shown.warning}</p> : null}
              </>
            )}
          </Loaded>
        )}
        <Button variant="primary" className="justify-self-end" disabled={!active || busy || !plan || plan.refusal !== undefined} onClick={() => void apply()}>
          {t("Apply")}
        </Button>
      </section>
    </div>
  );
}
