/** The demonstration with a long past: `rapport demo --past N`. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const binary = process.env["RAPPORT_BIN"] ?? fileURLToPath(new URL("../../../bin/rapport", import.meta.url));

export class Demo {
  private constructor(
    readonly url: string,
    /** Signs the admin in. */
    readonly link: string,
    readonly process: ChildProcess,
    private readonly invitation: string,
  ) {}

  /** Signs one of the demo's people in, by their name. */
  linkOf(name: string): string {
    const link = new RegExp(`(\\S+/link\\?token=\\S+)\\s+\\(${name}\\)`).exec(this.invitation)?.[1];
    if (!link) throw new Error(`the demo invites nobody called ${name}:\n${this.invitation}`);
    return link;
  }

  static async start(past: number, patience: number): Promise<Demo> {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("RAPPORT_")));
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const child = spawn(binary, ["demo", "--port", String(port), "--past", String(past)], { env, stdio: ["ignore", "pipe", "pipe"] });
    let log = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += String(chunk)));
    const deadline = Date.now() + patience;
    for (;;) {
      const link = /Admin\s+(\S+\/link\?token=\S+)/.exec(log)?.[1];
      if (link) {
        const { origin } = new URL(link);
        if ((await fetch(`${origin}/readyz`).catch(() => null))?.ok) return new Demo(origin, link, child, log);
      }
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the demo did not start:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
  }
}
