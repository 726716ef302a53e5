import { useQuery } from "@tanstack/react-query";
import { AlarmClock, CircleDot, Flag, Tag, UserRoundPlus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { State } from "@rapport/core/api/types";
import type { BulkAction, Listing } from "@rapport/core/api/views";
import { priorityNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Menu, MenuItem, MenuLabel, MenuLine } from "@rapport/ui/menu";
import { Tip } from "@rapport/ui/tip";
import { useBackend } from "@/lib/backend";
import { startBulk } from "@/lib/bulk";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { queries } from "@/lib/queries";
import { clearSelection, selectAll, selection } from "@/lib/selection";
import { useStore } from "@/lib/store";
import { TagField } from "@/lib/tag-field";
import { tell } from "@/lib/tell";
import { allPriorities } from "./filter-words";

const HOUR = 3_600_000;

/** The next day at nine o'clock, some days from now. */
function morning(days: number): Date {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(9, 0, 0, 0);
  return at;
}

const states: { state: State; label: string }[] = [
  { state: "pending", label: t("Set to pending") },
  { state: "open", label: t("Set to open") },
  { state: "solved", label: t("Solve") },
  { state: "closed", label: t("Close") },
];

/** What can be done with the conversations that are chosen. */
export function BulkBar({ listing, loaded, narrowed, more, wide }: { listing: Listing; loaded: number; narrowed: boolean; more: boolean; wide: boolean }) {
  const backend = useBackend();
  const { api } = backend;
  const chosen = useStore(selection, (state) => state);
  const agents = useQuery(queries.agents(api)).data?.items ?? [];
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  const [tagging, setTagging] = useState(false);
  const of = chosen.all ? { match: listing, except: [...chosen.ids] } : { ids: [...chosen.ids] };
  const start = (action: BulkAction) => startBulk(backend, of, action);
  const act = (action: BulkAction) => {
    start(action).catch(tell);
  };
  const count = chosen.all ? loaded - chosen.ids.size : chosen.ids.size;
  return (
    <div role="toolbar" aria-label={t("Change the selection")} className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-1 border-b border-line bg-accent-soft px-2 pb-1">
      <Button variant="ghost" size="icon-sm" aria-label={t("Clear selection")} onClick={clearSelection}>
        <X />
      </Button>
      <span aria-live="polite" className="text-xs font-medium tabular-nums">
        {chosen.all && more ? t("All that match") : t("{{count}} selected", { count })}
      </span>
      {chosen.all || (narrowed && count >= loaded) ? null : (
        <Button variant="ghost" size="sm" onClick={selectAll}>
          {narrowed ? t("Select the {{count}} shown", { count: loaded }) : t("Select all that match")}
        </Button>
      )}
      <span className="flex-1" />
      <span className="flex">
        <Act label={t("Assign")} icon={<UserRoundPlus />} wide={wide}>
          <MenuItem
            onSelect={() => {
              act({ do: "assign", agent_id: "me" });
            }}
          >
            {t("To me")}
          </MenuItem>
          <MenuItem
            onSelect={() => {
              act({ do: "release" });
            }}
          >
            {t("Back into the queue")}
          </MenuItem>
          <MenuLabel>{t("Queue")}</MenuLabel>
          {queues.map((queue) => (
            <MenuItem
              key={queue.id}
              onSelect={() => {
                act({ do: "queue", queue_id: queue.id });
              }}
            >
              {queue.name}
            </MenuItem>
          ))}
          <MenuLabel>{t("Agent")}</MenuLabel>
          {agents.map((agent) => (
            <MenuItem
              key={agent.id}
              onSelect={() => {
                act({ do: "assign", agent_id: agent.id });
              }}
            >
              {agent.name}
            </MenuItem>
          ))}
        </Act>
        <Act label={t("Status")} icon={<CircleDot />} wide={wide}>
          {states.map(({ state, label }) => (
            <MenuItem
              key={state}
              onSelect={() => {
                act({ do: "state", state });
              }}
            >
              {label}
            </MenuItem>
          ))}
        </Act>
        <Act label={t("Priority")} icon={<Flag />} wide={wide}>
          {allPriorities.map((priority) => (
            <MenuItem
              key={priority}
              onSelect={() => {
                act({ do: "priority", priority });
              }}
            >
              {priorityNames[priority]}
            </MenuItem>
          ))}
        </Act>
        <Tip text={t("Tags")}>
          <Button
            variant="ghost"
            size={wide ? "sm" : "icon-sm"}
            aria-label={t("Tags")}
            onClick={() => {
              setTagging(true);
            }}
          >
            <Tag />
            {wide ? t("Tags") : null}
          </Button>
        </Tip>
        <Act label={t("Snooze")} icon={<AlarmClock />} wide={wide}>
          <MenuItem
            onSelect={() => {
              act({ do: "snooze", until: new Date(Date.now() + HOUR).toISOString() });
            }}
          >
            {t("For an hour")}
          </MenuItem>
          <MenuItem
            onSelect={() => {
              act({ do: "snooze", until: morning(1).toISOString() });
            }}
          >
            {t("Until tomorrow morning")}
          </MenuItem>
          <MenuLine />
          <MenuItem
            onSelect={() => {
              act({ do: "snooze", until: morning(7).toISOString() });
            }}
          >
            {t("For a week")}
          </MenuItem>
        </Act>
      </span>
      {tagging ? (
        <TagsDialog
          start={start}
          onClose={() => {
            setTagging(false);
          }}
        />
      ) : null}
    </div>
  );
}

function Act({ label, icon, wide, children }: { label: string; icon: ReactNode; wide: boolean; children: ReactNode }) {
  return (
    <Menu
      trigger={
        <Button variant="ghost" size={wide ? "sm" : "icon-sm"} aria-label={label} title={label}>
          {icon}
          {wide ? label : null}
        </Button>
      }
    >
      {children}
    </Menu>
  );
}

function TagsDialog({ start, onClose }: { start: (action: BulkAction) => Promise<void>; onClose: () => void }) {
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const form = useSubmission([], async () => {
    if (add.length + remove.length > 0) await start({ do: "tags", add_tags: add, remove_tags: remove });
    onClose();
  });
  return (
    <FormDialog form={form} title={t("Change tags")} size="sm" submit={t("Change")} onClose={onClose}>
      <fieldset>
        <legend className="pb-1 text-sm font-medium">{t("Add")}</legend>
        <TagField tags={add} label={t("Tag to add")} below onChange={setAdd} />
      </fieldset>
      <fieldset>
        <legend className="pb-1 text-sm font-medium">{t("Take off")}</legend>
        <TagField tags={remove} label={t("Tag to take off")} any below onChange={setRemove} />
      </fieldset>
    </FormDialog>
  );
}
