import type { ComponentProps } from "react";
import { cn } from "./cn";

/** On a phone each cell is a line, behind its label, and the cell of actions stands in the corner. */
const stacks = cn(
  "max-md:block max-md:[&_tbody]:block max-md:[&_thead]:sr-only",
  "max-md:[&_tr]:relative max-md:[&_tr]:block max-md:[&_tr]:py-2",
  "max-md:[&_td]:block max-md:[&_td]:h-auto max-md:[&_td]:w-auto max-md:[&_td]:max-w-none max-md:[&_td]:min-w-0 max-md:[&_td]:py-0.5 max-md:[&_td]:text-start max-md:[&_td]:whitespace-normal",
  "max-md:[&_td[data-label]]:flex max-md:[&_td[data-label]]:items-baseline max-md:[&_td[data-label]]:gap-3",
  "max-md:[&_td[data-label]]:before:w-24 max-md:[&_td[data-label]]:before:shrink-0 max-md:[&_td[data-label]]:before:text-xs max-md:[&_td[data-label]]:before:font-normal max-md:[&_td[data-label]]:before:text-ink-muted max-md:[&_td[data-label]]:before:content-[attr(data-label)]",
  "max-md:[&_td[data-corner]]:absolute max-md:[&_td[data-corner]]:end-0 max-md:[&_td[data-corner]]:top-2",
);

/** A table that scrolls sideways by itself where it is too wide, or is `stacked` on a phone. */
export function Table({ className, label, stacked, ...props }: ComponentProps<"table"> & { label: string; stacked?: boolean }) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className="relative overflow-x-auto rounded-lg border border-line bg-surface">
      <table aria-label={label} className={cn("w-full border-collapse text-start text-sm", stacked && stacks, className)} {...props} />
    </div>
  );
}

export function Th({ className, ...props }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={cn("h-8 border-b border-line px-3 text-start text-xs font-medium whitespace-nowrap text-ink-muted", className)}
      {...props}
    />
  );
}

export function Tr({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("border-b border-line last:border-0 hover:bg-hover/60", className)} {...props} />;
}

/** `label` is what stands before it, and `corner` that it holds the actions, where the table is stacked. */
export function Td({ className, label, corner, ...props }: ComponentProps<"td"> & { label?: string; corner?: boolean }) {
  return <td data-label={label} data-corner={corner} className={cn("h-11 px-3 py-1.5 align-middle", className)} {...props} />;
}
