import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { CatalogueTag } from "@rapport/core/api/texts";
import { cn } from "@rapport/ui/cn";
import { useBackend } from "./backend";
import { queries } from "./queries";

/** The catalogue of tags, and what it says of one, however it is written. */
export function useCatalogue(): { tags: CatalogueTag[]; find: (tag: string) => CatalogueTag | undefined } {
  const { api } = useBackend();
  const data = useQuery(queries.tags(api)).data;
  return useMemo(() => {
    const tags = data?.items ?? [];
    const known = new Map(tags.map((one) => [one.name.toLowerCase(), one]));
    return { tags, find: (tag) => known.get(tag.toLowerCase()) };
  }, [data]);
}

/** A tag with its colour of the catalogue; the name says it, the colour only helps. */
export function TagName({ name, color, className }: { name: string; color: string | undefined; className?: string }) {
  return (
    <span className={cn("inline-flex min-w-0 items-center gap-1.5", className)}>
      {color ? <span aria-hidden className="size-2 shrink-0 rounded-full ring-1 ring-line-strong" style={{ backgroundColor: color }} /> : null}
      <span className="truncate">{name}</span>
    </span>
  );
}

/** The tags of a conversation in one line, as far as there is room. */
export function TagNames({ tags, className }: { tags: string[] | undefined; className?: string }) {
  return tags && tags.length > 0 ? <Names tags={tags} className={className} /> : null;
}

function Names({ tags, className }: { tags: string[]; className: string | undefined }) {
  const { find } = useCatalogue();
  return (
    <span className={cn("inline-flex min-w-0 items-center gap-1.5 overflow-hidden", className)} title={tags.join(", ")}>
      {tags.map((tag) => (
        <TagName key={tag} name={tag} color={find(tag)?.color} className="max-w-full shrink-0" />
      ))}
    </span>
  );
}
