import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({
  extend: { classGroups: { "font-size": [{ text: ["2xs", "xs", "sm", "md", "lg", "xl"] }], shadow: [{ shadow: ["pop"] }] } },
});

/** Joins class names; of two that set the same thing the later one holds. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
