/** What somebody looked for lately, on this machine. */

const MOST = 8;
const key = (agent: string) => `rapport.searches.${agent}`;

export function recentSearches(agent: string): string[] {
  try {
    const held: unknown = JSON.parse(localStorage.getItem(key(agent)) ?? "[]");
    return Array.isArray(held) ? held.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function rememberSearch(agent: string, text: string): void {
  const trimmed = text.trim();
  if (trimmed.length < 2) return;
  const others = recentSearches(agent).filter((one) => one.toLowerCase() !== trimmed.toLowerCase());
  keep(agent, [trimmed, ...others].slice(0, MOST));
}

export function forgetSearches(agent: string): void {
  keep(agent, []);
}

function keep(agent: string, list: string[]): void {
  try {
    localStorage.setItem(key(agent), JSON.stringify(list));
  } catch {
    // Without storage there are no recent searches.
  }
}
