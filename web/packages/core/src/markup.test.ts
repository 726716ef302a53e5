import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { plainOf, type Span, spansOf } from "./markup";

const table = JSON.parse(readFileSync(new URL("../../../../lib/markup/testdata/markup.json", import.meta.url), "utf8")) as {
  text: string;
  spans: Span[];
}[];

describe("bold and italic (S3-37)", () => {
  it.each(table.map((row) => [row.text, row.spans] as const))("%s", (text, spans) => {
    expect(spansOf(text)).toEqual(spans);
  });

  it("takes the marks out where nothing can be bold", () => {
    expect(plainOf("a *b* _c_ 2*3*4")).toBe("a b c 2*3*4");
  });
});
