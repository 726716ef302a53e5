import type { ListFilter, Sort } from "@rapport/core/api/types";
import type { Layout } from "@rapport/core/api/views";
import { tidyFilter } from "@rapport/core/lists";

/** What the address says about a list. */
export interface ListSearch {
  filter?: ListFilter | undefined;
  sort?: Sort | undefined;
  /** The saved view that was opened. */
  saved?: string | undefined;
  layout?: Layout | undefined;
  columns?: string[] | undefined;
}

const sorts: readonly Sort[] = ["waiting", "oldest", "latest", "status", "customer", "queue"];
const lists = ["queues", "inboxes", "channels", "assignees", "statuses", "priorities", "tags", "dispositions", "ratings"] as const;

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : []);

/** Reads the search part of an address; what is not understood is left out. */
export function readListSearch(search: Record<string, unknown>): ListSearch {
  const given = (typeof search["filter"] === "object" && search["filter"] !== null ? search["filter"] : {}) as Record<string, unknown>;
  const filter: Record<string, unknown> = {};
  for (const name of lists) filter[name] = texts(given[name]);
  if (typeof given["waits_minutes"] === "number") filter["waits_minutes"] = given["waits_minutes"];
  if (given["commented"] === true) filter["commented"] = true;
  if (typeof given["topic"] === "string") filter["topic"] = given["topic"];
  // Addresses from before there were filters.
  if (typeof search["queue"] === "string") filter["queues"] = [search["queue"]];
  const tidy = tidyFilter(filter as ListFilter);
  const { sort, saved, layout } = search;
  const columns = texts(search["columns"]);
  return {
    ...(tidy ? { filter: tidy } : {}),
    ...(sorts.includes(sort as Sort) ? { sort: sort as Sort } : {}),
    ...(typeof saved === "string" ? { saved } : {}),
    ...(layout === "table" || layout === "list" ? { layout } : {}),
    ...(columns.length > 0 ? { columns } : {}),
  };
}
