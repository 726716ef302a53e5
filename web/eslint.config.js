import { readdirSync } from "node:fs";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Import zones: core knows neither React nor the DOM, ui knows no core, thread
// knows no app, and a feature of the desk imports no other feature.
const react = ["react", "react-dom", "react/*", "react-dom/*", "radix-ui", "lucide-react", "@tanstack/react-*"];
const features = readdirSync(new URL("apps/desk/src/features", import.meta.url));

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
