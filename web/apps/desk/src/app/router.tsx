import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Link,
  Outlet,
  redirect,
  useNavigate,
} from "@tanstack/react-router";
import { useCallback } from "react";
import { isProblem, sentenceOf } from "@rapport/core/api/problem";
import type { Me, View } from "@rapport/core/api/types";
import { keys } from "@rapport/core/apply";
import { administers, supervises } from "@rapport/core/permission";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Empty, Spinner } from "@rapport/ui/marks";
import { Invite } from "@/features/session/invite";
import { LinkSignIn } from "@/features/session/link";
import { Setup } from "@/features/session/setup";
import { SignIn } from "@/features/session/sign-in";
import { arriving } from "@/lib/arriving";
import { type Backend, useBackend } from "@/lib/backend";
import { type ListSearch, readListSearch } from "@/lib/list-search";
import { LoadError } from "@/lib/page";
import { queries } from "@/lib/queries";
import { DeskPage } from "./desk-page";
import { Shell } from "./shell";

interface Context {
  backend: Backend;
}

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

/** Paths inside the desk that a sign-in may lead back to. */
function inside(path: string): string {
  return path.startsWith("/") && !path.startsWith("//") && !path.startsWith("/sign-in") ? path : "/mine";
}

function useArrive(next = "/mine"): (me: Me) => void {
  const { client } = useBackend();
  const navigate = useNavigate();
  return useCallback(
    (me: Me) => {
      client.clear();
      client.setQueryData(keys.me, me);
      void navigate({ href: inside(next), replace: true });
    },
    [client, navigate, next],
  );
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { next?: string } => (text(search["next"]) ? { next: text(search["next"]) } : {}),
  component: function SignInPage() {
    return <SignIn onDone={useArrive(signIn.useSearch().next)} />;
  },
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: (search): { token?: string } => (text(search["token"]) ? { token: text(search["token"]) } : {}),
  beforeLoad: async ({ context: { backend } }) => {
    const { needed } = await backend.api.setup.needed();
    if (!needed) throw redirect({ to: "/" });
  },
  component: function SetupPage() {
    return <Setup token={setup.useSearch().token ?? ""} onDone={useArrive("/admin/first-steps")} />;
  },
});

const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite/$token",
  component: function InvitePage() {
    return <Invite token={invite.useParams().token} onDone={useArrive()} />;
  },
});

const link = createRoute({
  getParentRoute: () => root,
  path: "/link",
  validateSearch: (search): { token?: string; next?: string } => ({
    token: text(search["token"]),
    ...(text(search["next"]) ? { next: text(search["next"]) } : {}),
  }),
  component: function LinkPage() {
    const { token, next } = link.useSearch();
    return <LinkSignIn token={token ?? ""} onDone={useArrive(next)} />;
  },
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ context: { backend }, location }) => {
    try {
      await backend.client.ensureQueryData(queries.me(backend.api));
    } catch (error) {
      if (!isProblem(error) || error.status !== 401) throw error;
      const { needed } = await backend.api.setup.needed();
      if (needed) throw redirect({ to: "/setup" });
      throw redirect({ to: "/sign-in", search: { next: location.href } });
    }
  },
  pendingComponent: Starting,
  errorComponent: ({ error, reset }) => (
    <div className="flex h-full items-center justify-center bg-canvas">
      <LoadError
        error={error}
        what={t("the desk")}
        retry={() => {
          reset();
          location.reload();
        }}
      />
    </div>
  ),
  component: Shell,
});

const index = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/$view", params: { view: "mine" }, search: {} });
  },
});

const views = new Set<string>(["mine", "unassigned", "all", "chatbots", "history", "any"] satisfies View[]);

const list = createRoute({
  getParentRoute: () => shell,
  path: "/$view",
  validateSearch: (search): ListSearch => readListSearch(search),
  beforeLoad: ({ params }) => {
    if (!views.has(params.view)) throw redirect({ to: "/$view", params: { view: "mine" }, search: {} });
  },
  component: DeskPage,
});

const conversation = createRoute({
  getParentRoute: () => list,
  path: "/$conversationId",
});

/** A lasting address of a conversation, whatever view it is in. */
const permalink = createRoute({
  getParentRoute: () => shell,
  path: "/conversations/$id",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/$view/$conversationId", params: { view: "all", conversationId: params.id }, search: {} });
  },
});

const meOf = (backend: Backend) => backend.client.ensureQueryData(queries.me(backend.api));

const supervise = createRoute({
  getParentRoute: () => shell,
  id: "supervise",
  beforeLoad: async ({ context: { backend } }) => {
    if (!supervises((await meOf(backend)).role)) throw redirect({ to: "/" });
  },
});

const administer = createRoute({
  getParentRoute: () => shell,
  id: "administer",
  beforeLoad: async ({ context: { backend } }) => {
    if (!administers((await meOf(backend)).role)) throw redirect({ to: "/" });
  },
});

const board = createRoute({
  getParentRoute: () => supervise,
  path: "/board",
  component: lazyRouteComponent(arriving(() => import("@/features/board/board-page")), "BoardPage"),
});
const statuses = createRoute({
  getParentRoute: () => supervise,
  path: "/statuses",
  component: lazyRouteComponent(arriving(() => import("@/features/statuses/statuses-page")), "StatusesPage"),
});
const sticky = createRoute({
  getParentRoute: () => supervise,
  path: "/admin/sticky-agents",
  component: lazyRouteComponent(arriving(() => import("@/features/sticky/sticky-page")), "StickyPage"),
});
const customers = createRoute({
  getParentRoute: () => shell,
  path: "/customers",
  component: lazyRouteComponent(arriving(() => import("@/features/contacts/customers-page")), "CustomersPage"),
});
const customer = createRoute({
  getParentRoute: () => shell,
  path: "/customers/$customerId",
  component: lazyRouteComponent(arriving(() => import("@/features/contacts/customer-page")), "CustomerPage"),
});
const duplicates = createRoute({
  getParentRoute: () => supervise,
  path: "/customers/duplicates",
  component: lazyRouteComponent(arriving(() => import("@/features/contacts/duplicates-page")), "DuplicatesPage"),
});
const attributes = createRoute({
  getParentRoute: () => administer,
  path: "/admin/attributes",
  component: lazyRouteComponent(arriving(() => import("@/features/attributes/attributes-page")), "AttributesPage"),
});
const cards = createRoute({
  getParentRoute: () => administer,
  path: "/admin/cards",
  component: lazyRouteComponent(arriving(() => import("@/features/cards/cards-page")), "CardsPage"),
});
const agents = createRoute({
  getParentRoute: () => administer,
  path: "/admin/agents",
  component: lazyRouteComponent(arriving(() => import("@/features/agents/agents-page")), "AgentsPage"),
});
const queues = createRoute({
  getParentRoute: () => administer,
  path: "/admin/queues",
  component: lazyRouteComponent(arriving(() => import("@/features/queues/queues-page")), "QueuesPage"),
});
const inboxes = createRoute({
  getParentRoute: () => administer,
  path: "/admin/inboxes",
  component: lazyRouteComponent(arriving(() => import("@/features/inboxes/inboxes-page")), "InboxesPage"),
});
const bots = createRoute({
  getParentRoute: () => administer,
  path: "/admin/bots",
  component: lazyRouteComponent(arriving(() => import("@/features/bots/bots-page")), "BotsPage"),
});
const workflows = createRoute({
  getParentRoute: () => administer,
  path: "/admin/workflows",
  component: lazyRouteComponent(arriving(() => import("@/features/workflows/workflows-page")), "WorkflowsPage"),
});
const workflow = createRoute({
  getParentRoute: () => administer,
  path: "/admin/workflows/$workflowId",
  component: lazyRouteComponent(arriving(() => import("@/features/workflows/builder-page")), "BuilderPage"),
});
const settings = createRoute({
  getParentRoute: () => administer,
  path: "/admin/settings",
  component: lazyRouteComponent(arriving(() => import("@/features/settings/settings-page")), "SettingsPage"),
});
const canned = createRoute({
  getParentRoute: () => shell,
  path: "/canned-responses",
  component: lazyRouteComponent(arriving(() => import("@/features/texts/canned-page")), "CannedPage"),
});
const macros = createRoute({
  getParentRoute: () => supervise,
  path: "/macros",
  component: lazyRouteComponent(arriving(() => import("@/features/texts/macros-page")), "MacrosPage"),
});
const tags = createRoute({
  getParentRoute: () => supervise,
  path: "/tags",
  component: lazyRouteComponent(arriving(() => import("@/features/texts/tags-page")), "TagsPage"),
});
const templates = createRoute({
  getParentRoute: () => administer,
  path: "/admin/templates",
  component: lazyRouteComponent(arriving(() => import("@/features/texts/templates-page")), "TemplatesPage"),
});
const forms = createRoute({
  getParentRoute: () => administer,
  path: "/admin/forms",
  component: lazyRouteComponent(arriving(() => import("@/features/texts/forms-page")), "FormsPage"),
});
const dispositions = createRoute({
  getParentRoute: () => administer,
  path: "/admin/dispositions",
  component: lazyRouteComponent(arriving(() => import("@/features/texts/dispositions-page")), "DispositionsPage"),
});
const satisfaction = createRoute({
  getParentRoute: () => supervise,
  path: "/satisfaction",
  component: lazyRouteComponent(arriving(() => import("@/features/surveys/satisfaction-page")), "SatisfactionPage"),
});
const mail = createRoute({
  getParentRoute: () => administer,
  path: "/admin/email",
  component: lazyRouteComponent(arriving(() => import("@/features/mail/mail-page")), "MailPage"),
});
const feedback = createRoute({
  getParentRoute: () => administer,
  path: "/admin/feedback",
  component: lazyRouteComponent(arriving(() => import("@/features/feedback/feedback-page")), "FeedbackPage"),
});
const firstSteps = createRoute({
  getParentRoute: () => administer,
  path: "/admin/first-steps",
  component: lazyRouteComponent(arriving(() => import("@/features/first-steps/first-steps-page")), "FirstStepsPage"),
});
const mine = createRoute({
  getParentRoute: () => shell,
  path: "/settings/me",
  component: lazyRouteComponent(arriving(() => import("@/features/me/me-page")), "MePage"),
});
const testNotifications = createRoute({
  getParentRoute: () => shell,
  path: "/settings/notifications",
  component: lazyRouteComponent(arriving(() => import("@/features/notifications/test-page")), "NotificationTestPage"),
});
const audit = createRoute({
  getParentRoute: () => administer,
  path: "/admin/audit",
  component: lazyRouteComponent(arriving(() => import("@/features/audit/audit-page")), "AuditPage"),
});

const tree = root.addChildren([
  signIn,
  setup,
  invite,
  link,
  shell.addChildren([
    index,
    permalink,
    customers,
    customer,
    mine,
    canned,
    testNotifications,
    list.addChildren([conversation]),
    supervise.addChildren([duplicates, board, macros, tags, satisfaction, statuses, sticky]),
    administer.addChildren([attributes, cards, templates, forms, dispositions, agents, queues, inboxes, bots, workflows, workflow, settings, mail, feedback, firstSteps, audit]),
  ]),
]);

export function makeRouter(backend: Backend) {
  const router = createRouter({
    routeTree: tree,
    context: { backend },
    defaultPendingComponent: Starting,
    defaultPendingMs: 300,
    defaultErrorComponent: Broken,
  });
  const sayEnded = backend.onSignedOut;
  backend.onSignedOut = () => {
    if (backend.client.getQueryData(keys.me) === undefined) return;
    sayEnded();
    backend.socket.stop();
    backend.client.removeQueries({ queryKey: keys.me });
    void router.navigate({ to: "/sign-in", search: { next: router.state.location.href } });
  };
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

function Starting() {
  return (
    <div className="flex h-full flex-1 items-center justify-center bg-canvas">
      <Spinner label={t("Loading")} />
    </div>
  );
}

/** A page that broke leaves the rest of the desk as it is, and says how to go on. */
function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <main className="flex min-h-0 flex-1 items-center justify-center overflow-y-auto bg-canvas">
      <Empty
        title={t("This page does not work right now")}
        action={
          <div className="flex flex-wrap justify-center gap-2">
            <Button variant="primary" onClick={reset}>
              {t("Try again")}
            </Button>
            <Button
              onClick={() => {
                location.reload();
              }}
            >
              {t("Load the desk anew")}
            </Button>
            <Button asChild>
              <Link to="/">{t("Go to My work")}</Link>
            </Button>
          </div>
        }
      >
        <p role="alert">{sentenceOf(error)}</p>
        <p>{t("What you wrote is kept. If it stays like this, tell an admin what you did.")}</p>
      </Empty>
    </main>
  );
}

function NotFound() {
  return (
    <main className="flex h-full items-center justify-center bg-canvas">
      <Empty
        title={t("There is nothing at this address")}
        action={
          <Button asChild variant="primary">
            <Link to="/">{t("Go to My work")}</Link>
          </Button>
        }
      >
        {t("The link may be old or mistyped.")}
      </Empty>
    </main>
  );
}
