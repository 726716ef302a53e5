import { h, render } from "preact";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { textsFor } from "../src/i18n";
import { type Carries } from "../src/protocol";
import { type Actions } from "../src/ui/app";
import { Composer } from "../src/ui/composer";
import { WireError } from "../src/wire";

const carries: Carries = { max_text: 100, max_files: 2, location: false, media: [{ kind: "document", max_bytes: 1000, extensions: ["txt"] }] };

let box: HTMLElement;

beforeEach(() => {
  box = document.createElement("div");
  document.body.append(box);
});
afterEach(() => {
  render(null, box);
  box.remove();
});

/** The visitor chooses files; what becomes of each stands beside its name. */
async function choose(names: string[], upload: Actions["upload"]): Promise<string[]> {
  const actions = { upload, draft: vi.fn(), typing: vi.fn() } as unknown as Actions;
  render(h(Composer, { carries, texts: textsFor("en"), draft: "", focus: false, actions }), box);
  const chooser = box.querySelector<HTMLInputElement>("input[type=file]");
  if (!chooser) throw new Error("nothing to choose files with");
  Object.defineProperty(chooser, "files", { value: names.map((name) => new File(["text"], name)) });
  chooser.dispatchEvent(new Event("change"));
  const list = () => [...box.querySelectorAll("li")].map((one) => `${one.querySelector("span")?.textContent ?? ""}: ${one.querySelector("em")?.textContent ?? ""}`);
  await vi.waitFor(() => expect(list()).toHaveLength(names.length));
  await vi.waitFor(() => expect(box.querySelector("progress")).toBeNull());
  return list();
}

it("a file that the connection did not let through is called not sent", async () => {
  const upload = () => Promise.reject(new WireError(0, "unreachable", ""));
  expect(await choose(["a.txt"], upload)).toEqual(["a.txt: Not sent"]);
});

it("a file that the server refuses says why", async () => {
  const upload = () => Promise.reject(new WireError(400, "invalid", "a.txt is empty."));
  expect(await choose(["a.txt"], upload)).toEqual(["a.txt: a.txt is empty."]);
});

it("files beyond what a message may have are named, not dropped without a word", async () => {
  const upload = (file: File) => Promise.resolve({ id: file.name, name: file.name, type: "text/plain", size: 4, url: "" });
  const too = "Too many; at most 2 files go with a message";
  expect(await choose(["a.txt", "b.txt", "c.txt"], upload)).toEqual(["a.txt: ", "b.txt: ", `c.txt: ${too}`]);
});
