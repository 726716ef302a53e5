import type { Definition } from "./types";

/** A definition as it comes from the server, with what may be left out filled in. */
export function complete(definition: Partial<Definition> & Pick<Definition, "trigger">): Definition {
  return {
    ...definition,
    start: definition.start ?? "",
    steps: (definition.steps ?? []).map((step) => ({ ...step, with: step.with ?? {}, next: step.next ?? {} })),
  };
}
