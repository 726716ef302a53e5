import type { Template } from "@rapport/core/api/texts";

/** The text as it will be sent; what is not filled in yet stays marked. */
export function templateText(template: Pick<Template, "header" | "body" | "footer">, values: Record<string, string>): string {
  const fill = (text: string) => text.replace(/\{\{\s*([^{}\n]+?)\s*\}\}/g, (found, name: string) => values[name]?.trim() || found);
  return [template.header, template.body, template.footer].filter(Boolean).map((part) => fill(part ?? "")).join("\n\n");
}
