/** The program under test: the built binary on a loopback port, with data of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const binary = process.env["RAPPORT_BIN"] ?? fileURLToPath(new URL("../../../bin/rapport", import.meta.url));

export class Server {
  readonly url: string;
  readonly #port: number;
  readonly #data: string;
  #process: ChildProcess | null = null;
  #log = "";

  private constructor(
    port: number,
    data: string,
    readonly settings: Record<string, string>,
  ) {
    this.#port = port;
    this.#data = data;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts one with settings of the environment, such as RAPPORT_GEOCODER. */
  static async start(settings: Record<string, string> = {}): Promise<Server> {
    if (!existsSync(binary)) throw new Error(`${binary} is missing; make build makes it.`);
    const server = new Server(await freePort(), await mkdtemp(join(tmpdir(), "rapport-e2e-")), settings);
    await server.run();
    return server;
  }

  /** Starts the program on its port and data; returns once it is ready. */
  async run(): Promise<void> {
    const address = `127.0.0.1:${this.#port}`;
    // Settings of whoever runs the tests, such as their database, are not for this server.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("RAPPORT_")));
    const child = spawn(binary, ["serve", "--listen", address, "--data", this.#data, "--allow-destination", "127.0.0.0/8"], {
      env: { ...env, ...this.settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (this.#log += String(chunk)));
    await this.#until("ready", async () => {
      if (child.exitCode !== null) throw new Error(`rapport serve ended with ${child.exitCode}:\n${this.#log}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      return answer?.ok || null;
    });
  }

  /** Ends it without a chance to say goodbye (SIGKILL). */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    await this.#end("SIGKILL");
    await rm(this.#data, { recursive: true, force: true });
  }

  /** The one-time token that the first start prints for whoever makes the first admin. */
  async setupToken(): Promise<string> {
    return this.#until("setup token in the log", () => Promise.resolve(/\/setup\S*?token=([\w.-]+)/.exec(this.#log)?.[1]));
  }

  get log(): string {
    return this.#log;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async #until<T>(what: string, look: () => Promise<T | null | undefined>): Promise<T> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = await look();
      if (found !== null && found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`no ${what} within 10 s; the log says:\n${this.#log}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  probe.close();
  await once(probe, "close");
  return address.port;
}
