import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useSearch } from "@tanstack/react-router";
import { Bot, Hash, History, Inbox, Layers, type LucideIcon, MessagesSquare, Search, SquareSlash, UserRound } from "lucide-react";
import { Dialog as RadixDialog } from "radix-ui";
import type { ReactNode } from "react";
import type { View } from "@rapport/core/api/types";
import { viewNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { focusBack } from "@rapport/ui/focus";
import { Keys } from "@rapport/ui/keys";
import { NotificationBell } from "@/features/notifications/bell";
import { SavedViews } from "@/features/views/saved-views";
import { AccountMenu } from "@/features/session/account-menu";
import { useBackend } from "@/lib/backend";
import { useCommands } from "@/lib/commands";
import { closeDialog, desk, openDialog } from "@/lib/desk-state";
import { useMe } from "@/lib/me";
import { queries } from "@/lib/queries";
import { useStore } from "@/lib/store";
import { pages } from "./commands";

const views: { view: Exclude<View, "any">; icon: typeof Inbox }[] = [
  { view: "mine", icon: UserRound },
  { view: "unassigned", icon: Inbox },
  { view: "all", icon: Layers },
  { view: "chatbots", icon: Bot },
  { view: "history", icon: History },
];

const textPages = ["/canned-responses", "/macros", "/admin/templates"];

const entry =
  "flex h-7.5 items-center gap-2.5 rounded-md px-2 text-sm text-ink-muted hover:bg-hover hover:text-ink [&_svg]:size-4 [&_svg]:shrink-0";
const current = "bg-hover font-medium text-ink";

/** Views with live counts, queues, and the pages that the role may see. */
function Navigation({ onSignOut }: { onSignOut: () => void }) {
  const { api } = useBackend();
  const me = useMe();
  const { context } = useCommands();
  const counts = useQuery(queries.counts(api)).data;
  // Who sees every conversation sees every queue; agents have their own.
  const all = useQuery({ ...queries.queues(api), enabled: me.role !== "agent" });
  const lines: { id: string; name: string }[] = all.data?.items ?? me.queues;
  const savedViews = useQuery(queries.views(api));
  // What stands below the views and queues comes with them, so that nothing jumps.
  const coming = [all, savedViews].some((one) => !one.isFetched && one.isFetching && one.failureCount === 0);
  const { pathname } = useLocation();
  const { filter, saved } = useSearch({ strict: false });
  const queue = !saved && filter?.queues?.length === 1 ? filter.queues[0] : undefined;
  const plain = !saved && !queue;
  const allowed = pages.filter((page) => page.shown(context));
  const people = allowed.filter((page) => page.path === "/customers");
  const texts = allowed.filter((page) => textPages.includes(page.path));
  const watch = allowed.filter((page) => !people.includes(page) && !texts.includes(page) && (!page.path.startsWith("/admin") || page.path.includes("sticky")));
  const admin = allowed.filter((page) => !people.includes(page) && !texts.includes(page) && !watch.includes(page));
  const at = (view: View) => pathname === `/${view}` || pathname.startsWith(`/${view}/`);
  return (
    <div className="flex h-full flex-col bg-canvas">
      <div className="flex h-13 shrink-0 items-center gap-2 px-4">
        <span aria-hidden className="inline-flex size-6 items-center justify-center rounded-md bg-accent text-accent-ink">
          <MessagesSquare className="size-3.5" />
        </span>
        <span className="min-w-0 flex-1 truncate text-md font-semibold">{me.settings.account_name}</span>
        <NotificationBell />
      </div>
      <Opener dialog="palette" icon={SquareSlash} label={t("Commands")} keys="mod+k" />
      <Opener dialog="search" icon={Search} label={t("Search")} keys="q" />
      <nav aria-label={t("Main")} className="min-h-0 flex-1 overflow-y-auto px-2.5">
        <ul className="grid gap-0.5">
          {views.map(({ view, icon: Icon }) => (
            <li key={view}>
              <Link
                to="/$view"
                params={{ view }}
                search={{}}
                onClick={closeDialog}
                aria-current={at(view) && plain ? "page" : undefined}
                className={cn(entry, at(view) && plain && current)}
              >
                <Icon aria-hidden />
                <span className="flex-1">{viewNames[view]}</span>
                {counts && view !== "history" ? (
                  <span className={cn("text-xs tabular-nums", view === "unassigned" && counts.unassigned > 0 && "font-medium text-warning")}>
                    {counts[view] > 999 ? "999+" : counts[view]}
                  </span>
                ) : null}
              </Link>
            </li>
          ))}
        </ul>
        {!coming && (
          <>
            <SavedViews entry={entry} current={current} />
            <Group title={t("Queues")}>
              {lines.map((one) => (
                <li key={one.id}>
                  <Link
                    to="/$view"
                    params={{ view: "all" }}
                    search={{ filter: { queues: [one.id] } }}
                    onClick={closeDialog}
                    aria-current={queue === one.id ? "page" : undefined}
                    className={cn(entry, queue === one.id && current)}
                  >
                    <Hash aria-hidden />
                    <span className="min-w-0 flex-1 truncate">{one.name}</span>
                  </Link>
                </li>
              ))}
            </Group>
            {[
              { title: t("People"), list: people },
              { title: t("Texts"), list: texts },
              { title: t("Supervise"), list: watch },
              { title: t("Administer"), list: admin },
            ].map(({ title, list }) =>
              list.length > 0 ? (
                <Group key={title} title={title}>
                  {list.map(({ path, label, icon: Icon }) => (
                    <li key={path}>
                      <Link
                        to={path}
                        onClick={closeDialog}
                        aria-current={pathname === path ? "page" : undefined}
                        className={cn(entry, (pathname === path || pathname.startsWith(`${path}/`)) && current)}
                      >
                        <Icon aria-hidden />
                        {label}
                      </Link>
                    </li>
                  ))}
                </Group>
              ) : null,
            )}
          </>
        )}
      </nav>
      <div className="shrink-0 border-t border-line p-2">
        <AccountMenu onSignOut={onSignOut} />
      </div>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-4">
      <h2 className="px-2 pb-1 text-2xs font-medium text-ink-faint">{title}</h2>
      <ul className="grid gap-0.5">{children}</ul>
    </section>
  );
}

/** The navigation beside the page, or as a drawer where there is no room. */
export function Sidebar({ onSignOut }: { onSignOut: () => void }) {
  const open = useStore(desk, (state) => state.dialog === "menu");
  return (
    <>
      <aside aria-label={t("Desk")} className="hidden w-55 shrink-0 border-e border-line lg:block">
        <Navigation onSignOut={onSignOut} />
      </aside>
      <RadixDialog.Root
        open={open}
        onOpenChange={(next) => {
          if (!next) closeDialog();
        }}
      >
        <RadixDialog.Portal>
          <RadixDialog.Overlay className="fixed inset-0 z-40 bg-scrim lg:hidden" />
          <RadixDialog.Content
            aria-describedby={undefined}
            onCloseAutoFocus={focusBack}
            className="fixed inset-y-0 start-0 z-50 w-70 max-w-[85vw] border-e border-line-strong lg:hidden"
          >
            <RadixDialog.Title className="sr-only">{t("Navigation")}</RadixDialog.Title>
            <Navigation onSignOut={onSignOut} />
          </RadixDialog.Content>
        </RadixDialog.Portal>
      </RadixDialog.Root>
    </>
  );
}

function Opener({ dialog, icon: Icon, label, keys }: { dialog: "palette" | "search"; icon: LucideIcon; label: string; keys: string }) {
  return (
    <div className="shrink-0 px-2.5 pb-2">
      <button
        type="button"
        onClick={() => {
          openDialog(dialog);
        }}
        className="flex h-7.5 w-full items-center gap-2 rounded-md border border-line bg-surface px-2 text-xs text-ink-muted hover:border-line-strong"
      >
        <Icon aria-hidden className="size-3.5" />
        <span className="flex-1 text-start">{label}</span>
        <Keys keys={keys} />
      </button>
    </div>
  );
}
