import { isProblem, sentenceOf } from "@rapport/core/api/problem";
import { sameDrawing as same } from "@rapport/core/workflow/diff";
import { TRIGGER } from "@rapport/core/workflow/edit";
import { changed, type History, historyOf, redone, undone } from "@rapport/core/workflow/history";
import type { Definition, FlowProblem, PathStep, Position, Workflow } from "@rapport/core/workflow/types";
import { createStore, type Store } from "@/lib/store";

export type Panel = "step" | "test" | "runs" | "versions" | "problems" | undefined;

/** Where a step that is about to be chosen will go. */
export type Place = { from: string; output: string } | { at: Position | undefined };

export interface DraftState {
  history: History<Definition>;
  selected: string[];
  /** "conflict": somebody else saved another draft meanwhile. */
  save: "saved" | "waiting" | "saving" | "failed" | "conflict";
  why: string;
  problems: FlowProblem[];
  panel: Panel;
  /** The list of steps to choose from is open for this place. */
  adding: Place | undefined;
  /** The path of the last test run. */
  path: PathStep[];
  /** Grows when the canvas should show everything. */
  fit: number;
  /** Grows when the selected step should have the focus. */
  focus: number;
  /** Grows when the panel's first field should have the focus. */
  panelFocus: number;
}

/** What the server side of a draft can do. */
export interface Saver {
  save: (definition: Definition) => Promise<{ problems: FlowProblem[]; draft?: Definition }>;
  read: () => Promise<Workflow>;
}

/** Edits are saved when nothing changed for this long; milliseconds. */
const CALM = 500;
/** After a failure: then, and each time longer up to the last. */
const AGAIN = [2_000, 5_000, 15_000];

/**
 * A draft while it is edited. What changes is saved by itself; what could not
 * be saved is kept in the browser and tried again. Before it overwrites what
 * somebody else saved meanwhile, it asks.
 */
export class Draft {
  readonly store: Store<DraftState>;
  private base: Definition;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | undefined;
  private failures = 0;
  private theirs: Definition | undefined;
  private gone = false;
  /** An earlier visit left edits that had not been saved. */
  readonly restored: boolean;

  constructor(
    private readonly id: string,
    workflow: Pick<Workflow, "draft" | "problems">,
    private readonly saver: Saver,
    private readonly kept: Pick<Storage, "getItem" | "setItem" | "removeItem"> = localStorage,
  ) {
    this.base = workflow.draft;
    const left = this.left();
    this.restored = left !== undefined;
    this.store = createStore<DraftState>({
      history: left ? changed(historyOf(workflow.draft), left) : historyOf(workflow.draft),
      selected: [],
      save: left ? "waiting" : "saved",
      why: "",
      problems: workflow.problems ?? [],
      panel: undefined,
      adding: undefined,
      path: [],
      fit: 0,
      focus: 0,
      panelFocus: 0,
    });
  }

  /** Goes on with what was left unsaved, and asks the server what it thinks of the draft. */
  start(): void {
    this.gone = false;
    if (this.store.get().save === "waiting") this.soon();
  }

  get definition(): Definition {
    return this.store.get().history.now;
  }

  get unsaved(): boolean {
    return this.store.get().save !== "saved";
  }

  edit(next: Definition, about = ""): void {
    this.put(changed(this.store.get().history, next, about));
  }

  undo(): void {
    this.put(undone(this.store.get().history));
  }

  redo(): void {
    this.put(redone(this.store.get().history));
  }

  /** Selects steps; one alone opens its panel. */
  select(ids: string[], open = false): void {
    const { panel, selected } = this.store.get();
    const unchanged = ids.length === selected.length && ids.every((id, n) => id === selected[n]);
    const next = open ? "step" : ids.length === 0 && panel === "step" ? undefined : panel;
    if (unchanged && next === panel) return;
    this.store.set({ selected: unchanged ? selected : ids, panel: next });
  }

  show(panel: Panel): void {
    this.store.set({ panel });
  }

  /** Takes what the server holds now; it can be undone. */
  takeTheirs(): void {
    if (!this.theirs) return;
    this.base = this.theirs;
    this.store.set({ save: "saved", why: "" });
    const next = this.theirs;
    this.theirs = undefined;
    this.kept.removeItem(this.key);
    this.store.set({ history: changed(this.store.get().history, next), selected: [], path: [] });
  }

  /** Overwrites what somebody else saved. */
  keepMine(): void {
    if (this.theirs) this.base = this.theirs;
    this.theirs = undefined;
    this.store.set({ save: "waiting" });
    this.soon(0);
  }

  /** A draft that the server made otherwise, e.g. by a roll back. */
  replace(next: Definition, problems: FlowProblem[] = []): void {
    this.base = next;
    clearTimeout(this.timer);
    this.kept.removeItem(this.key);
    this.store.set({ history: changed(this.store.get().history, next), save: "saved", problems, selected: [], path: [] });
  }

  /** Looks whether somebody else has saved; takes it if nothing is unsaved here. */
  async look(): Promise<boolean> {
    const held = await this.saver.read();
    if (same(held.draft, this.base) || this.running) return false;
    if (this.unsaved) {
      this.clash(held.draft);
      return false;
    }
    this.replace(held.draft, held.problems);
    return true;
  }

  /** Saves at once what is unsaved. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
    if (this.store.get().save === "waiting" || this.store.get().save === "failed") await this.send();
  }

  /** The page is left: what is unsaved goes out now. */
  leave(): void {
    this.gone = true;
    void this.flush().catch(() => undefined);
  }

  private put(history: History<Definition>): void {
    const before = this.store.get();
    if (history === before.history) return;
    const ids = new Set([TRIGGER, ...history.now.steps.map((step) => step.id)]);
    const selected = before.selected.filter((id) => ids.has(id));
    this.store.set({
      history,
      selected: selected.length === before.selected.length ? before.selected : selected,
      panel: selected.length === 0 && before.panel === "step" ? undefined : before.panel,
      path: [],
      save: before.save === "conflict" ? "conflict" : "waiting",
    });
    this.keep(history.now);
    if (before.save !== "conflict") this.soon();
  }

  private soon(after = CALM): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), after);
  }

  private async send(): Promise<void> {
    if (this.running) {
      await this.running;
      if (this.store.get().save !== "waiting") return;
    }
    this.running = this.sendNow().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  private async sendNow(): Promise<void> {
    const sent = this.definition;
    this.store.set({ save: "saving", why: "" });
    try {
      const held = await this.saver.read();
      if (!same(held.draft, this.base)) {
        if (same(held.draft, sent)) this.base = sent;
        else {
          this.clash(held.draft);
          return;
        }
      }
      const { problems } = await this.saver.save(sent);
      this.base = sent;
      this.failures = 0;
      const latest = this.definition === sent;
      this.store.set({ save: latest ? "saved" : "waiting", problems });
      if (latest) this.kept.removeItem(this.key);
      else this.soon();
    } catch (error) {
      this.store.set({ save: "failed", why: sentenceOf(error) });
      const temporary = !isProblem(error) || error.temporary;
      if (temporary && !this.gone) this.soon(AGAIN[Math.min(this.failures, AGAIN.length - 1)]);
      this.failures += 1;
    }
  }

  private clash(theirs: Definition): void {
    clearTimeout(this.timer);
    this.theirs = theirs;
    this.store.set({ save: "conflict" });
  }

  private get key(): string {
    return `rapport.workflow.${this.id}`;
  }

  private keep(definition: Definition): void {
    try {
      this.kept.setItem(this.key, JSON.stringify({ base: this.base, definition }));
    } catch {
      // A full or forbidden storage costs the copy, not the editing.
    }
  }

  /** What an earlier visit left unsaved, if the server still holds what it was made from. */
  private left(): Definition | undefined {
    try {
      const text = this.kept.getItem(this.key);
      if (!text) return undefined;
      const { base, definition } = JSON.parse(text) as { base: Definition; definition: Definition };
      if (same(definition, this.base)) {
        this.kept.removeItem(this.key);
        return undefined;
      }
      this.base = base;
      return definition;
    } catch {
      return undefined;
    }
  }
}
