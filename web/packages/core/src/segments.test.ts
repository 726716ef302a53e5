import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Segments, segmentsOf } from "./segments";

interface Golden extends Segments {
  name: string;
  text: string;
  repeat: number;
  then: string;
}

const table = JSON.parse(readFileSync(new URL("../../../../lib/sms/testdata/segments.json", import.meta.url), "utf8")) as Golden[];

describe("parts of a text message (S3-39, C19)", () => {
  it.each(table.map((row) => [row.name, row] as const))("%s", (_, { text, repeat, then, unicode, units, segments, left }) => {
    expect(segmentsOf(text.repeat(repeat) + then)).toEqual({ unicode, units, segments, left });
  });
});
