import { t } from "@rapport/i18n";
import type { Contents, Limits } from "./api/types";
import { bytes } from "./files";
import { type Segments, segmentsOf } from "./segments";

/** What a writing is for: a note, or a reply through a kind of channel. */
export type Purpose = "note" | (string & {});

/** What a kind of channel carries; one that the table does not know carries texts. */
export function contentsOf(limits: Limits | undefined, channel: string): Contents | undefined {
  return limits?.channels[channel];
}

export function endingOf(name: string): string {
  const at = name.lastIndexOf(".");
  return at < 0 ? "" : name.slice(at + 1).toLowerCase();
}

/** Endings that may be chosen, as a file dialog wants them. */
export function accepted(limits: Limits | undefined, purpose: Purpose): string {
  const endings = purpose === "note" ? limits?.note.extensions : contentsOf(limits, purpose)?.media.flatMap((one) => one.extensions);
  return (endings ?? []).map((one) => `.${one}`).join(",");
}

/** How many files one writing carries. */
export function mostFiles(limits: Limits | undefined, purpose: Purpose): number {
  if (!limits) return 0;
  const contents = contentsOf(limits, purpose);
  if (purpose === "note") return 10;
  return contents && contents.media.length > 0 ? contents.max_files : 0;
}

/**
 * Why a file cannot be sent, and what would be right; undefined when it can. The
 * smallest of client, channel and note counts (C18), by the server's own table.
 */
export function fileProblem(limits: Limits, purpose: Purpose, client: string, name: string, size: number): string | undefined {
  if (size < 1) return t("The file is empty.");
  const ending = endingOf(name);
  let most = limits.note.max_bytes;
  if (purpose === "note") {
    if (!limits.note.extensions.includes(ending)) {
      return t("Notes do not carry this type. These can be sent: {{list}}.", { list: limits.note.extensions.join(", ") });
    }
  } else {
    const media = contentsOf(limits, purpose)?.media ?? [];
    if (media.length === 0) return t("This channel carries no files.");
    const one = media.find((kind) => kind.extensions.includes(ending));
    if (!one) {
      return t("This channel does not carry this type. These can be sent: {{list}}.", { list: media.flatMap((kind) => kind.extensions).join(", ") });
    }
    most = one.max_bytes;
  }
  most = Math.min(most, limits.clients[client] ?? most);
  return size > most ? t("The file has {{size}}; at most {{most}} can be sent here.", { size: bytes(size), most: bytes(most) }) : undefined;
}

/** Why a place cannot be sent; undefined when it can. */
export function placeProblem(limits: Limits, purpose: Purpose): string | undefined {
  if (purpose === "note" || contentsOf(limits, purpose)?.location) return undefined;
  return t("This channel carries no places. Write the address as text.");
}

/** What a writer should know of a text before it is sent. */
export interface Length {
  /** Characters; negative `left` is too much. */
  used: number;
  most: number;
  left: number;
  /** Where texts are sent and billed in parts. */
  parts?: Segments;
}

/** How a text fits into a channel; undefined for notes. */
export function lengthOf(contents: Contents | undefined, text: string): Length | undefined {
  if (!contents) return undefined;
  const used = [...text].length;
  const length = { used, most: contents.max_text, left: contents.max_text - used };
  return contents.segments ? { ...length, parts: segmentsOf(text) } : length;
}
