import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { desk } from "@/lib/desk-state";
import { visit } from "./world";

describe("session", () => {
  it("asks for a sign-in, says what was wrong, and leads back to where one wanted to go", async () => {
    const { user } = await visit("/history", (server) => {
      server.world.signedIn = false;
    });
    await user.type(await screen.findByLabelText("E-mail"), "ana@harbour.example");
    await user.type(screen.getByLabelText("Password"), "wrong");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The e-mail address or the password is wrong.");
    await user.clear(screen.getByLabelText("Password"));
    await user.type(screen.getByLabelText("Password"), "demo");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("heading", { name: "History" })).toBeVisible();
  });

  it("offers the set-up on the first run", async () => {
    await visit("/", (server) => {
      Object.assign(server.world, { signedIn: false, setupNeeded: true });
    });
    expect(await screen.findByRole("heading", { name: "Set up Rapport" })).toBeVisible();
  });

  it("leads from the set-up to the first steps", async () => {
    const { user } = await visit("/setup?token=t", (server) => {
      Object.assign(server.world, { signedIn: false, setupNeeded: true });
    });
    for (const field of ["Name of your company or team", "Your name", "E-mail"]) await user.type(await screen.findByLabelText(field), "ana@harbour.example");
    await user.type(screen.getByLabelText("Password"), "a long pass phrase");
    await user.click(screen.getByRole("button", { name: "Create account" }));
    expect(await screen.findByRole("heading", { name: "First steps" })).toBeVisible();
  });

  it("shows no set-up where everything is set up", async () => {
    await visit("/setup");
    expect(await screen.findByRole("heading", { name: "My work" })).toBeVisible();
  });

  it("signs in by a link, once", async () => {
    let calls = 0;
    await visit("/link?token=abc", (server) => {
      server.world.signedIn = false;
      server.intercept = (_method, path) => {
        if (path === "/session/link") calls += 1;
        return undefined;
      };
    });
    expect(await screen.findByRole("heading", { name: "My work" })).toBeVisible();
    expect(calls).toBe(1);
  });

  it("greets who was invited", async () => {
    const { user } = await visit("/invite/abc", (server) => {
      server.world.signedIn = false;
    });
    expect(await screen.findByRole("heading", { name: "Welcome to Harbour Goods" })).toBeVisible();
    expect(screen.getByLabelText("Your name")).toHaveValue("Fatou Diallo");
    await user.type(screen.getByLabelText("Password"), "a long pass phrase");
    await user.click(screen.getByRole("button", { name: "Join" }));
    expect(await screen.findByRole("heading", { name: "My work" })).toBeVisible();
  });

  it("changes the status (S3-08, S3-09)", async () => {
    const { server, user } = await visit("/mine");
    await user.click(await screen.findByRole("button", { name: /Status and account/ }));
    await user.click(await screen.findByRole("menuitemradio", { name: /^Away/ }));
    await waitFor(() => {
      expect(server.world.agents.find((agent) => agent.id === "ana")?.status).toBe("away");
    });
    expect(await screen.findByRole("button", { name: /Ana Pires Away Status and account/ })).toBeVisible();
  });

  it("goes back to the old status when the server refuses", async () => {
    const { server, user } = await visit("/mine");
    server.intercept = (_method, path) => (path === "/me/status" ? new Response("{}", { status: 403 }) : undefined);
    await user.click(await screen.findByRole("button", { name: /Status and account/ }));
    await user.click(await screen.findByRole("menuitemradio", { name: /^Busy/ }));
    expect(await screen.findByRole("button", { name: /Ana Pires Available · Under capacity Status and account/ })).toBeVisible();
  });
});

describe("keyboard", () => {
  it("moves with j and k and opens with o", async () => {
    const { user } = await visit("/mine");
    const list = await screen.findByRole("list", { name: "Conversations" });
    await user.keyboard("jjk");
    await waitFor(() => {
      expect(within(list).getAllByRole("link")[0]).toHaveFocus();
    });
    await user.keyboard("o");
    expect(await screen.findByRole("textbox", { name: "Reply" })).toBeVisible();
    expect(within(list).getAllByRole("link")[0]).toHaveAttribute("aria-current");
  });

  it("goes on with j from where a row has left the list", async () => {
    const { user } = await visit("/mine");
    const list = await screen.findByRole("list", { name: "Conversations" });
    const [first, second, third] = within(list).getAllByRole("link");
    await user.keyboard("jj");
    await waitFor(() => {
      expect(second).toHaveFocus();
    });
    await user.keyboard("o");
    await screen.findByRole("textbox", { name: "Reply" });
    await user.keyboard("e");
    await waitFor(() => {
      expect(within(list).getAllByRole("link")).toHaveLength(2);
    });
    await user.keyboard("j");
    await waitFor(() => {
      expect(third).toHaveFocus();
    });
    await user.keyboard("k");
    await waitFor(() => {
      expect(first).toHaveFocus();
    });
  });

  it("goes to a view with two keys and leaves typing alone", async () => {
    const { user } = await visit("/mine");
    await screen.findByRole("list", { name: "Conversations" });
    await user.keyboard("gh");
    expect(await screen.findByRole("heading", { name: "History" })).toBeVisible();
    await user.keyboard("/");
    expect(screen.getByRole("searchbox", { name: "Filter conversations" })).toHaveFocus();
    await user.keyboard("gm");
    expect(screen.getByRole("searchbox")).toHaveValue("gm");
    expect(screen.getByRole("heading", { name: "History" })).toBeVisible();
  });

  it("takes the focus from nobody who writes already, however late the list is drawn", async () => {
    const { user } = await visit("/mine");
    const list = await screen.findByRole("list", { name: "Conversations" });
    const frames: FrameRequestCallback[] = [];
    const held = vi.spyOn(window, "requestAnimationFrame").mockImplementation((frame) => frames.push(frame));
    try {
      await user.click(within(list).getByRole("link", { name: /Jonas Weber/ }));
      const box = await screen.findByRole("textbox", { name: "Reply" });
      await user.keyboard("j");
      await user.keyboard("r");
      expect(box).toHaveFocus();
      for (const frame of frames.splice(0)) frame(performance.now());
      await user.keyboard("please");
      expect(box).toHaveFocus();
      expect(box).toHaveValue("please");
    } finally {
      held.mockRestore();
    }
  });

  it("asks the filter for the focus once, not in each view after", async () => {
    const { user } = await visit("/mine");
    await screen.findByRole("list", { name: "Conversations" });
    await user.keyboard("/{Escape}gu");
    expect(await screen.findByRole("heading", { name: "Unassigned" })).toBeVisible();
    expect(screen.getByRole("searchbox")).not.toHaveFocus();
  });

  it("finds commands in the palette and performs them", async () => {
    const { user } = await visit("/mine");
    await screen.findByRole("list", { name: "Conversations" });
    await user.keyboard("{Control>}k{/Control}");
    const dialog = await screen.findByRole("dialog", { name: "Command palette" });
    await user.type(within(dialog).getByRole("combobox"), "unassigned{Enter}");
    expect(await screen.findByRole("heading", { name: "Unassigned" })).toBeVisible();
    expect(desk.get().dialog).toBeUndefined();
  });

  it("leaves the focus where the chosen command put it", async () => {
    const { user } = await visit("/mine");
    const list = await screen.findByRole("list", { name: "Conversations" });
    await user.click(within(list).getByRole("link", { name: /Jonas Weber/ }));
    await screen.findByRole("textbox", { name: "Reply" });
    await user.keyboard("{Control>}k{/Control}");
    const dialog = await screen.findByRole("dialog", { name: "Command palette" });
    await user.type(within(dialog).getByRole("combobox"), "internal note{Enter}");
    await waitFor(() => {
      expect(screen.getByRole("textbox", { name: "Internal note" })).toHaveFocus();
    });
  });

  it("lists its shortcuts with ?", async () => {
    const { user } = await visit("/mine");
    await screen.findByRole("list", { name: "Conversations" });
    await user.keyboard("?");
    const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    expect(within(dialog).getByText("Go to My work")).toBeVisible();
    expect(within(dialog).getByText("Solve")).toBeVisible();
  });
});
