import type { Piece } from "@rapport/core/api/types";

/** A piece of a text with what was looked for marked. */
export function Marked({ pieces }: { pieces: Piece[] }) {
  return pieces.map(({ text, hit }, n) =>
    hit ? (
      <mark key={n} className="rounded-xs bg-found text-ink">
        {text}
      </mark>
    ) : (
      <span key={n}>{text}</span>
    ),
  );
}
