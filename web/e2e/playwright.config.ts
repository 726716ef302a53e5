import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// The machine's own Chromium: nothing is downloaded. CHROMIUM names another one.
const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env["CHROMIUM"] ?? browsers.find((path) => existsSync(path));
if (!executablePath) throw new Error("No Chromium found. Install it, or set CHROMIUM to its path.");

export default defineConfig({
  testDir: "specs",
  outputDir: "out/results",
  // Each test starts a server and two or three pages; two at once fill two cores.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    launchOptions: { executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] },
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    actionTimeout: 20_000,
    // Tracing nearly doubles the time; TRACE=1 turns it on to look into a failure.
    trace: process.env["TRACE"] === "1" ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
  },
});
