/** Tells the visitor's other tabs on this site what happened here. */
import type { News } from "./state";

export type Notice =
  /** Another tab sent or read something, as this person; empty for an anonymous visitor. */
  | { t: "news"; news: News; as: string }
  /** This person has a new token, or none, because they are to be forgotten. */
  | { t: "visitor"; token: string; as: string };

export class Tabs {
  readonly #channel: BroadcastChannel | null;

  constructor(inbox: string, onNotice: (notice: Notice) => void) {
    this.#channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`rapport.${inbox}`);
    if (this.#channel) this.#channel.onmessage = (event: MessageEvent<Notice>) => onNotice(event.data);
  }

  tell(notice: Notice): void {
    this.#channel?.postMessage(notice);
  }

  close(): void {
    this.#channel?.close();
  }
}
