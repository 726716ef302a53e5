import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import vite from "./vite.config";

export default defineConfig((env) =>
  mergeConfig(vite(env), {
    test: { environment: "jsdom", testTimeout: 60_000, setupFiles: ["./test/setup.ts"], include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"] },
  }),
);
