import { describe, expect, it } from "vitest";
import { bytes, lookOf, mapUrl, parsePlace } from "./files";

describe("files and places", () => {
  it("shows pictures, film, sound and the rest", () => {
    const file = (type: string, width?: number) => ({ id: "f", name: "f", type, size: 1, ...(width ? { width } : {}) });
    expect(lookOf(file("image/png", 10))).toBe("image");
    expect(lookOf(file("image/png"))).toBe("file"); // a bomb, or broken
    expect(lookOf(file("image/svg+xml", 10))).toBe("file");
    expect(lookOf(file("audio/amr"))).toBe("audio");
    expect(lookOf(file("video/mp4"))).toBe("video");
  });

  it("writes sizes", () => {
    expect([12, 2048, 1.5 * (1 << 20), 25 * (1 << 20)].map(bytes)).toEqual(["12 B", "2 kB", "1.5 MB", "25 MB"]);
  });

  it.each([
    ["52.52, 13.405", { latitude: 52.52, longitude: 13.405 }],
    ["-33.86 151.2", { latitude: -33.86, longitude: 151.2 }],
    ["https://www.openstreetmap.org/#map=16/52.5200/13.4050", { latitude: 52.52, longitude: 13.405 }],
    ["https://www.openstreetmap.org/?mlat=52.52&mlon=13.405", { latitude: 52.52, longitude: 13.405 }],
    ["https://maps.example/@52.52,13.405,15z", { latitude: 52.52, longitude: 13.405 }],
    ["91.0, 13.4", undefined],
    ["Berlin", undefined],
    ["10117 Berlin", undefined],
  ])("reads the place %s (S3-41)", (text, place) => {
    expect(parsePlace(text)).toEqual(place);
  });

  it("leads to a map, by coordinates or by name", () => {
    expect(mapUrl({ latitude: 1.5, longitude: 2.5 })).toContain("mlat=1.5&mlon=2.5");
    expect(mapUrl({ latitude: 0, longitude: 0, name: "Main & Side" })).toContain("query=Main%20%26%20Side");
  });
});
