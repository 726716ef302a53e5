import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { AttachButton } from "@/lib/attach-button";
import { useEntered } from "@/lib/entered";
import { visit, type World } from "./world";

// Dialogs that are no forms, too, keep what was entered: a press outside does nothing, Escape asks.

type User = World["user"];

const conversation = async (user: User) => {
  await user.click(within(await screen.findByRole("list", { name: "Conversations" })).getByRole("link", { name: /Jonas Weber/ }));
  await screen.findByRole("textbox", { name: "Reply" });
};
const another = "Another time";
const later = "2099-01-02T10:00";

/** How a dialog is opened, and where something is entered in it. */
const dialogs: [name: string, open: (user: User) => Promise<void>, field: string, value: string][] = [
  [
    "Filter this list",
    async (user) => {
      await user.click(await screen.findByRole("button", { name: /^Filter/ }));
    },
    "Topic contains",
    "parcel",
  ],
  [
    "Snooze until",
    async (user) => {
      await conversation(user);
      screen.getByRole("region", { name: "Thread" }).focus();
      await user.keyboard("z");
    },
    another,
    later,
  ],
  [
    "Send later",
    async (user) => {
      await conversation(user);
      await user.type(screen.getByRole("textbox", { name: "Reply" }), "Good morning");
      await user.click(screen.getByRole("button", { name: "Send later" }));
    },
    another,
    later,
  ],
  [
    "Change password",
    async (user) => {
      await user.click(await screen.findByRole("button", { name: /Status and account/ }));
      await user.click(await screen.findByRole("menuitem", { name: "Change password" }));
    },
    "Current password",
    "secret",
  ],
];

function pressOutside(): void {
  fireEvent.pointerDown(document.body);
  fireEvent.click(document.body);
}

describe("a dialog that is no form", () => {
  it.each(dialogs)("%s keeps what was entered", async (name, open, label, value) => {
    const { user } = await visit("/mine");
    await open(user);
    const field = within(await screen.findByRole("dialog", { name })).getByLabelText(label);
    fireEvent.change(field, { target: { value } });

    pressOutside();
    expect(field).toBeVisible();
    await user.keyboard("{Escape}");
    const question = within(await screen.findByRole("alertdialog", { name: "Discard what you entered?" }));
    await user.click(question.getByRole("button", { name: "Go on editing" }));
    expect(field).toHaveValue(value);

    await user.keyboard("{Escape}");
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Discard" }));
    await waitFor(() => {
      expect(screen.queryByRole("dialog", { name })).not.toBeInTheDocument();
    });
  });

  it("closes at a press outside while nothing was entered", async () => {
    const { user } = await visit("/mine");
    await user.click(await screen.findByRole("button", { name: /^Filter/ }));
    await screen.findByRole("dialog", { name: "Filter this list" });
    pressOutside();
    await waitFor(() => {
      expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    });
  });

  it("does not take a file that was not chosen for something entered", () => {
    function Probe() {
      const { entered, watch } = useEntered(() => undefined);
      return (
        <div {...watch}>
          <AttachButton testId="files" accept="*" onFiles={() => undefined} />
          <output>{entered ? "entered" : "nothing"}</output>
        </div>
      );
    }
    render(<Probe />);
    fireEvent.click(screen.getByRole("button", { name: "Attach files" }));
    expect(screen.getByText("nothing")).toBeVisible();
    fireEvent.change(screen.getByTestId("files"), { target: { files: [new File(["a"], "a.txt")] } });
    expect(screen.getByText("entered")).toBeVisible();
  });
});
