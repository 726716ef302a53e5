/**
 * Ends once the browser has shown what was drawn last. What is asked for beside the thread waits for
 * it, so that asking does not hold the thread back.
 */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 100); // no picture comes while nobody looks
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(resolve);
    });
  });
}
