/** A stretch of a message's text, with where it leads if it is a link. */
export interface Piece {
  text: string;
  href?: string;
}

const address = /\bhttps?:\/\/[^\s<>"']+|\bwww\.[^\s<>"']+\.[^\s<>"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;

/** Finds web and mail addresses. Only http, https and mailto ever become links. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const link = withoutTail(match[0]);
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: link, href: target(link) });
    end = match.index + link.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

/** Punctuation that ends the sentence, or closes a bracket opened before, is not part of the address. */
function withoutTail(link: string): string {
  for (;;) {
    const last = link.at(-1) ?? "";
    const unopened = last === ")" && link.split("(").length < link.split(")").length;
    if (!unopened && !".,;:!?…]}*_".includes(last)) return link;
    link = link.slice(0, -1);
  }
}

function target(link: string): string {
  if (/^https?:/i.test(link)) return link;
  return link.includes("@") && !/^www\./i.test(link) ? `mailto:${link}` : `https://${link}`;
}
