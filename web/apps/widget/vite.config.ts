import { defineConfig } from "vitest/config";

// One classic script: no module, no chunk, no style sheet beside it.
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    outDir: "../../dist/widget",
    emptyOutDir: true,
    reportCompressedSize: true,
    lib: { entry: "src/main.ts", formats: ["iife"], name: "rapportWidget", fileName: () => "widget.js" },
  },
  test: { environment: "jsdom", include: ["test/**/*.test.ts"] },
});
