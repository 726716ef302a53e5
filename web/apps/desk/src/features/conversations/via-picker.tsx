import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { addressText, type Way, wayKey } from "@rapport/core/api/outbound";
import type { ConversationView, Item } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { wantedSenders, wantSender } from "@/lib/carried";
import { later } from "@/lib/later";
import { Picker, type PickerOption } from "@/lib/picker";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";

const OngoingDialog = later(() => import("./ongoing-dialog").then((part) => part.OngoingDialog));

export interface Chosen {
  /** What is sent along with a reply; nothing while it goes as the last one did. */
  extra: { inbox_id?: string; point?: { kind: Way["point"]["kind"]; address: string } };
  /** Why nothing can be sent yet. */
  hold: string | undefined;
}

/** By which inbox and to which address the next reply goes (S3-33). */
export function useWay(c: ConversationView, active: boolean) {
  const { api } = useBackend();
  const [picked, setPicked] = useState<{ key: string; after: string }>();
  const ways = useQuery({ ...queries.ways(api, c.id, `${c.inbox_id} ${c.point.address} ${c.queue_id}`), enabled: active });
  const list = ways.data?.items ?? [];
  const now = `${c.inbox_id} ${c.point.kind} ${c.point.address}`;
  // What was picked holds until the conversation itself goes another way; it does not come back with the old one.
  if (picked && picked.after !== now) setPicked(undefined);
  const key = picked?.after === now ? picked.key : undefined;
  const wanted = useStore(wantedSenders, ({ of }) => of[c.id]);
  const asked = wanted ? list.filter((one) => one.inbox.id === wanted) : [];
  const way = list.find((one) => wayKey(one) === key) ?? asked.find((one) => one.chosen) ?? asked[0] ?? list.find((one) => one.chosen);
  const chosen: Chosen = {
    extra: way && !way.last ? { inbox_id: way.inbox.id, point: { kind: way.point.kind, address: way.point.address } } : {},
    hold: active && ways.data && !way ? t("Choose what to send from first.") : undefined,
  };
  return {
    ...chosen,
    list,
    way,
    loading: ways.isPending,
    pick: (next: string) => {
      wantSender(c.id, undefined);
      setPicked({ key: next, after: now });
    },
    refresh: () => void ways.refetch(),
  };
}

/** Words for an inbox and an address. */
function words(name: string, address: string): string {
  return address ? `${name} · ${address}` : name;
}

/** Shows by which way a reply goes, and changes it. Where another conversation is ongoing, it offers to merge or to open that. */
export function ViaPicker({ conversation: c, ways }: { conversation: ConversationView; ways: ReturnType<typeof useWay> }) {
  const [asked, setAsked] = useState<Way>();
  const { list, way } = ways;
  const current = way ? words(way.inbox.name, addressText(way.point)) : ways.hold ? t("Choose a sender") : c.inbox_name;
  const options = list.map(
    (one): PickerOption => ({
      value: wayKey(one),
      label: words(one.inbox.name, addressText(one.point)),
      detail: one.ongoing ? t("Another conversation is ongoing there") : one.last ? t("Used last") : undefined,
      group: one.default_in?.length ? t("Default in {{queues}}", { queues: one.default_in.map((queue) => queue.name).join(", ") }) : t("Other inboxes"),
      why: one.ok ? undefined : one.why,
    }),
  );
  options.sort((a, b) => Number(a.group === t("Other inboxes")) - Number(b.group === t("Other inboxes")) || (a.group ?? "").localeCompare(b.group ?? ""));
  return (
    <>
      <Picker
        label={t("Send from")}
        side="top"
        triggerClassName={ways.hold ? "px-1.5 py-0.5 text-xs font-medium text-warning" : "px-1.5 py-0.5 text-xs text-ink-muted"}
        trigger={ways.hold ? current : t("via {{via}}", { via: current })}
        options={options}
        value={way ? wayKey(way) : undefined}
        loading={ways.loading}
        onOpen={ways.refresh}
        empty={t("The customer has no address that an inbox could write to.")}
        onChange={(key) => {
          const next = list.find((one) => wayKey(one) === key);
          if (next?.ongoing) setAsked(next);
          else ways.pick(key);
        }}
      />
      {asked?.ongoing ? (
        <OngoingDialog
          conversation={c}
          way={asked}
          other={asked.ongoing}
          onClose={() => {
            setAsked(undefined);
          }}
          onMerged={() => {
            setAsked(undefined);
            ways.pick(wayKey(asked));
            ways.refresh();
          }}
        />
      ) : null}
    </>
  );
}

/** Says by which way a message went, where that is another one than before it. */
export function wayChanges(items: readonly Item[], inboxName: (id: string) => string | undefined): (item: Item) => string | undefined {
  const said = new Map<number, string>();
  const inboxes = new Set(items.map((item) => item.inbox_id).filter(Boolean));
  let before: Item | undefined;
  for (const item of items) {
    if (item.kind !== "message" || !item.inbox_id) continue;
    const moved = before ? before.inbox_id !== item.inbox_id || (item.point !== undefined && item.point.address !== before.point?.address) : inboxes.size > 1;
    if (moved) said.set(item.seq, words(inboxName(item.inbox_id) ?? t("an inbox that was removed"), item.point ? addressText(item.point) : ""));
    before = item.point || !before?.point || before.inbox_id !== item.inbox_id ? item : { ...item, point: before.point };
  }
  return (item) => said.get(item.seq);
}
