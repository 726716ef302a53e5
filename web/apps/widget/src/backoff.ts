/** Waiting times between attempts: doubling from 0.25 s to a ceiling, each drawn from its upper half. */
export class Backoff {
  readonly #ceiling: number;
  #attempt = 0;

  constructor(ceiling = 8_000) {
    this.#ceiling = ceiling;
  }

  /** Milliseconds until the next attempt. Jitter keeps a thousand widgets from coming back at once. */
  next(): number {
    const longest = Math.min(250 * 2 ** this.#attempt++, this.#ceiling);
    return longest / 2 + Math.random() * (longest / 2);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
