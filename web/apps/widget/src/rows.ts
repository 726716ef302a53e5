/** Turns state into what the thread shows: days, groups of one author, and how far the visitor's last message got. */
import type { Delivery, FileShown, Item, Place } from "./protocol";
import type { State } from "./state";

/** Messages of one author closer together than this share their name and time. */
const GROUP_WITHIN = 5 * 60_000;

export interface Line {
  key: string;
  body: string;
  files?: FileShown[] | undefined;
  location?: Place | undefined;
  at: Date;
  /** Present on the visitor's messages that the server did not confirm. */
  pending?: { client_id: string; failed?: string };
}

export type Row =
  | { kind: "day"; key: string; at: Date }
  | { kind: "system"; key: string; body: string }
  | { kind: "group"; key: string; mine: boolean; name: string; lines: Line[] };

export type Progress = "sending" | Delivery;

export function rows(state: State): Row[] {
  const all: Row[] = [];
  let day = "";
  const add = (from: Item["from"], name: string, line: Line) => {
    const date = line.at.toDateString();
    if (date !== day) all.push({ kind: "day", key: `day ${date}`, at: line.at });
    day = date;
    if (from === "system") {
      all.push({ kind: "system", key: line.key, body: line.body });
      return;
    }
    const mine = from === "me";
    const group = all.at(-1);
    const before = group?.kind === "group" ? group.lines.at(-1) : undefined;
    if (
      group?.kind === "group" &&
      group.mine === mine &&
      group.name === name &&
      before &&
      line.at.getTime() - before.at.getTime() < GROUP_WITHIN
    ) {
      group.lines.push(line);
    } else {
      all.push({ kind: "group", key: `group ${line.key}`, mine, name, lines: [line] });
    }
  };
  for (const item of state.items) {
    // A message keeps its key when the server confirms it, so that its element stays.
    const key = item.client_id ?? `${item.conversation_id} ${item.seq}`;
    add(item.from, item.from === "me" ? "" : (item.name ?? ""), {
      key,
      body: item.body,
      files: item.files,
      location: item.location,
      at: new Date(item.at),
    });
  }
  for (const { client_id, body, files, location, at, failed } of state.outbox) {
    const pending = failed === undefined ? { client_id } : { client_id, failed };
    add("me", "", { key: client_id, body, files, location, at: new Date(at), pending });
  }
  return all;
}

/** How far the visitor's last message got, if nothing came after it. */
export function progress(state: State): Progress | null {
  const waiting = state.outbox.at(-1);
  if (waiting) return waiting.failed === undefined ? "sending" : null;
  const last = state.items.at(-1);
  return last?.from === "me" ? (last.delivery ?? "sent") : null;
}
