/** The pages of the desk, as its router has them: a page that is added there is in every test that walks them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const router = readFileSync(fileURLToPath(new URL("../../apps/desk/src/app/router.tsx", import.meta.url)), "utf8");

/** Addresses that need nothing but themselves, of who may see them. */
function pagesOf(who: string): string[] {
  const found = router.matchAll(new RegExp(`getParentRoute: \\(\\) => (?:${who}),\\s+path: "(/[^"$]+)"`, "g"));
  return [...found].map((match) => match[1] ?? "");
}

export const adminRoutes = pagesOf("administer");
export const routes = ["/mine", "/unassigned", "/all", "/chatbots", "/history", ...pagesOf("shell|supervise"), ...adminRoutes];
if (adminRoutes.length < 10 || routes.length < 20) throw new Error(`these cannot be all pages of the desk: ${routes.join(" ")}`);
