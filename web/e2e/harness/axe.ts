/** What axe finds on a page against WCAG 2.2 AA, as far as it is serious or critical. */
import { type Page } from "@playwright/test";
import axe, { type AxeResults } from "axe-core";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** One line for each fault: rule, impact, element. Empty is good. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate<AxeResults, string[]>(
    (values) => (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly: { type: "tag", values } }),
    rules,
  );
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, impact, nodes }) => nodes.map((node) => `${id} (${impact}): ${node.target.join(" ")} ${node.failureSummary}`));
}
