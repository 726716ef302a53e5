import { type Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * Writes what is not ASCII as escapes: a classic script is read in the
 * character set of the page it is on, and not every page is UTF-8.
 */
const ascii: Plugin = {
  name: "ascii",
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      file.code = file.code.replace(/[^\x00-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
    }
  },
};

// One classic script: no module, no chunk, no style sheet beside it.
export default defineConfig({
  plugins: [ascii],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    outDir: "../../dist/widget",
    emptyOutDir: true,
    reportCompressedSize: true,
    lib: { entry: "src/main.ts", formats: ["iife"], name: "rapportWidget", fileName: () => "widget.js" },
  },
  test: { environment: "jsdom", testTimeout: 60_000, include: ["test/**/*.test.ts"] },
});
