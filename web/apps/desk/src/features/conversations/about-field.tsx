import { useQuery } from "@tanstack/react-query";
import { MessageSquare } from "lucide-react";
import { useDeferredValue, useState } from "react";
import type { Summary } from "@rapport/core/api/types";
import { stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { queries } from "@/lib/queries";
import { SearchedField } from "@/lib/searched-field";

export type About = Pick<Summary, "id" | "contact_name" | "topic" | "last_text" | "state">;

/** How an id looks, by itself or at the end of an address of the desk. */
const ID = /(?:^|\/)([0-9a-v]{26})(?:[/?#]|$)/;
const MOST = 6;

/** The conversation that a question belongs to: found as one types, by its customer and words, or by its pasted address. */
export function AboutField({ value, onChange, error }: { value: About | undefined; onChange: (value: About | undefined) => void; error: string | undefined }) {
  const { api } = useBackend();
  const [text, setText] = useState("");
  const query = useDeferredValue(text.trim());
  const pasted = ID.exec(query)?.[1];
  const one = useQuery({ ...queries.conversation(api, pasted ?? ""), enabled: pasted !== undefined && !value, retry: false });
  const found = useQuery({
    queryKey: ["search", "about", query],
    queryFn: ({ signal }) => api.search({ q: query, limit: MOST }, signal),
    enabled: query !== "" && pasted === undefined && !value,
    staleTime: 5_000,
    gcTime: 60_000,
  });
  const hits: About[] = pasted ? (one.data ? [one.data] : []) : [...(found.data?.conversations ?? []), ...(found.data?.messages ?? []).map((hit) => hit.conversation)];
  const options = hits.filter((hit, n) => hits.findIndex((other) => other.id === hit.id) === n).slice(0, MOST);
  const asked = pasted ? one : found;
  return (
    <SearchedField
      label={t("About (optional)")}
      chosen={
        value ? (
          <>
            <MessageSquare aria-hidden />
            <span className="truncate">
              {value.contact_name}
              <span className="text-ink-muted"> · {value.topic ?? value.last_text ?? stateNames[value.state]}</span>
            </span>
          </>
        ) : null
      }
      clear={t("About no conversation, or another one")}
      onClear={() => {
        onChange(undefined);
      }}
      text={text}
      onText={setText}
      asked={query !== ""}
      options={options.map((option) => ({
        key: option.id,
        title: (
          <>
            {option.contact_name} <span className="font-normal text-ink-muted">· {stateNames[option.state]}</span>
          </>
        ),
        detail: option.topic ?? option.last_text,
      }))}
      listLabel={t("Conversations")}
      empty={asked.isFetching ? t("Searching…") : asked.error && !pasted ? t("The search did not work. Try again.") : t("No conversation that you may see was found.")}
      onChoose={({ key }) => {
        onChange(options.find((option) => option.id === key));
      }}
      placeholder={t("Customer or words of a conversation, or its address")}
      ownEscape
      error={error}
    />
  );
}
