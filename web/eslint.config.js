import { readdirSync } from "node:fs";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Import zones: core knows neither React nor the DOM, ui knows no core, thread
// knows no app, and a feature of the desk imports no other feature.
const react = ["react", "react-dom", "react/*", "react-dom/*", "radix-ui", "lucide-react", "@tanstack/react-*"];
const features = readdirSync(new URL("apps/desk/src/features", import.meta.url));

// Texts that people read go through t() of @rapport/i18n.
const LETTERS = "/[A-Za-z]{2}/";
const ATTRIBUTES =
  "/^(label|title|placeholder|aria-label|aria-description|alt|description|help|hint|empty|confirm|action|what|submit|lead|heading|legend)$/";
const sayWithT = "Write texts as t(\"…\") of @rapport/i18n and add the German beside the code; see README.md, Text.";
const literalText = [
  `JSXText[value=${LETTERS}]`,
  `JSXAttribute[name.name=${ATTRIBUTES}] > Literal[value=${LETTERS}]`,
  `JSXAttribute[name.name=${ATTRIBUTES}] > JSXExpressionContainer > Literal[value=${LETTERS}]`,
  `JSXAttribute[name.name=${ATTRIBUTES}] > JSXExpressionContainer > ConditionalExpression > Literal[value=${LETTERS}]`,
  `JSXAttribute[name.name=${ATTRIBUTES}] > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=${LETTERS}]`,
  `JSXElement > JSXExpressionContainer > ConditionalExpression > Literal[value=${LETTERS}]`,
  `JSXElement > JSXExpressionContainer > LogicalExpression > Literal[value=${LETTERS}]`,
  `JSXElement > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=/[A-Za-z]{3}/]`,
  `CallExpression[callee.name=/^(toast|no|useTitle|tellUndoable)$/] > Literal.arguments:first-child[value=${LETTERS}]`,
  `CallExpression[callee.name=/^(toast|no|useTitle|tellUndoable)$/] > TemplateLiteral:first-child`,
  `Property[key.name=/^(label|help|why|heading)$/] > Literal.value[value=${LETTERS}]`,
].map((selector) => ({ selector, message: sayWithT }));

// Left and right change sides in languages that are written from the right.
const PHYSICAL =
  "/(^|[\\s:!-])(m[lr]|p[lr]|scroll-[mp][lr]|(?<!(side|-)=?)(left|right))-(\\d(?!\\/2)|\\[|auto|px)|(^|[\\s:])(text-(left|right)|float-(left|right)|clear-(left|right)|rounded-(l|r|tl|tr|bl|br)|border-[lr])(-|\\s|$)/";
const physical = [`Literal[value=${PHYSICAL}]`, `TemplateElement[value.raw=${PHYSICAL}]`].map((selector) => ({
  selector,
  message: "Use start and end (ms-, pe-, start-, text-end, rounded-s, border-e …) in place of left and right.",
}));

function zone(files, group, message) {
  return { files, rules: { "no-restricted-imports": ["error", { patterns: [{ group, message }] }] } };
}

export default tseslint.config(
  { ignores: ["dist/**", "**/node_modules/**", "**/schema.d.ts", "e2e/out/**"] },
  tseslint.configs.strict,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // Warns for the React compiler, which the desk is not built with.
      "react-hooks/incompatible-library": "off",
      "max-lines": ["error", 600],
      eqeqeq: "error",
    },
  },
  {
    files: ["apps/desk/src/**", "packages/{core,thread,ui}/src/**"],
    ignores: ["**/*.test.{ts,tsx}", "packages/core/src/{api,testing}/**"],
    rules: { "no-restricted-syntax": ["error", ...literalText, ...physical] },
  },
  zone(
    ["packages/core/src/**"],
    [...react, "@rapport/ui/*", "@rapport/thread/*"],
    "core has no framework and no DOM.",
  ),
  zone(["packages/ui/src/**"], ["@rapport/core/*", "@rapport/thread/*", "@tanstack/*"], "ui knows no API."),
  zone(["packages/thread/src/**"], ["@tanstack/*", "@/*"], "thread gets its data as props."),
  zone(["apps/desk/src/lib/**"], ["@/features/*", "@/app/*"], "lib knows neither features nor the app."),
  ...features.map((name) =>
    zone(
      [`apps/desk/src/features/${name}/**`],
      ["@/features/*", "../*", "@/app/*"],
      "A feature imports no other feature and nothing of the app; what two need belongs in lib.",
    ),
  ),
);
