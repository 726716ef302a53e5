import { queryOptions } from "@tanstack/react-query";
import type { Api } from "@rapport/core/api/api";
import { keys } from "@rapport/core/apply";

export const cardQueries = {
  list: (api: Api) => queryOptions({ queryKey: keys.cards, queryFn: () => api.cards.list(), staleTime: 0 }),
  of: (api: Api, id: string) => queryOptions({ queryKey: keys.cardsOf(id), queryFn: ({ signal }) => api.cards.of(id, signal), retry: false }),
  // The server holds answers as long as the card says, so asking again costs little.
  reading: (api: Api, id: string, card: string) =>
    queryOptions({ queryKey: keys.cardReading(id, card), queryFn: ({ signal }) => api.cards.read(id, card, false, signal), staleTime: 15_000, retry: false }),
};
