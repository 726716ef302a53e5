// @vitest-environment node
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { type Rollup, build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

it("the whole widget is one script of at most 26 kB gzipped, in ASCII, which names no global of its own", async () => {
  const built = (await build({ root, logLevel: "error", build: { write: false } })) as Rollup.RollupOutput[];
  const files = built.flatMap((one) => one.output);
  expect(files.map((file) => file.fileName)).toEqual(["widget.js"]);
  const [script] = files;
  if (script?.type !== "chunk") throw new Error("widget.js is not a script");
  expect(gzipSync(script.code, { level: 9 }).length).toBeLessThanOrEqual(26_000);
  expect(script.code).toMatch(/^[\x20-\x7e\s]*$/);
  expect(script.code).toMatch(/^\(function\(\)\{/);
});
