import {
  add,
  type Clip,
  connect,
  copy,
  disconnect,
  insert,
  isClip,
  type Link,
  move,
  neighbour,
  outputsOf,
  paste,
  remove,
  START,
  stepOf,
  targetOf,
  TRIGGER,
} from "@rapport/core/workflow/edit";
import type { Position, StepKind, Vocabulary } from "@rapport/core/workflow/types";
import { titleOf } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { toast } from "@rapport/ui/toast";
import { copyText } from "@rapport/ui/copy";
import type { Draft, Place } from "./draft";
import { arranged, placeAfter, placed, withRoom } from "./layout";

/** The steps copied last, also where the clipboard cannot be read. */
let clip: Clip | undefined;

/** What a person does on the canvas or in the list of steps, whatever they do it with. */
export class Builder {
  constructor(
    readonly draft: Draft,
    readonly vocabulary: Vocabulary,
  ) {}

  /** The one step that is selected; the trigger counts as one. */
  get selected(): string | undefined {
    const { selected } = this.draft.store.get();
    return selected.length === 1 ? selected[0] : undefined;
  }

  /** The steps that are selected, without the trigger. */
  get steps(): string[] {
    return this.draft.store.get().selected.filter((id) => id !== TRIGGER);
  }

  /** Opens the list of steps for what follows a step: its first way out that leads nowhere, else its first. */
  addAfter(id: string): void {
    const { definition } = this.draft;
    const step = stepOf(definition, id);
    if (!step) {
      this.choose({ from: TRIGGER, output: START });
      return;
    }
    const outputs = outputsOf(this.vocabulary, step);
    const free = outputs.find((output) => !targetOf(definition, id, output.name)) ?? outputs[0];
    if (free) this.choose({ from: id, output: free.name });
    else toast(t("Nothing can follow “{{title}}”.", { title: titleOf(this.vocabulary, step) }));
  }

  choose(adding: Place | undefined): void {
    this.draft.store.set({ adding });
  }

  /** Adds a step of a kind at a place, and opens its panel. */
  addAt(kind: StepKind, place: Place): void {
    let { definition } = this.draft;
    let id: string;
    if ("from" in place) {
      const followed = targetOf(definition, place.from, place.output);
      const target = followed ? placed(this.vocabulary, definition).steps.find((step) => step.id === followed)?.position : undefined;
      const at = target ?? placeAfter(this.vocabulary, definition, place.from, place.output);
      definition = followed ? withRoom(this.vocabulary, definition, followed) : placed(this.vocabulary, definition);
      ({ definition, id } = insert(definition, kind, place, at));
    } else {
      const solid = placed(this.vocabulary, definition);
      ({ definition, id } = add(solid, kind, place.at ?? this.free()));
      if (!definition.start) definition = { ...definition, start: id };
    }
    this.draft.edit(definition);
    this.draft.select([id], true);
    this.draft.store.set({ adding: undefined, focus: this.draft.store.get().focus + 1 });
  }

  /** Below everything. */
  private free(): Position {
    const places = [...arranged(this.vocabulary, this.draft.definition).values()];
    return { x: places[0]?.x ?? 0, y: Math.max(0, ...places.map((place) => place.y)) + 140 };
  }

  removeSelected(): void {
    const ids = this.steps;
    if (ids.length === 0) return;
    const { definition } = this.draft;
    const first = ids[0] ?? "";
    const next = neighbour(definition, first, "up");
    this.draft.edit(remove(placed(this.vocabulary, definition), ids));
    this.draft.select(next && !ids.includes(next) ? [next] : []);
    const focus = this.draft.store.get().focus + 1;
    this.draft.store.set({ focus });
    toast(t("{{count}} steps removed", { count: ids.length }), {
      action: {
        label: t("Undo"),
        perform: () => {
          this.draft.undo();
        },
      },
    });
  }

  connect(link: Link): void {
    this.draft.edit(connect(placed(this.vocabulary, this.draft.definition), link));
  }

  disconnect(from: string, output: string): void {
    this.draft.edit(disconnect(this.draft.definition, from, output));
  }

  move(places: Map<string, Position>): void {
    this.draft.edit(move(placed(this.vocabulary, this.draft.definition), places));
  }

  /** Moves the selected steps a little, for those who do not drag. */
  nudge(dx: number, dy: number): void {
    const solid = placed(this.vocabulary, this.draft.definition);
    const places = new Map(
      this.steps.flatMap((id) => {
        const at = stepOf(solid, id)?.position;
        return at ? [[id, { x: at.x + dx, y: at.y + dy }]] : [];
      }),
    );
    if (places.size > 0) this.draft.edit(move(solid, places), "nudge");
  }

  arrange(): void {
    const { definition } = this.draft;
    this.draft.edit(move(definition, arranged(this.vocabulary, definition)));
    this.fit();
  }

  fit(): void {
    this.draft.store.set({ fit: this.draft.store.get().fit + 1 });
  }

  selectAll(): void {
    this.draft.select(this.draft.definition.steps.map((step) => step.id));
  }

  /** Moves the selection along the arrows. */
  go(way: "up" | "down" | "left" | "right"): void {
    const { selected, focus } = this.draft.store.get();
    const at = selected.at(-1);
    const next = at ? neighbour(this.draft.definition, at, way) : TRIGGER;
    if (!next) return;
    this.draft.select([next]);
    this.draft.store.set({ focus: focus + 1 });
  }

  /** Selects a step, shows it, and opens its panel. */
  open(id: string): void {
    this.draft.select([id], true);
    this.draft.store.set({ focus: this.draft.store.get().focus + 1 });
  }

  /** Opens the panel of the selected step and goes into it. */
  enter(): void {
    const id = this.selected;
    if (!id) return;
    this.draft.select([id], true);
    this.draft.store.set({ panelFocus: this.draft.store.get().panelFocus + 1 });
  }

  async copySelected(): Promise<void> {
    if (this.steps.length === 0) return;
    clip = copy(placed(this.vocabulary, this.draft.definition), this.steps);
    await copyText(JSON.stringify(clip, null, 2));
    toast(t("{{count}} steps copied", { count: clip.steps.length }));
  }

  async paste(): Promise<void> {
    const held = (await fromClipboard()) ?? clip;
    if (!held) {
      toast(t("There are no copied steps. Select steps and copy them first."));
      return;
    }
    const { definition, ids } = paste(placed(this.vocabulary, this.draft.definition), held);
    this.draft.edit(definition);
    this.draft.select(ids);
  }

  duplicate(): void {
    if (this.steps.length === 0) return;
    const solid = placed(this.vocabulary, this.draft.definition);
    const { definition, ids } = paste(solid, copy(solid, this.steps));
    this.draft.edit(definition);
    this.draft.select(ids);
  }
}

/** Steps that were copied in another tab or another workflow; undefined if the clipboard holds none or is closed to us. */
async function fromClipboard(): Promise<Clip | undefined> {
  try {
    const held: unknown = JSON.parse(await navigator.clipboard.readText());
    return isClip(held) ? held : undefined;
  } catch {
    return undefined;
  }
}
