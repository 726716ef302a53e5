import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, Bookmark, EllipsisVertical, Pencil, Pin, PinOff, Trash2, UsersRound } from "lucide-react";
import type { SavedView } from "@rapport/core/api/views";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Menu, MenuItem, MenuLabel, MenuLine } from "@rapport/ui/menu";
import { type Backend, useBackend } from "@/lib/backend";
import { closeDialog } from "@/lib/desk-state";
import type { ListSearch } from "@/lib/list-search";
import { moved, type Step } from "@/lib/order";
import { queries } from "@/lib/queries";
import { tell, tellUndoable } from "@/lib/tell";
import { editView } from "@/lib/view-draft";

/** The address of a saved view: what it shows, and which it is. */
export function searchOf(view: SavedView): ListSearch {
  return {
    saved: view.id,
    ...(view.filter && Object.keys(view.filter).length > 0 ? { filter: view.filter } : {}),
    ...(view.sort ? { sort: view.sort } : {}),
    ...(view.layout === "table" ? { layout: "table" as const } : {}),
    ...(view.columns.length > 0 ? { columns: view.columns } : {}),
  };
}

async function again(backend: Backend): Promise<void> {
  await Promise.all([backend.client.invalidateQueries({ queryKey: keys.views }), backend.client.invalidateQueries({ queryKey: keys.viewCounts })]);
}

/** Saved views in the navigation, in the person's own order, with what each holds. */
export function SavedViews({ entry, current }: { entry: string; current: string }) {
  const backend = useBackend();
  const views = useQuery(queries.views(backend.api)).data?.items ?? [];
  const counts = useQuery(queries.viewCounts(backend.api)).data?.counts ?? {};
  const { saved } = useSearch({ strict: false });
  const pinned = views.filter((view) => view.pinned || view.id === saved);
  const hidden = views.filter((view) => !pinned.includes(view));
  if (views.length === 0) return null;

  const move = (view: SavedView, step: Step) => {
    const ids = pinned.map(({ id }) => id);
    const order = moved(ids, ids.indexOf(view.id), step);
    backend.api.views
      .order([...order, ...hidden.map(({ id }) => id)])
      .then(() => again(backend))
      .catch(tell);
  };
  return (
    <section className="mt-4">
      <h2 className="flex items-center px-2 pb-1 text-2xs font-medium text-ink-faint">
        <span className="flex-1">{t("Views")}</span>
        {hidden.length > 0 ? (
          <Menu
            trigger={
              <button type="button" className="rounded-sm px-1 hover:text-ink">
                {t("{{count}} more", { count: hidden.length })}
              </button>
            }
          >
            <MenuLabel>{t("Show in the navigation")}</MenuLabel>
            {hidden.map((view) => (
              <MenuItem
                key={view.id}
                onSelect={() => {
                  backend.api.views
                    .pin(view.id, true)
                    .then(() => again(backend))
                    .catch(tell);
                }}
              >
                <Pin aria-hidden />
                {view.name}
              </MenuItem>
            ))}
          </Menu>
        ) : null}
      </h2>
      <ul aria-label={t("Views")} className="grid gap-0.5">
        {pinned.map((view, n) => {
          const count = counts[view.id];
          return (
            <li key={view.id} className="group/view relative">
              <Link
                to="/$view"
                params={{ view: view.view }}
                search={searchOf(view)}
                onClick={closeDialog}
                aria-current={saved === view.id ? "page" : undefined}
                className={cn(entry, "pe-7", saved === view.id && current)}
              >
                {view.shared ? <UsersRound aria-label={t("Shared")} /> : <Bookmark aria-hidden />}
                <span className="min-w-0 flex-1 truncate">{view.name}</span>
                {count ? (
                  <span className="text-xs tabular-nums">
                    {count.n}
                    {count.more ? "+" : ""}
                  </span>
                ) : null}
              </Link>
              <span className="absolute inset-y-0 end-0.5 flex items-center opacity-0 group-focus-within/view:opacity-100 group-hover/view:opacity-100 has-data-[state=open]:opacity-100 max-lg:opacity-100">
                <Menu
                  side="right"
                  align="start"
                  trigger={
                    <Button variant="ghost" size="icon-sm" aria-label={t("Actions of the view {{name}}", { name: view.name })}>
                      <EllipsisVertical />
                    </Button>
                  }
                >
                  {view.editable ? (
                    <MenuItem
                      onSelect={() => {
                        editView(view);
                      }}
                    >
                      <Pencil aria-hidden />
                      {t("Edit")}
                    </MenuItem>
                  ) : null}
                  <MenuItem
                    disabled={n === 0}
                    onSelect={() => {
                      move(view, -1);
                    }}
                  >
                    <ArrowUp aria-hidden />
                    {t("Move up")}
                  </MenuItem>
                  <MenuItem
                    disabled={n === pinned.length - 1}
                    onSelect={() => {
                      move(view, 1);
                    }}
                  >
                    <ArrowDown aria-hidden />
                    {t("Move down")}
                  </MenuItem>
                  <MenuItem
                    onSelect={() => {
                      backend.api.views
                        .pin(view.id, false)
                        .then(() => again(backend))
                        .catch(tell);
                    }}
                  >
                    <PinOff aria-hidden />
                    {t("Take out of the navigation")}
                  </MenuItem>
                  {view.editable ? (
                    <>
                      <MenuLine />
                      <MenuItem
                        danger
                        onSelect={() => {
                          backend.api.views
                            .remove(view.id)
                            .then(() => {
                              tellUndoable(t("The view “{{name}}” was deleted.", { name: view.name }), async () => {
                                await backend.api.views.restore(view.id);
                                await again(backend);
                              });
                              return again(backend);
                            })
                            .catch(tell);
                        }}
                      >
                        <Trash2 aria-hidden />
                        {t("Delete")}
                      </MenuItem>
                    </>
                  ) : null}
                </Menu>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
