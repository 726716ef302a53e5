/** Waiting that ends early when something makes another attempt worthwhile. */
export class Rest {
  #waiting = new Set<() => void>();

  /** Resolves after the milliseconds, or at the next `end`. */
  for(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#waiting.add(done);
    });
  }

  end(): void {
    for (const done of [...this.#waiting]) done();
  }
}
