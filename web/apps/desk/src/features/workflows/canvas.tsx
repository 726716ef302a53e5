import {
  Background,
  type Connection,
  MiniMap,
  type NodeChange,
  type OnSelectionChangeParams,
  Panel as FlowPanel,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
} from "@xyflow/react";
import { Maximize, Minus, Network, Plus, Workflow as FlowIcon } from "lucide-react";
import { type DragEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { TRIGGER } from "@rapport/core/workflow/edit";
import type { Position } from "@rapport/core/workflow/types";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Tip } from "@rapport/ui/tip";
import { useBuilder, useDefinition, useDraftState } from "./context";
import { FlowEdge } from "./flow-edge";
import { edgesOf, nodesOf, type StepNode as StepNodeType } from "./graph";
import { HEAD, WIDTH } from "./layout";
import { DRAGGED } from "./step-palette";
import { StepNode } from "./step-node";
import "./canvas.css";

const nodeTypes = { step: StepNode };
const edgeTypes = { flow: FlowEdge };
const fitting = { padding: 0.18, maxZoom: 1, minZoom: 0.35 };
const nowhere = new Map<string, Position>();

export function Canvas({ counts }: { counts: Map<string, number> }) {
  return (
    <ReactFlowProvider>
      <Flow counts={counts} />
    </ReactFlowProvider>
  );
}

function Flow({ counts }: { counts: Map<string, number> }) {
  const { builder, vocabulary, names } = useBuilder();
  const { draft } = builder;
  const definition = useDefinition();
  const selected = useDraftState((state) => state.selected);
  const problems = useDraftState((state) => state.problems);
  const path = useDraftState((state) => state.path);
  const fit = useDraftState((state) => state.fit);
  const focus = useDraftState((state) => state.focus);
  const panel = useDraftState((state) => state.panel);
  const [moving, setMoving] = useState<Map<string, Position>>(nowhere);
  const flow = useReactFlow();
  const wrapper = useRef<HTMLDivElement>(null);

  const nodes = useMemo(
    () => nodesOf(definition, { vocabulary, names, selected, problems, counts, path, moving }),
    [definition, vocabulary, names, selected, problems, counts, path, moving],
  );
  const edges = useMemo(() => edgesOf(definition, { vocabulary, path, moving }), [definition, vocabulary, path, moving]);

  useEffect(() => {
    if (fit > 0) void flow.fitView({ ...fitting, duration: 200 });
  }, [fit, flow]);

  // Whoever moves with the keyboard keeps the focus on the step, and sees it.
  const shown = selected.at(-1);
  useEffect(() => {
    if (focus === 0 || !shown) return;
    const element = wrapper.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(shown)}"]`);
    element?.focus({ preventScroll: true });
    const box = wrapper.current?.getBoundingClientRect();
    const own = element?.getBoundingClientRect();
    if (!box || !own) return;
    if (own.left >= box.left && own.right <= box.right && own.top >= box.top && own.bottom <= box.bottom) return;
    const node = flow.getNode(shown);
    if (node) void flow.setCenter(node.position.x + WIDTH / 2, node.position.y + HEAD / 2, { zoom: flow.getZoom(), duration: 150 });
    // Only a request for the focus moves it, not each change of the selection.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [focus]);

  // A panel that opens takes room; the step that it is about stays in sight.
  useEffect(() => {
    const box = wrapper.current?.getBoundingClientRect();
    const own = shown ? wrapper.current?.querySelector(`.react-flow__node[data-id="${CSS.escape(shown)}"]`)?.getBoundingClientRect() : undefined;
    if (!panel || !box || !own) return;
    const beyond = own.right + 24 - box.right;
    if (beyond <= 0) return;
    const { x, y, zoom } = flow.getViewport();
    void flow.setViewport({ x: x - beyond, y, zoom }, { duration: 150 });
  }, [panel, shown, flow]);

  const onNodesChange = useCallback(
    (changes: NodeChange<StepNodeType>[]) => {
      setMoving((held) => {
        let next = held;
        for (const change of changes) {
          if (change.type === "position" && change.position && change.dragging) next = new Map(next).set(change.id, change.position);
        }
        return next;
      });
      if (changes.some((change) => change.type === "select")) {
        const ids = new Set(draft.store.get().selected);
        for (const change of changes) {
          if (change.type !== "select") continue;
          if (change.selected) ids.add(change.id);
          else ids.delete(change.id);
        }
        draft.select([...ids]);
      }
    },
    [draft],
  );

  const onDragStop = useCallback(
    (_event: unknown, _node: StepNodeType, dragged: StepNodeType[]) => {
      setMoving(nowhere);
      builder.move(new Map(dragged.map((node) => [node.id, node.position])));
    },
    [builder],
  );

  const onConnect = useCallback(
    ({ source, sourceHandle, target }: Connection) => {
      if (target !== TRIGGER) builder.connect({ from: source, output: sourceHandle ?? "", to: target });
    },
    [builder],
  );

  const onDrop = (event: DragEvent) => {
    const kind = vocabulary.steps.find((one) => one.kind === event.dataTransfer.getData(DRAGGED));
    if (!kind) return;
    event.preventDefault();
    const under = event.target instanceof Element ? event.target.closest(".react-flow__edge")?.getAttribute("data-id") : undefined;
    const edge = edges.find((one) => one.id === under && !one.data?.jump);
    if (edge) {
      builder.addAt(kind, { from: edge.source, output: edge.data?.output ?? "" });
      return;
    }
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    builder.addAt(kind, { at: { x: Math.round(at.x - WIDTH / 2), y: Math.round(at.y - HEAD / 2) } });
  };

  return (
    <div
      ref={wrapper}
      className="relative min-h-0 min-w-0 flex-1 bg-canvas"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      }}
      onDrop={onDrop}
    >
      <ReactFlow
        aria-label={t("Canvas")}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onNodeDragStop={onDragStop}
        onSelectionDragStop={(_event, dragged) => {
          setMoving(nowhere);
          builder.move(new Map(dragged.map((node) => [node.id, node.position])));
        }}
        onNodeClick={(event, node) => {
          if (!event.shiftKey && !event.ctrlKey && !event.metaKey) draft.select([node.id], true);
        }}
        onPaneClick={() => {
          draft.select([]);
        }}
        onConnect={onConnect}
        isValidConnection={({ source, target }) => source !== target && target !== TRIGGER}
        connectOnClick={false}
        onSelectionChange={nothing}
        deleteKeyCode={null}
        multiSelectionKeyCode={["Shift", "Control", "Meta"]}
        selectionKeyCode="Shift"
        selectionMode={SelectionMode.Partial}
        edgesFocusable={false}
        disableKeyboardA11y
        nodeDragThreshold={4}
        fitView
        fitViewOptions={fitting}
        minZoom={0.2}
        maxZoom={1.5}
        panOnScroll
        zoomOnDoubleClick={false}
      >
        <Background gap={20} size={1.2} />
        {panel ? null : (
          <MiniMap
            pannable
            zoomable
            ariaLabel={t("Overview of the canvas")}
            className="!m-3 overflow-hidden rounded-lg border border-line max-lg:hidden"
            style={{ width: 150, height: 100 }}
            nodeBorderRadius={8}
          />
        )}
        <FlowPanel position="bottom-left" className="!m-3 flex rounded-lg border border-line bg-surface p-0.5">
          <Tool label={t("Zoom out")} onClick={() => void flow.zoomOut()}>
            <Minus />
          </Tool>
          <Tool label={t("Zoom in")} onClick={() => void flow.zoomIn()}>
            <Plus />
          </Tool>
          <Tool
            label={t("Show everything")}
            keys="f"
            onClick={() => {
              builder.fit();
            }}
          >
            <Maximize />
          </Tool>
          <Tool
            label={t("Arrange by itself")}
            keys="l"
            onClick={() => {
              builder.arrange();
            }}
          >
            <Network />
          </Tool>
        </FlowPanel>
        {definition.steps.length === 0 ? (
          <FlowPanel position="top-center" className="!top-[62%]">
            <div className="grid justify-items-center gap-2 rounded-lg border border-dashed border-line-strong bg-surface px-6 py-4 text-center">
              <FlowIcon aria-hidden className="size-5 text-ink-faint" />
              <p className="max-w-72 text-sm text-ink-muted">{t("Choose what starts it, then add the first step.")}</p>
              <Button
                size="sm"
                variant="primary"
                onClick={() => {
                  builder.addAfter(TRIGGER);
                }}
              >
                <Plus aria-hidden />
                {t("Add the first step")}
              </Button>
            </div>
          </FlowPanel>
        ) : null}
      </ReactFlow>
    </div>
  );
}

const nothing = (_params: OnSelectionChangeParams) => undefined;

function Tool({ label, keys, onClick, children }: { label: string; keys?: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tip text={label} keys={keys} side="top">
      <Button variant="ghost" size="icon-sm" aria-label={label} onClick={onClick}>
        {children}
      </Button>
    </Tip>
  );
}
