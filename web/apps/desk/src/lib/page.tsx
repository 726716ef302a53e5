import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { CircleQuestionMark, Menu as MenuIcon, Plus, RotateCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { isProblem, sentenceOf } from "@rapport/core/api/problem";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Empty, Skeleton } from "@rapport/ui/marks";
import { useBackend } from "./backend";
import { openDialog } from "./desk-state";
import { queries } from "./queries";
import { useTitle } from "./title";

/** On small screens: opens the navigation that is otherwise beside. */
export function MenuButton() {
  const { api } = useBackend();
  const unread = useQuery(queries.notifications(api)).data?.unread ?? 0;
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={unread > 0 ? t("Open navigation, {{unread}} unread", { unread }) : t("Open navigation")}
      className="relative -ms-1 lg:hidden"
      onClick={() => {
        openDialog("menu");
      }}
    >
      <MenuIcon />
      {unread > 0 ? <span aria-hidden className="absolute top-1.5 end-1.5 size-2 rounded-full bg-danger ring-2 ring-surface" /> : null}
    </Button>
  );
}

/** A page beside the navigation: title, what it is for, actions, content that scrolls. */
export function Page({
  title,
  lead,
  actions,
  wide,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <main className="flex min-w-0 flex-1 flex-col bg-canvas">
      <header className="flex min-h-13 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-4 py-2 sm:px-6">
        <MenuButton />
        <h1 className="flex-1 text-lg font-semibold">{title}</h1>
        <div className="flex flex-wrap gap-2">{actions}</div>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 py-5 sm:px-6">
        <div className={wide ? "mx-auto grid max-w-7xl grid-cols-[minmax(0,1fr)] gap-5" : "mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-5"}>
          {lead ? <p className="max-w-3xl text-sm text-ink-muted">{lead}</p> : null}
          {children}
        </div>
      </div>
    </main>
  );
}

/** The action of a page that adds to what it lists. */
export function AddButton({ disabled, onClick, children }: { disabled?: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <Button variant="primary" disabled={disabled} onClick={onClick}>
      <Plus aria-hidden />
      {children}
    </Button>
  );
}

export function Card({ title, help, children }: { title: string; help?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-lg border border-line bg-surface">
      <header className="border-b border-line px-4 py-3">
        <h2 className="text-md font-semibold">{title}</h2>
        {help ? <p className="mt-0.5 text-sm text-ink-muted">{help}</p> : null}
      </header>
      <div className="grid gap-4 p-4">{children}</div>
    </section>
  );
}

/** Says that something could not be loaded, why, and offers to try again. */
export function LoadError({ error, retry, what }: { error: unknown; retry: () => void; what: string }) {
  return (
    <Empty
      icon={<TriangleAlert />}
      title={t("Could not load {{what}}", { what })}
      action={
        <Button onClick={retry}>
          <RotateCw aria-hidden />
          {t("Try again")}
        </Button>
      }
    >
      <p role="alert">{sentenceOf(error)}</p>
    </Empty>
  );
}

export function RowsLoading({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" aria-label={t("Loading")} className="grid gap-2">
      {Array.from({ length: rows }, (_, n) => (
        <Skeleton key={n} className="h-11" />
      ))}
    </div>
  );
}

interface Loading<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** Shows what a query holds, or that it loads, or why it failed. */
export function Loaded<T>({
  query,
  what,
  children,
  loading = <RowsLoading />,
}: {
  query: Loading<T>;
  what: string;
  children: (data: T) => ReactNode;
  loading?: ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return (
      <LoadError
        error={query.error}
        what={what}
        retry={() => {
          void query.refetch();
        }}
      />
    );
  }
  return loading;
}

/** One thing on a page of its own. Until it is there, and if it is not, the page says so below its title. */
export function LoadedPage<T>({
  query,
  title,
  what,
  missing,
  children,
}: {
  query: Loading<T>;
  title: string;
  what: string;
  /** What is said where there is no such thing, and where those are that there are. */
  missing: { title: string; to: LinkProps["to"]; all: string };
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  return (
    <Page title={title}>
      {isProblem(query.error) && query.error.status === 404 ? (
        <Empty
          icon={<CircleQuestionMark />}
          title={missing.title}
          action={
            <Button asChild>
              <Link to={missing.to}>{missing.all}</Link>
            </Button>
          }
        >
          {t("The link may be old or mistyped.")}
        </Empty>
      ) : (
        <Loaded query={query} what={what}>
          {children}
        </Loaded>
      )}
    </Page>
  );
}

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Below a list that comes in pages: brings the next one, while there is one. */
export function NextPage({ query, children }: { query: Paged; children: ReactNode }) {
  if (!query.hasNextPage) return null;
  return (
    <div className="text-center">
      <Button
        disabled={query.isFetchingNextPage}
        onClick={() => {
          void query.fetchNextPage();
        }}
      >
        {children}
      </Button>
    </div>
  );
}
