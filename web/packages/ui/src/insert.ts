import { type RefObject, useLayoutEffect, useRef } from "react";

interface Span {
  from: number;
  to: number;
}

type TextField = HTMLTextAreaElement | HTMLInputElement;

/**
 * Puts text into a field, in place of `where` or of what is selected there, and selects `select` of it or goes behind
 * it. The selection waits until the field shows the text, however late that is: before it, it would be lost.
 */
export function useInsert(field: RefObject<TextField | null>, value: string, onChange: (value: string) => void) {
  const selection = useRef<Span>(undefined);

  function settle(): void {
    if (selection.current) field.current?.setSelectionRange(selection.current.from, selection.current.to);
    selection.current = undefined;
  }

  useLayoutEffect(settle, [field, value]);

  return (text: string, where?: Span, select?: Span): void => {
    const from = where?.from ?? field.current?.selectionStart ?? value.length;
    const to = where?.to ?? field.current?.selectionEnd ?? value.length;
    const next = value.slice(0, from) + text + value.slice(to);
    selection.current = { from: from + (select?.from ?? text.length), to: from + (select?.to ?? text.length) };
    if (next === value) settle();
    else onChange(next);
    // What was open may give the focus back to its button first.
    requestAnimationFrame(() => field.current?.focus());
  };
}
