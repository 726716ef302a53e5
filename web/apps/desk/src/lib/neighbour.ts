/** Where j and k go in a list: from what has left it to what has taken its place, or to the one before. */
export function neighbour(order: readonly string[], id: string, was: number | undefined, step: 1 | -1): string | undefined {
  const at = order.indexOf(id);
  const to = at >= 0 ? at + step : was === undefined ? 0 : step === 1 ? was : was - 1;
  return order[Math.min(order.length - 1, Math.max(0, to))];
}
