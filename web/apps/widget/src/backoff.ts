/** Waiting times between attempts: doubling from 0.25 s to 8 s, each drawn from its upper half. */
export class Backoff {
  #attempt = 0;

  /** Milliseconds until the next attempt. Jitter keeps a thousand widgets from coming back at once. */
  next(): number {
    const ceiling = Math.min(250 * 2 ** this.#attempt++, 8000);
    return ceiling / 2 + Math.random() * (ceiling / 2);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
