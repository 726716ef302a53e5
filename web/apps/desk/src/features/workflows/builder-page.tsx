import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Activity, ArrowLeft, CircleAlert, CircleCheck, CloudOff, FlaskConical, History, Redo2, Rocket, TriangleAlert, Undo2 } from "lucide-react";
import { type FormEvent, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { keys } from "@rapport/core/apply";
import { sameDrawing } from "@rapport/core/workflow/diff";
import type { Vocabulary, Workflow } from "@rapport/core/workflow/types";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Switch } from "@rapport/ui/field";
import { Badge, Banner } from "@rapport/ui/marks";
import { Tip } from "@rapport/ui/tip";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { useOffered } from "@/lib/commands";
import { LoadedPage, MenuButton } from "@/lib/page";
import { queries } from "@/lib/queries";
import { tell } from "@/lib/tell";
import { useTitle } from "@/lib/title";
import { Builder } from "./builder";
import { Canvas } from "./canvas";
import { builderCommands } from "./commands";
import { BuilderContext, useBuilder, useDefinition, useDraftState } from "./context";
import { Draft } from "./draft";
import { namesOf, usePeople } from "./names";
import { ProblemsPanel } from "./problems";
import { PublishDialog } from "./publish-dialog";
import { RunsPanel } from "./runs-panel";
import { stateOf } from "./state";
import { StepList } from "./step-list";
import { StepPalette, StepPicker } from "./step-palette";
import { StepPanel } from "./step-panel";
import { TestPanel } from "./test-panel";
import { VersionsPanel } from "./versions-panel";

const POLL = 5_000;
const NARROW = "(max-width: 767px)";

/** Whether there is no room for a canvas. */
function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(NARROW);
      query.addEventListener("change", changed);
      return () => {
        query.removeEventListener("change", changed);
      };
    },
    () => window.matchMedia(NARROW).matches,
  );
}

/** The visual builder of one workflow. */
export function BuilderPage() {
  const { workflowId = "" } = useParams({ strict: false });
  const { api } = useBackend();
  const workflow = useQuery(queries.workflow(api, workflowId));
  const vocabulary = useQuery(queries.vocabulary(api));
  const both = {
    data: workflow.data && vocabulary.data ? { workflow: workflow.data, vocabulary: vocabulary.data } : undefined,
    error: workflow.error ?? vocabulary.error,
    refetch: () => Promise.all([workflow.refetch(), vocabulary.refetch()]),
  };
  return (
    <LoadedPage
      query={both}
      title={t("Workflow")}
      what={t("the workflow")}
      missing={{ title: t("There is no such workflow"), to: "/admin/workflows", all: t("All workflows") }}
    >
      {(data) => (
        <main className="flex min-w-0 flex-1 flex-col bg-canvas">
          <Editor key={data.workflow.id} workflow={data.workflow} vocabulary={data.vocabulary} />
        </main>
      )}
    </LoadedPage>
  );
}

function Editor({ workflow, vocabulary }: { workflow: Workflow; vocabulary: Vocabulary }) {
  const { api, client } = useBackend();
  const people = usePeople();
  useTitle(workflow.name);
  const [builder] = useState(() => {
    const saver = { save: api.workflows.saveDraft.bind(undefined, workflow.id), read: () => api.workflows.read(workflow.id) };
    return new Builder(new Draft(workflow.id, workflow, saver), vocabulary);
  });
  const { draft } = builder;
  const [publishing, setPublishing] = useState(false);
  const definition = useStoreOf(draft);
  const names = useMemo(() => namesOf(people, vocabulary, definition), [people, vocabulary, definition]);
  const value = useMemo(() => ({ workflow, vocabulary, people, names, builder }), [workflow, vocabulary, people, names, builder]);

  useEffect(() => {
    draft.start();
    if (draft.restored) toast(t("Changes that had not been saved last time are back"));
    const stay = (event: BeforeUnloadEvent) => {
      if (draft.unsaved) event.preventDefault();
    };
    const look = () => {
      if (document.visibilityState === "hidden") return;
      draft
        .look()
        .then((replaced) => {
          if (replaced) toast(t("Somebody else changed this draft; you see it as it is now"));
        })
        .catch(() => undefined);
    };
    window.addEventListener("beforeunload", stay);
    window.addEventListener("focus", look);
    return () => {
      window.removeEventListener("beforeunload", stay);
      window.removeEventListener("focus", look);
      draft.leave();
      void client.invalidateQueries({ queryKey: keys.workflows });
    };
  }, [draft, client]);

  const commands = useMemo(
    () =>
      builderCommands(builder, () => {
        setPublishing(true);
      }),
    [builder],
  );
  useOffered(commands);

  const narrow = useNarrow();
  const counts = useQuery({
    queryKey: [...keys.workflow(workflow.id), "counts"],
    queryFn: () => api.workflows.counts(workflow.id),
    refetchInterval: POLL,
    enabled: workflow.published > 0,
  }).data?.items;
  const active = useMemo(() => new Map((counts ?? []).map((one) => [one.step, one.active])), [counts]);

  return (
    <BuilderContext value={value}>
      <Header
        onPublish={() => {
          setPublishing(true);
        }}
      />
      <Conflict />
      <div className="relative flex min-h-0 flex-1">
        {narrow ? (
          <StepList counts={active} />
        ) : (
          <>
            <StepPalette />
            <Canvas counts={active} />
          </>
        )}
        <Side />
      </div>
      <StepPicker />
      {publishing ? (
        <PublishDialog
          onClose={() => {
            setPublishing(false);
          }}
        />
      ) : null}
    </BuilderContext>
  );
}

function useStoreOf(draft: Draft) {
  return useSyncExternalStore(draft.store.subscribe, () => draft.definition);
}

function Side() {
  const panel = useDraftState((state) => state.panel);
  switch (panel) {
    case "step":
      return <StepPanel />;
    case "test":
      return <TestPanel />;
    case "runs":
      return <RunsPanel />;
    case "versions":
      return <VersionsPanel />;
    case "problems":
      return <ProblemsPanel />;
    default:
      return null;
  }
}

function Header({ onPublish }: { onPublish: () => void }) {
  const { workflow, builder } = useBuilder();
  const { draft } = builder;
  const problems = useDraftState((state) => state.problems);
  const panel = useDraftState((state) => state.panel);
  const undoable = useDraftState((state) => state.history.past.length > 0);
  const redoable = useDraftState((state) => state.history.future.length > 0);
  const definition = useDefinition();
  const draft_differs = useMemo(() => !workflow.live || !sameDrawing(workflow.live, definition), [workflow.live, definition]);
  const { label, tone, also } = stateOf({ ...workflow, draft_differs });
  const toggle = (next: "test" | "runs" | "versions" | "problems") => {
    draft.show(panel === next ? undefined : next);
  };
  return (
    <header className="flex min-h-13 flex-wrap items-center gap-x-2 gap-y-1.5 border-b border-line bg-surface px-3 py-2 sm:px-4">
      <MenuButton />
      <Tip text={t("All workflows")}>
        <Button asChild variant="ghost" size="icon" className="-ms-1">
          <Link to="/admin/workflows" aria-label={t("All workflows")}>
            <ArrowLeft className="rtl:-scale-x-100" />
          </Link>
        </Button>
      </Tip>
      <Name />
      <span className="flex items-center gap-1.5 max-sm:order-last max-sm:w-full max-sm:flex-wrap">
        <Badge tone={tone}>{label}</Badge>
        {also ? <Badge tone="warning">{also}</Badge> : null}
        <Saved />
      </span>
      <span className="flex-1" />
      {problems.length > 0 ? (
        <Button
          variant="ghost"
          size="sm"
          aria-pressed={panel === "problems"}
          className="text-danger"
          onClick={() => {
            toggle("problems");
          }}
        >
          <TriangleAlert aria-hidden />
          {t("{{count}} problems", { count: problems.length })}
        </Button>
      ) : null}
      <span role="toolbar" aria-label={t("Workflow actions")} className="flex flex-wrap items-center gap-1">
        <span className="flex">
          <Tool
            label={t("Undo")}
            keys="mod+z"
            disabled={!undoable}
            onClick={() => {
              draft.undo();
            }}
          >
            <Undo2 />
          </Tool>
          <Tool
            label={t("Redo")}
            keys="mod+shift+z"
            disabled={!redoable}
            onClick={() => {
              draft.redo();
            }}
          >
            <Redo2 />
          </Tool>
        </span>
        <Tool
          label={t("Test run")}
          keys="t"
          pressed={panel === "test"}
          onClick={() => {
            toggle("test");
          }}
        >
          <FlaskConical />
        </Tool>
        <Tool
          label={t("Runs")}
          keys="r"
          pressed={panel === "runs"}
          onClick={() => {
            toggle("runs");
          }}
        >
          <Activity />
        </Tool>
        <Tool
          label={t("Version history")}
          keys="h"
          pressed={panel === "versions"}
          onClick={() => {
            toggle("versions");
          }}
        >
          <History />
        </Tool>
        <OnOff />
        <Button variant="primary" className="ms-1" disabled={!draft_differs} onClick={onPublish}>
          <Rocket aria-hidden />
          {t("Publish")}
        </Button>
      </span>
    </header>
  );
}

function Tool({
  label,
  keys: shortcut,
  pressed,
  disabled,
  onClick,
  children,
}: {
  label: string;
  keys: string;
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <Tip text={label} keys={shortcut}>
      <Button
        variant="ghost"
        size="icon"
        aria-label={label}
        {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
        className={pressed ? "bg-hover text-ink" : ""}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </Button>
    </Tip>
  );
}

/** Whether new conversations start it. What runs goes on either way. */
function OnOff() {
  const { api, client } = useBackend();
  const { workflow } = useBuilder();
  const [busy, setBusy] = useState(false);
  if (workflow.published === 0) return null;
  return (
    <Tip text={workflow.enabled ? t("On: new conversations start it") : t("Off: nothing starts it; what runs goes on")}>
      <span className="ms-1 inline-flex">
        <Switch
          aria-label={t("Workflow is on")}
          checked={workflow.enabled}
          disabled={busy}
          onCheckedChange={(enabled) => {
            setBusy(true);
            api.workflows
              .change(workflow.id, { enabled })
              .then((changed) => {
                client.setQueryData<Workflow>(keys.workflow(workflow.id), (held) => (held ? { ...held, enabled: changed.enabled } : held));
                toast(enabled ? t("The workflow is on") : t("The workflow is off; running conversations finish"));
              })
              .catch(tell)
              .finally(() => {
                setBusy(false);
              });
          }}
        />
      </span>
    </Tip>
  );
}

function Saved() {
  const save = useDraftState((state) => state.save);
  const why = useDraftState((state) => state.why);
  const { builder } = useBuilder();
  return (
    <span role="status" className="inline-flex items-center gap-1.5 px-1 text-xs text-ink-muted [&_svg]:size-3.5">
      {save === "saved" ? (
        <>
          <CircleCheck aria-hidden className="text-positive" />
          {t("Saved")}
        </>
      ) : save === "failed" ? (
        <>
          <CloudOff aria-hidden className="text-danger" />
          <span className="text-danger">{t("Could not save")}</span>
          <span className="max-w-60 truncate max-lg:hidden" title={why}>
            {why}
          </span>
          <Button
            variant="link"
            size="text"
            className="text-xs"
            onClick={() => {
              builder.draft.flush().catch(tell);
            }}
          >
            {t("Try again")}
          </Button>
        </>
      ) : save === "conflict" ? (
        <>
          <CircleAlert aria-hidden className="text-warning" />
          {t("Not saved")}
        </>
      ) : (
        t("Saving…")
      )}
    </span>
  );
}

/** Somebody else saved another draft meanwhile. */
function Conflict() {
  const { builder } = useBuilder();
  const conflict = useDraftState((state) => state.save === "conflict");
  if (!conflict) return null;
  return (
    <Banner tone="warning" role="alert" className="flex-wrap">
      <TriangleAlert aria-hidden />
      <span className="min-w-60 flex-1">{t("Somebody else changed this draft at the same time. Yours is kept here and not saved.")}</span>
      <Button
        size="sm"
        onClick={() => {
          builder.draft.takeTheirs();
        }}
      >
        {t("Take theirs")}
      </Button>
      <Button
        size="sm"
        onClick={() => {
          builder.draft.keepMine();
        }}
      >
        {t("Keep mine")}
      </Button>
    </Banner>
  );
}

/** The name, changed in place. */
function Name() {
  const { api, client } = useBackend();
  const { workflow } = useBuilder();
  const definition = useDefinition();
  const [name, setName] = useState<string>();
  function save(event: FormEvent): void {
    event.preventDefault();
    const next = name?.trim();
    setName(undefined);
    if (!next || next === workflow.name) return;
    api.workflows
      .change(workflow.id, { name: next })
      .then((changed) => {
        client.setQueryData<Workflow>(keys.workflow(workflow.id), (held) => (held ? { ...held, name: changed.name } : held));
        void client.invalidateQueries({ queryKey: keys.workflows });
      })
      .catch(tell);
  }
  if (name === undefined) {
    return (
      <h1 className="min-w-0 text-lg font-semibold" title={t("{{count}} steps", { count: definition.steps.length })}>
        <Tip text={t("Rename")}>
          <button
            type="button"
            aria-label={t("{{name}}, rename", { name: workflow.name })}
            onClick={() => {
              setName(workflow.name);
            }}
            className="block max-w-[46vw] truncate rounded-sm px-1 text-start hover:bg-hover lg:max-w-80"
          >
            {workflow.name}
          </button>
        </Tip>
      </h1>
    );
  }
  return (
    <form onSubmit={save}>
      <input
        autoFocus
        aria-label={t("Name of the workflow")}
        value={name}
        maxLength={80}
        onChange={(event) => {
          setName(event.target.value);
        }}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          setName(undefined);
        }}
        className="w-72 max-w-[46vw] rounded-sm border border-accent bg-surface px-1 text-lg font-semibold"
      />
    </form>
  );
}
