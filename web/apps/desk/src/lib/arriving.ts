/** How long to wait before a part is asked for again; milliseconds. */
const FIRST = 500;
const LONGEST = 8_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether the server is there, so that what does not come is not there any more. */
async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch("/healthz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/**
 * Loads a part of the desk's code and, while the server is away, waits for it: the page is not broken for that. Only what a
 * server that answers does not give twice fails; after an update the desk has to be loaded anew.
 */
export function arriving<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    let refused = 0;
    for (let wait = FIRST; ; wait = Math.min(wait * 2, LONGEST)) {
      try {
        return await load();
      } catch (error) {
        if ((await serverAnswers()) && ++refused > 1) throw error;
      }
      await pause(wait);
    }
  };
}
