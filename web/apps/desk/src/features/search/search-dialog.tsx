import { useQuery } from "@tanstack/react-query";
import { Command as Palette } from "cmdk";
import { Clock, Search, X } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@rapport/core/api/problem";
import { number } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Spinner } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { useCommands } from "@/lib/commands";
import { closeDialog, desk } from "@/lib/desk-state";
import { FinderDialog, findings } from "@/lib/finder";
import { useMe } from "@/lib/me";
import { useNow } from "@/lib/now";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";
import { forgetSearches, recentSearches, rememberSearch } from "./recent";
import { ConversationHit, CustomerHit, MessageHit } from "./hits";
import { type Filters, useSearch } from "./use-search";

const FIRST = 5;
const ALL = 30;

const none: Filters = { queue: "", agent: "", days: 0 };

/** Looks through conversations, messages and customers while one types. */
export function SearchDialog() {
  const open = useStore(desk, (state) => state.dialog === "search");
  return (
    <FinderDialog open={open} title={t("Search everywhere")} className="top-[8dvh] flex max-h-[84dvh] max-w-2xl flex-col" onClose={closeDialog}>
      <SearchBox />
    </FinderDialog>
  );
}

function SearchBox() {
  const me = useMe();
  const now = useNow();
  const { context } = useCommands();
  const [typed, setTyped] = useState("");
  const [limit, setLimit] = useState(FIRST);
  const [filters, setFilters] = useState(none);
  const [recent, setRecent] = useState(() => recentSearches(me.agent.id));
  const found = useSearch(typed, limit, filters);
  const results = found.text ? found.data : undefined;
  const nothing = results && results.conversations.length + results.messages.length + results.customers.length === 0;

  function open(conversation: string, what?: { seq?: number; details?: boolean }): void {
    rememberSearch(me.agent.id, typed);
    closeDialog();
    if (what?.details) desk.set({ details: true });
    if (what?.seq) desk.set({ jump: { conversation, seq: what.seq } });
    context.go.open(conversation);
  }

  return (
    <Palette label={t("Search everywhere")} shouldFilter={false} loop className="flex min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <Palette.Input
          value={typed}
          onValueChange={(text) => {
            setTyped(text);
            setLimit(FIRST);
          }}
          maxLength={200}
          placeholder={t("Customers, conversations, messages, phone numbers")}
          className="h-12 w-full min-w-0 bg-transparent text-md outline-none"
        />
        {found.waiting && typed.trim() ? <Spinner label={t("Searching")} /> : null}
      </div>
      <FilterBar filters={filters} onFilters={setFilters} />
      {typed.trim() === "" && recent.length === 0 ? (
        <p className="px-3 py-6 text-center text-sm text-ink-muted">
          {t("Type a name, a part of an address or number, or words of a message. Two letters are enough.")}
        </p>
      ) : null}
      {typed.trim() === "" ? null : found.error ? (
        <p role="alert" className="px-3 py-6 text-center text-sm text-danger">
          {isProblem(found.error) ? found.error.message : t("The search failed. Try again.")}
        </p>
      ) : nothing ? (
        <p role="status" className="px-3 py-6 text-center text-sm text-ink-muted">
          {t("Nothing found for “{{text}}”.", { text: found.text })}
        </p>
      ) : null}
      {results?.corrected
        ? Object.entries(results.corrected).map(([word, meant]) => (
            <p key={word} role="status" className="px-2.5 py-1.5 text-xs text-ink-muted">
              {t("No customer is called “{{word}}”; looked for {{meant}} too.", { word, meant: meant.join(", ") })}
            </p>
          ))
        : null}
      {results?.indexing ? (
        <p role="status" className="px-2.5 py-1.5 text-xs text-warning">
          {t("Older conversations are still being indexed: {{done}} of {{total}}.", {
            done: number(results.indexing.done),
            total: number(results.indexing.total),
          })}
        </p>
      ) : null}
      {/* Without anything to choose it is no list to those who cannot see it. */}
      <Palette.List aria-label={t("Results")} hidden={typed.trim() === "" ? recent.length === 0 : !results || nothing} className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {typed.trim() === "" && recent.length > 0 ? (
          <Recent
            list={recent}
            onChoose={setTyped}
            onForget={() => {
              forgetSearches(me.agent.id);
              setRecent([]);
            }}
          />
        ) : null}
        {results && results.customers.length > 0 ? (
          <Palette.Group heading={t("Customers")} className={findings}>
            {results.customers.map((hit) => (
              <CustomerHit
                key={hit.id}
                hit={hit}
                now={now}
                onOpen={() => {
                  if (hit.last_conversation) open(hit.last_conversation, { details: true });
                  else context.go.page(`/customers/${hit.id}`);
                }}
              />
            ))}
          </Palette.Group>
        ) : null}
        {results && results.conversations.length > 0 ? (
          <Palette.Group heading={t("Conversations")} className={findings}>
            {results.conversations.map((hit) => (
              <ConversationHit
                key={hit.id}
                hit={hit}
                now={now}
                onOpen={() => {
                  open(hit.id);
                }}
              />
            ))}
          </Palette.Group>
        ) : null}
        {results && results.messages.length > 0 ? (
          <Palette.Group heading={t("Messages")} className={findings}>
            {results.messages.map((hit) => (
              <MessageHit
                key={`${hit.conversation.id} ${hit.seq}`}
                hit={hit}
                now={now}
                onOpen={() => {
                  open(hit.conversation.id, { seq: hit.seq });
                }}
              />
            ))}
          </Palette.Group>
        ) : null}
        {results && limit === FIRST && [results.conversations, results.messages, results.customers].some((list) => list.length === FIRST) ? (
          <Palette.Item
            value="more"
            onSelect={() => {
              setLimit(ALL);
            }}
            className="rounded-md px-2.5 py-2 text-sm text-accent data-[selected=true]:bg-hover"
          >
            {t("Show more results")}
          </Palette.Item>
        ) : null}
      </Palette.List>
    </Palette>
  );
}

function Recent({ list, onChoose, onForget }: { list: string[]; onChoose: (text: string) => void; onForget: () => void }) {
  return (
    <Palette.Group heading={t("Recent searches")} className={findings}>
      {list.map((text) => (
        <Palette.Item
          key={text}
          value={`recent ${text}`}
          onSelect={() => {
            onChoose(text);
          }}
          className="flex items-center gap-2.5 rounded-md px-2.5 py-2 text-sm data-[selected=true]:bg-hover"
        >
          <Clock aria-hidden className="size-4 text-ink-faint" />
          <span className="min-w-0 flex-1 truncate">{text}</span>
        </Palette.Item>
      ))}
      <Palette.Item
        value="forget"
        onSelect={onForget}
        className="flex items-center gap-2.5 rounded-md px-2.5 py-2 text-xs text-ink-muted data-[selected=true]:bg-hover"
      >
        <X aria-hidden className="size-4 text-ink-faint" />
        {t("Clear recent searches")}
      </Palette.Item>
    </Palette.Group>
  );
}

const select = "h-7 min-w-0 max-w-40 rounded-md border border-line bg-surface px-1.5 text-xs text-ink-muted";

function FilterBar({ filters, onFilters }: { filters: Filters; onFilters: (filters: Filters) => void }) {
  const { api } = useBackend();
  const me = useMe();
  const all = useQuery({ ...queries.queues(api), enabled: me.role !== "agent" }).data;
  const agents = useQuery(queries.agents(api)).data;
  const queues: { id: string; name: string }[] = all?.items ?? me.queues;
  return (
    <div
      // Arrow keys and Enter are the fields' own here, not the results'.
      onKeyDown={(event) => {
        if (event.key !== "Escape") event.stopPropagation();
      }}
      className="flex shrink-0 flex-wrap gap-2 border-b border-line px-4 py-2"
    >
      <select
        aria-label={t("Queue")}
        className={select}
        value={filters.queue}
        onChange={(event) => {
          onFilters({ ...filters, queue: event.target.value });
        }}
      >
        <option value="">{t("Every queue")}</option>
        {queues.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label={t("Agent")}
        className={select}
        value={filters.agent}
        onChange={(event) => {
          onFilters({ ...filters, agent: event.target.value });
        }}
      >
        <option value="">{t("Every agent")}</option>
        {agents?.items.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label={t("Age")}
        className={select}
        value={filters.days}
        onChange={(event) => {
          onFilters({ ...filters, days: Number(event.target.value) });
        }}
      >
        <option value={0}>{t("Any time")}</option>
        <option value={1}>{t("Last 24 hours")}</option>
        <option value={7}>{t("Last 7 days")}</option>
        <option value={30}>{t("Last 30 days")}</option>
        <option value={365}>{t("Last year")}</option>
      </select>
    </div>
  );
}
