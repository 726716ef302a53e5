import { AtSign, Globe, Hash, Phone, Plus, UserRound, X } from "lucide-react";
import { useState } from "react";
import type { Contact, ContactView, Point, PointKind } from "@rapport/core/api/types";
import { isProblem } from "@rapport/core/api/problem";
import { keys } from "@rapport/core/apply";
import { pointText } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { CopyButton } from "@rapport/ui/copy";
import { Input } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { FormError, useSubmission } from "@/lib/form";
import { tell } from "@/lib/tell";

export const pointIcons: Record<PointKind, typeof Phone> = { phone: Phone, email: AtSign, external: Hash, visitor: Globe, handle: UserRound, "": UserRound };

/** How a customer is reached: added, changed in place, taken away. */
export function Points({ contact, onOwner }: { contact: Contact; onOwner?: (other: { id: string; name: string }) => void }) {
  const { api, cache } = useBackend();
  const [edited, setEdited] = useState<Point | "new">();

  const put = (saved: Contact) => {
    setEdited(undefined);
    cache.patch<ContactView>(keys.contact(contact.id), (held) => ({ ...held, ...saved }));
    cache.stale([...keys.customers, "changes", contact.id]);
  };

  return (
    <div className="grid grid-cols-1 gap-1">
      <ul className="grid grid-cols-1 gap-0.5">
        {contact.points.map((point) => {
          const Icon = pointIcons[point.kind];
          const text = pointText(point);
          const own = point.kind === "visitor" || point.kind === "external";
          if (edited !== undefined && edited !== "new" && edited.kind === point.kind && edited.address === point.address) {
            return (
              <li key={`${point.kind} ${point.address}`}>
                <PointForm
                  label={t("Change {{text}}", { text })}
                  value={point.shown ?? point.address}
                  send={async (value) => {
                    put(await api.customers.changePoint(contact.id, point, value));
                  }}
                  onOwner={onOwner}
                  onLeave={() => {
                    setEdited(undefined);
                  }}
                />
              </li>
            );
          }
          return (
            <li key={`${point.kind} ${point.address}`} className="group flex min-h-7 items-center gap-2 text-sm">
              <Icon aria-label={point.kind} className="size-3.5 shrink-0 text-ink-faint" />
              {own ? (
                <span dir="ltr" className="min-w-0 flex-1 truncate text-start tabular-nums" title={text}>
                  {text}
                </span>
              ) : (
                <button
                  type="button"
                  aria-label={t("Change {{text}}", { text })}
                  title={text}
                  onClick={() => {
                    setEdited(point);
                  }}
                  className="-mx-1 min-w-0 flex-1 truncate rounded-sm px-1 text-start tabular-nums hover:bg-hover"
                >
                  <bdi dir="ltr">{text}</bdi>
                </button>
              )}
              {point.kind === "visitor" ? null : <CopyButton text={point.address} label={t("Copy {{text}}", { text })} />}
              <Button
                variant="ghost"
                size="icon-sm"
                className="size-6"
                aria-label={t("Remove {{text}}", { text })}
                onClick={() => {
                  api.customers.removePoint(contact.id, point).then(put).catch(tell);
                }}
              >
                <X />
              </Button>
            </li>
          );
        })}
      </ul>
      {edited === "new" ? (
        <PointForm
          label={t("Phone number, e-mail address or @handle")}
          value=""
          send={async (value) => {
            put(await api.customers.addPoint(contact.id, value));
          }}
          onOwner={onOwner}
          onLeave={() => {
            setEdited(undefined);
          }}
        />
      ) : (
        <button
          type="button"
          onClick={() => {
            setEdited("new");
          }}
          className="inline-flex h-6 w-fit items-center gap-1 rounded-md border border-dashed border-line-strong px-2 text-xs text-ink-muted hover:bg-hover hover:text-ink"
        >
          <Plus aria-hidden className="size-3" />
          {t("Add contact point")}
        </button>
      )}
    </div>
  );
}

function PointForm({
  label,
  value,
  send,
  onOwner,
  onLeave,
}: {
  label: string;
  value: string;
  send: (value: string) => Promise<void>;
  onOwner: ((other: { id: string; name: string }) => void) | undefined;
  onLeave: () => void;
}) {
  const [text, setText] = useState(value);
  const [owner, setOwner] = useState<{ id: string; name: string }>();
  const form = useSubmission([], async () => {
    setOwner(undefined);
    try {
      await send(text.trim());
    } catch (error) {
      if (isProblem(error) && error.code === "point_taken") setOwner((error.document as Record<string, unknown>)["contact"] as { id: string; name: string } | undefined);
      throw error;
    }
  });
  return (
    <form onSubmit={form.submit} className="grid gap-1.5 py-1">
      <div className="flex gap-1.5">
        <Input
          autoFocus
          aria-label={label}
          placeholder={label}
          maxLength={300}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            onLeave();
          }}
        />
        <Button type="submit" disabled={form.busy || !text.trim()}>
          {t("Save")}
        </Button>
      </div>
      <FormError>{form.error}</FormError>
      {owner && onOwner ? (
        <Button
          onClick={() => {
            onOwner(owner);
          }}
        >
          {t("Compare with {{name}}", { name: owner.name })}
        </Button>
      ) : null}
    </form>
  );
}
