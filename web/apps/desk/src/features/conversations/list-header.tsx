import { ArrowUpDown, BookmarkPlus, ListFilter, Rows3, Table2, X } from "lucide-react";
import { useState } from "react";
import type { Sort, View } from "@rapport/core/api/types";
import { viewNames } from "@rapport/core/format";
import { sortOf, sortsOf, tidyFilter } from "@rapport/core/lists";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Menu, MenuChoice, MenuChoices, MenuLabel } from "@rapport/ui/menu";
import { CommandButton } from "@/lib/commands";
import { later } from "@/lib/later";
import type { ListSearch } from "@/lib/list-search";
import { MenuButton } from "@/lib/page";
import { editView } from "@/lib/view-draft";
import { chipsOf, sortName } from "./filter-words";
import { usualColumns } from "./list-table";
import { useFilterNames } from "./use-filter-names";

const FilterDialog = later(() => import("./filter-dialog").then((part) => part.FilterDialog));

export interface ListHeaderProps {
  view: View;
  search: ListSearch;
  /** What the list is called, if somebody gave it a name. */
  name: string | undefined;
  onSearch: (search: ListSearch) => void;
}

/** Title, filters, order and layout of a list; what narrows it stands below in words. */
export function ListHeader({ view, search, name, onSearch }: ListHeaderProps) {
  const names = useFilterNames();
  const [filtering, setFiltering] = useState(false);
  const chips = chipsOf(search.filter, names);
  const table = search.layout === "table";
  const save = () => {
    editView({
      view,
      ...(search.filter ? { filter: search.filter } : {}),
      sort: search.sort ?? "",
      columns: search.columns ?? [...usualColumns],
      layout: search.layout ?? "list",
    });
  };
  return (
    <>
      <header className="flex h-13 shrink-0 items-center gap-0.5 ps-3.5 pe-2">
        <MenuButton />
        <h1 className="min-w-0 flex-1 truncate text-lg font-semibold">{name ?? viewNames[view]}</h1>
        {view === "mine" ? <CommandButton id="new-conversation" iconOnly variant="ghost" /> : null}
        <Button
          variant="ghost"
          size="icon"
          aria-label={t("Filter this list")}
          onClick={() => {
            setFiltering(true);
          }}
        >
          <ListFilter className={cn(chips.length > 0 && "text-accent")} />
        </Button>
        <Menu
          trigger={
            <Button variant="ghost" size="icon" aria-label={t("Sort: {{order}}", { order: sortName(view, sortOf({ view, sort: search.sort })) })}>
              <ArrowUpDown />
            </Button>
          }
        >
          <MenuLabel>{t("Order")}</MenuLabel>
          <MenuChoices
            value={sortOf({ view, sort: search.sort })}
            onValueChange={(next) => {
              onSearch({ ...search, sort: next === sortsOf[view][0] ? undefined : (next as Sort) });
            }}
          >
            {sortsOf[view].map((sort) => (
              <MenuChoice key={sort} value={sort}>
                {sortName(view, sort)}
              </MenuChoice>
            ))}
          </MenuChoices>
        </Menu>
        <Button
          variant="ghost"
          size="icon"
          className="max-lg:hidden"
          aria-label={table ? t("Show as a list") : t("Show as a table")}
          onClick={() => {
            onSearch({ ...search, layout: table ? undefined : "table" });
          }}
        >
          {table ? <Rows3 /> : <Table2 />}
        </Button>
        <Button variant="ghost" size="icon" aria-label={t("Save as a view")} onClick={save}>
          <BookmarkPlus />
        </Button>
      </header>
      {chips.length > 0 ? (
        <ul aria-label={t("Filters")} className="flex flex-wrap gap-1 px-3.5 pb-2">
          {chips.map((chip) => (
            <li key={chip.key} className="inline-flex h-6 max-w-full items-center gap-0.5 rounded-md bg-accent-soft ps-2 text-xs font-medium text-accent-strong">
              <span className="truncate">{chip.text}</span>
              <button
                type="button"
                aria-label={t("Remove filter {{filter}}", { filter: chip.text })}
                className="inline-flex size-6 items-center justify-center rounded-md"
                onClick={() => {
                  onSearch({ ...search, filter: tidyFilter(chip.without) });
                }}
              >
                <X aria-hidden className="size-3" />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {filtering ? (
        <FilterDialog
          view={view}
          filter={search.filter}
          names={names}
          onChange={(filter) => {
            onSearch({ ...search, filter });
          }}
          onClose={() => {
            setFiltering(false);
          }}
        />
      ) : null}
    </>
  );
}
