import { fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { File } from "@rapport/core/api/types";
import { Attachments } from "./media";

const file = (change: Partial<File>): File => ({ id: "f1", name: "front.png", type: "image/png", size: 2048, width: 600, height: 300, ...change });

beforeEach(() => {
  // jsdom has neither media nor modal dialogs.
  vi.spyOn(HTMLMediaElement.prototype, "canPlayType").mockImplementation((type) => (type === "audio/amr" ? "" : "maybe"));
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockReturnValue();
  HTMLDialogElement.prototype.showModal = function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) {
    this.open = false;
  };
});

describe("pictures (S3-36)", () => {
  it("keep their room before they are loaded, and show the thumbnail where there is one", () => {
    render(<Attachments files={[file({ thumb: true })]} />);
    const img = screen.getByRole("img", { name: "front.png" });
    expect(img).toHaveAttribute("width", "280");
    expect(img).toHaveAttribute("height", "140");
    expect(img).toHaveAttribute("src", "/api/v1/files/f1?form=thumb");
  });

  it("open in full; arrows turn round, and Escape or a click beside closes", async () => {
    render(<Attachments files={[file({}), file({ id: "f2", name: "back.png" })]} />);
    await userEvent.click(screen.getByRole("button", { name: "Show back.png" }));
    const light = screen.getByRole("dialog", { name: "back.png" });
    expect(light).toHaveTextContent("2/2");
    await userEvent.click(within(light).getByRole("button", { name: "Next picture" }));
    expect(screen.getByRole("dialog", { name: "front.png" })).toBeVisible();
    fireEvent.keyDown(screen.getByRole("dialog"), { key: "ArrowLeft" });
    expect(screen.getByRole("link", { name: "Download back.png, 2 kB" })).toHaveAttribute("href", "/api/v1/files/f2?save=1");
    await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("are files to save when nobody could measure them, or when they may run something", () => {
    render(<Attachments files={[{ id: "f1", name: "huge.png", type: "image/png", size: 1 << 20 }, file({ id: "f2", name: "logo.svg", type: "image/svg+xml" })]} />);
    expect(screen.queryByRole("img")).not.toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Download huge.png, 1 MB" })).toHaveAttribute("download", "huge.png");
    expect(screen.getByRole("link", { name: /^Download logo\.svg/ })).toHaveAttribute("href", "/api/v1/files/f2?save=1");
  });
});

describe("film and sound (S3-36, S3-40)", () => {
  it("film that the browser cannot play is there to be saved", () => {
    render(<Attachments files={[file({ name: "clip.mov", type: "video/quicktime" })]} />);
    fireEvent.error(screen.getByLabelText("clip.mov"));
    expect(screen.getByRole("link", { name: /^Download clip\.mov/ })).toBeVisible();
  });

  it("sound is played, sought and sped up", async () => {
    render(<Attachments files={[file({ name: "voice.mp3", type: "audio/mpeg" })]} />);
    const player = screen.getByRole("group", { name: "voice.mp3" });
    const sound = player.querySelector("audio");
    if (!sound) throw new Error("no audio");
    expect(sound).toHaveAttribute("src", "/api/v1/files/f1");
    Object.defineProperty(sound, "duration", { value: 83 });
    fireEvent.loadedMetadata(sound);
    expect(player).toHaveTextContent("0:00 / 1:23");
    fireEvent.change(within(player).getByRole("slider", { name: "Position" }), { target: { value: "61" } });
    expect(sound.currentTime).toBe(61);
    expect(within(player).getByRole("slider")).toHaveAttribute("aria-valuetext", "1:01");
    await userEvent.click(within(player).getByRole("button", { name: "Speed 1" }));
    await userEvent.click(within(player).getByRole("button", { name: "Speed 1.5" }));
    expect(sound.playbackRate).toBe(2);
    fireEvent.play(sound);
    await userEvent.click(within(player).getByRole("button", { name: "Pause" }));
    expect(HTMLMediaElement.prototype.pause).toHaveBeenCalled();
  });

  it("sound that cannot be played is asked for converted, only once it is wanted, and is else there to be saved", async () => {
    render(<Attachments files={[file({ name: "note.amr", type: "audio/amr" })]} />);
    const sound = screen.getByRole("group", { name: "note.amr" }).querySelector("audio");
    if (!sound) throw new Error("no audio");
    expect(sound).not.toHaveAttribute("src");
    await userEvent.click(screen.getByRole("button", { name: "Play note.amr" }));
    expect(sound).toHaveAttribute("src", "/api/v1/files/f1?form=mp3");
    fireEvent.error(sound);
    const card = screen.getByRole("link", { name: /^Download note\.amr/ });
    expect(card).toHaveTextContent("This browser cannot play it; download it to listen.");
  });
});

describe("places (S3-41)", () => {
  it("show name, address and coordinates, and lead to a map", () => {
    render(<Attachments location={{ latitude: 53.5461, longitude: 9.9937, name: "Harbour office", address: "Am Sandtorkai" }} />);
    const card = screen.getByRole("link", { name: /^Harbour office.*Am Sandtorkai.*53\.54610, 9\.99370.*Open the map$/ });
    expect(card).toHaveAttribute("href", expect.stringContaining("mlat=53.5461&mlon=9.9937"));
    expect(card).toHaveAttribute("rel", "noreferrer noopener");
  });

  it("without coordinates lead to a search by name", () => {
    render(<Attachments location={{ latitude: 0, longitude: 0, name: "Old harbour" }} />);
    expect(screen.getByRole("link", { name: /Without coordinates/ })).toHaveAttribute("href", "https://www.openstreetmap.org/search?query=Old%20harbour");
  });
});

it("shows nothing where there is nothing", () => {
  const { container } = render(<Attachments files={[]} />);
  expect(container).toBeEmptyDOMElement();
});
