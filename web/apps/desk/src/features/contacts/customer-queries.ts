import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Api } from "@rapport/core/api/api";
import type { Attribute, CustomerQuery } from "@rapport/core/api/customers";
import { keys } from "@rapport/core/apply";
import { attributeName, fieldLabel } from "@rapport/core/format";

const next = { initialPageParam: "", getNextPageParam: (page: { next: string }) => page.next || undefined };

export const customerQueries = {
  attributes: (api: Api) => queryOptions({ queryKey: keys.attributes, queryFn: () => api.attributes.list() }),
  list: (api: Api, query: CustomerQuery) =>
    infiniteQueryOptions({
      queryKey: [...keys.customers, "list", query],
      queryFn: ({ pageParam, signal }) => api.customers.list({ ...query, cursor: pageParam }, signal),
      staleTime: 10_000,
      ...next,
    }),
  one: (api: Api, id: string) =>
    queryOptions({ queryKey: keys.contact(id), queryFn: ({ signal }) => api.customers.read(id, signal), staleTime: 10_000 }),
  history: (api: Api, id: string) =>
    infiniteQueryOptions({
      queryKey: [...keys.customers, "history", id],
      queryFn: ({ pageParam, signal }) => api.customers.history(id, pageParam, signal),
      staleTime: 0,
      ...next,
    }),
  changes: (api: Api, id: string) =>
    infiniteQueryOptions({
      queryKey: [...keys.customers, "changes", id],
      queryFn: ({ pageParam, signal }) => api.customers.changes(id, pageParam, signal),
      staleTime: 0,
      ...next,
    }),
  preview: (api: Api, id: string, other: string) =>
    queryOptions({ queryKey: [...keys.customers, "merge", id, other], queryFn: ({ signal }) => api.customers.preview(id, other, signal), staleTime: 0, gcTime: 0 }),
  duplicates: (api: Api) =>
    infiniteQueryOptions({
      queryKey: [...keys.customers, "duplicates"],
      queryFn: ({ pageParam, signal }) => api.customers.duplicates(pageParam, signal),
      staleTime: 0,
      ...next,
    }),
};

/** What a field is called: the label of its attribute, else its name as words. */
export function labelOf(name: string, attributes: readonly Attribute[]): string {
  const attribute = attributes.find((one) => one.name === name);
  return attribute ? attributeName(attribute) : fieldLabel(name);
}
