import { Fragment } from "react";
import { spansOf } from "@rapport/core/markup";

const link = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]*_])/;

/** Text in which web addresses can be followed and, where the channel can, *bold* and _italic_ look so. */
export function RichText({ text, marks }: { text: string; marks: boolean }) {
  return text.split(link).map((part, n) =>
    n % 2 === 1 ? (
      <a key={n} href={part} target="_blank" rel="noreferrer noopener nofollow" className="text-accent-strong underline underline-offset-2">
        {part}
      </a>
    ) : (
      <Fragment key={n}>{marks ? <Marked text={part} /> : part}</Fragment>
    ),
  );
}

function Marked({ text }: { text: string }) {
  return spansOf(text).map((span, n) => {
    const inner = span.italic ? <em>{span.text}</em> : span.text;
    return <Fragment key={n}>{span.bold ? <strong className="font-semibold">{inner}</strong> : inner}</Fragment>;
  });
}
