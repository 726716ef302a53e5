import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const server = process.env["RAPPORT_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: {
      "@": path("./src"),
      // Radix locks the page's scrolling with a style element, which the content
      // security policy forbids; the desk's page never scrolls.
      "react-remove-scroll": path("./src/lib/scroll-lock.tsx"),
    },
  },
  build: {
    outDir: mode === "mock" ? path("../../node_modules/.cache/desk-mock") : path("../../dist/desk"),
    emptyOutDir: true,
    // Data URLs would need holes in the content security policy.
    assetsInlineLimit: 0,
    target: "baseline-widely-available",
    // What the first screen needs comes in two files, not in a hundred: a group
    // takes along all that its modules import. main.tsx is in neither: it waits
    // for both.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "start", test: /apps\/desk\/src\/lib\/(language|theme)\.tsx?$/, priority: 2 },
            { name: "desk", test: /apps\/desk\/src\/draw\.tsx$/, priority: 1 },
          ],
        },
      },
    },
    cssTarget: ["chrome125", "firefox128", "safari17.5"],
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": { target: server, ws: true },
      "/in": { target: server, ws: true },
      "/widget.js": server,
    },
  },
}));
