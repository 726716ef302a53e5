import { describe, expect, it, vi } from "vitest";
import { Problem } from "./api/problem";
import type { Upload } from "./api/types";
import { type Source, type UploadCalls, Uploads } from "./uploads";

const MB = 1 << 20;
const source = (name: string, size: number): Source => ({ name, size, type: "", slice: (from, to) => ({ from, to }) });
const settled = async (): Promise<void> => {
  for (let n = 0; n < 50; n++) await Promise.resolve();
};

/** A server that keeps offsets; `trouble` may throw. */
function server(trouble: (call: string) => void = () => undefined) {
  const kept = new Map<string, Upload & { name: string }>();
  const calls: UploadCalls = {
    begin: async ({ name, size }) => {
      trouble("begin");
      const upload = { id: `u${kept.size}`, offset: 0, size, name };
      kept.set(upload.id, upload);
      return upload;
    },
    append: async (id, offset, piece) => {
      const upload = kept.get(id);
      if (!upload) throw new Problem(404, {});
      trouble("append");
      if (offset !== upload.offset) throw new Problem(409, { code: "wrong_offset" });
      upload.offset = (piece as { to: number }).to;
      if (upload.offset === upload.size) upload.file = { id, name: upload.name, type: "image/png", size: upload.size };
      return upload;
    },
    read: async (id) => kept.get(id) ?? Promise.reject(new Problem(404, {})),
    drop: vi.fn(async () => undefined),
  };
  return { calls, kept };
}

const fits = () => undefined;

describe("uploads (S3-36)", () => {
  it("sends several, in pieces, and hands them over in the order of adding", async () => {
    const { calls } = server();
    const uploads = new Uploads(calls);
    uploads.add("c1", { purpose: "note" }, [source("large.png", 3 * MB), source("small.png", 10), source("last.png", 20)], fits);
    await settled();
    expect(uploads.all().map((one) => one.state)).toEqual(["done", "done", "done"]);
    expect(uploads.take("c1").map((file) => file.name)).toEqual(["large.png", "small.png", "last.png"]);
    expect(uploads.all()).toEqual([]);
  });

  it("goes on where the server has got to after a broken connection", async () => {
    let pieces = 0;
    const { calls, kept } = server((call) => {
      if (call === "append" && ++pieces === 2) throw new Problem(0, { detail: "No server." });
    });
    const append = vi.spyOn(calls, "append");
    const uploads = new Uploads(calls, () => Promise.resolve());
    uploads.add("c1", { purpose: "note" }, [source("a.png", 3 * MB)], fits);
    await settled();
    expect(append.mock.calls.map(([, offset]) => offset)).toEqual([0, MB, MB, 2 * MB]);
    expect(kept.size).toBe(1);
  });

  it("gives up after a while and can be told to try again", async () => {
    let down = true;
    const { calls } = server(() => {
      if (down) throw new Problem(0, { detail: "No server." });
    });
    const uploads = new Uploads(calls, () => Promise.resolve());
    uploads.add("c1", { purpose: "note" }, [source("a.png", 10)], fits);
    await settled();
    expect(uploads.all()[0]).toMatchObject({ state: "failed", error: "No server." });
    down = false;
    uploads.retry(uploads.all()[0]?.key ?? "");
    await settled();
    expect(uploads.all()[0]).toMatchObject({ state: "done" });
  });

  it("sends nothing of what does not fit, and keeps the server's reason", async () => {
    const { calls, kept } = server((call) => {
      if (call === "append") throw new Problem(400, { detail: "a.png is not what its name says." });
    });
    const uploads = new Uploads(calls);
    uploads.add("c1", { purpose: "note" }, [source("a.exe", 10)], () => "This type cannot be sent.");
    await settled();
    expect(kept.size).toBe(0);
    expect(uploads.all()[0]).toMatchObject({ state: "refused", error: "This type cannot be sent." });
    uploads.add("c1", { purpose: "note" }, [source("a.png", 10)], fits);
    await settled();
    expect(uploads.all()[1]).toMatchObject({ state: "refused", error: "a.png is not what its name says." });
    uploads.remove(uploads.all()[1]?.key ?? "");
    expect(calls.drop).toHaveBeenCalledWith("u0");
    expect(uploads.all()).toHaveLength(1);
  });

  it("moves what a writing carries to another one, on its way or done, and gives up the rest", async () => {
    const { calls } = server();
    const uploads = new Uploads(calls);
    uploads.add("new", { purpose: "reply" }, [source("a.png", 10), source("b.png", 2 * MB)], fits);
    uploads.move("new", "c1/message");
    await settled();
    expect(uploads.all().map((one) => [one.scope, one.state])).toEqual([
      ["c1/message", "done"],
      ["c1/message", "done"],
    ]);
    uploads.add("new", { purpose: "reply" }, [source("c.png", 10)], fits);
    await settled();
    expect(uploads.clear("new")).toBe(1);
    expect(calls.drop).toHaveBeenCalledWith("u2");
    expect(uploads.take("c1/message").map((file) => file.name)).toEqual(["a.png", "b.png"]);
    expect(uploads.all()).toEqual([]);
  });
});
