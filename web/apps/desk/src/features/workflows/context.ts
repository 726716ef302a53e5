import { createContext, use } from "react";
import type { Definition, Vocabulary, Workflow } from "@rapport/core/workflow/types";
import type { Names } from "@rapport/core/workflow/words";
import { useStore } from "@/lib/store";
import type { Builder } from "./builder";
import type { DraftState } from "./draft";
import type { People } from "./names";

export interface BuilderValue {
  workflow: Workflow;
  vocabulary: Vocabulary;
  people: People;
  names: Names;
  builder: Builder;
}

export const BuilderContext = createContext<BuilderValue | undefined>(undefined);

export function useBuilder(): BuilderValue {
  const value = use(BuilderContext);
  if (!value) throw new Error("outside of BuilderContext");
  return value;
}

export function useDraftState<T>(select: (state: DraftState) => T): T {
  return useStore(useBuilder().builder.draft.store, select);
}

export function useDefinition(): Definition {
  return useDraftState((state) => state.history.now);
}
