import type { Condition } from "@rapport/core/workflow/types";

export type Mode = "all" | "any" | "none";

/** A group that holds others; a comparison and an expression are none. */
export function isGroup(condition: Condition): boolean {
  return condition.all !== undefined || condition.any !== undefined || condition.not !== undefined;
}

/** Any condition as a group: one comparison is a group of one, "not" is "none of". */
export function asGroup(condition: Condition): { mode: Mode; items: Condition[] } {
  if (condition.all) return { mode: "all", items: condition.all };
  if (condition.any) return { mode: "any", items: condition.any };
  if (condition.not) return { mode: "none", items: condition.not.any ?? [condition.not] };
  if (condition.fact !== undefined || condition.expr !== undefined) return { mode: "all", items: [condition] };
  return { mode: "all", items: [] };
}

export function fromGroup(mode: Mode, items: Condition[]): Condition {
  if (mode === "none") return { not: { any: items } };
  return mode === "any" ? { any: items } : { all: items };
}
