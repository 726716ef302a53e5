import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

// Reads the sources of the desk and says which texts they use.

const web = fileURLToPath(new URL("../../..", import.meta.url));

export interface Use {
  key: string;
  /** File and line. */
  at: string;
  /** The folder whose catalogue holds it. */
  folder: string;
}

/** Folders with a catalogue of their own. What stands in a shared one may be used anywhere. */
export const shared = ["packages/core/src", "packages/ui/src", "packages/thread/src", "apps/desk/src/lib"];
const features = readdirSync(join(web, "apps/desk/src/features")).map((name) => `apps/desk/src/features/${name}`);
export const folders = [...shared, "apps/desk/src/app", ...features];

function sourcesIn(folder: string): string[] {
  return readdirSync(join(web, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.|\.d\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/core/src/testing/"));
}

/** Every text given to t(), and calls whose text is not written out. */
export function textsIn(folder: string): { uses: Use[]; unclear: string[] } {
  const uses: Use[] = [];
  const unclear: string[] = [];
  for (const path of sourcesIn(folder)) {
    const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "t") {
        const at = `${relative(web, path)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
        const [text, values] = node.arguments;
        if (text && ts.isStringLiteralLike(text)) uses.push({ key: text.text + contextOf(values), at, folder });
        else unclear.push(at);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { uses, unclear };
}

/** "_verb" of t("Open", { context: "verb" }). */
function contextOf(values: ts.Expression | undefined): string {
  if (!values || !ts.isObjectLiteralExpression(values)) return "";
  for (const one of values.properties) {
    if (ts.isPropertyAssignment(one) && one.name.getText() === "context" && ts.isStringLiteralLike(one.initializer)) {
      return `_${one.initializer.text}`;
    }
  }
  return "";
}

export function catalogueOf(folder: string, code: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(join(web, folder, `${code}.json`), "utf8")) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`${join(folder, `${code}.json`)}: ${String(error)}`);
  }
}

/** The names in a text, each once, in order. */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? ""))].sort();
}

/** The keys under which a language holds a text: one, or one for each plural form. */
export function keysOf(key: string, code: string): string[] {
  if (!key.includes("{{count}}")) return [key];
  return new Intl.PluralRules(code).resolvedOptions().pluralCategories.map((form) => `${key}_${form}`);
}

