import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Limits } from "@rapport/core/api/types";
import { mostFiles } from "@rapport/core/limits";
import type { MockServer } from "@rapport/core/testing/server";
import type { Uploading } from "@rapport/core/uploads";
import { fitted, whyNot } from "@/lib/carried";
import table from "../../../../channel/contents.json";
import { refusal, visit } from "./world";

// Writing first: what the inbox carries is known before, and nothing goes along that was meant for somebody else.

const limits = table as Limits;
const answer = (body: unknown) => new Response(JSON.stringify(body), { status: 200, headers: { "content-type": "application/json" } });
const queue = { id: "support", name: "Support" };
const inboxes = { web: "Website", sms: "Hotline" };
const senders = Object.entries(inboxes).map(([channel, name]) => ({ inbox: { id: channel, name, channel }, queue, begins: "address" }));
const mia = { id: "mia", name: "Mia", points: [{ kind: "email", address: "mia@example.com" }], created_at: "2026-01-01T00:00:00Z" };

const macro = (name: string, tag: string) => ({ id: name, name, tags: [tag], effects: {} });

/** A server that begins conversations, unless `ongoing` is there already. */
function writesFirst(ongoing?: string) {
  let files = 0;
  return (server: MockServer) => {
    server.intercept = (method, path) => {
      const call = `${method} ${path}`;
      if (call === "GET /limits") return answer(limits);
      if (call === "GET /senders") return answer({ items: senders, chosen: "web" });
      if (call === "GET /recipients") return answer({ items: [mia] });
      if (call === "GET /macros") return answer({ items: [macro("Parcel", "post"), macro("Refund", "money")] });
      if (call === "POST /macros/Refund/prefill") return answer({ effects: { body: "Your money is on its way." }, set: [{ kind: "body", to: "Your money is on its way." }] });
      if (call === "GET /recipients/window") return answer({});
      if (call === "POST /uploads") {
        const file = { id: `f${files++}`, name: "list.txt", type: "text/plain", size: 8 };
        return answer({ id: file.id, offset: 8, size: 8, file });
      }
      if (call === "POST /conversations" && ongoing) {
        const id = server.world.conversations.find((c) => c.contact_name === ongoing)?.id;
        return new Response(JSON.stringify({ status: 409, code: "ongoing", title: "Conflict", detail: "You have it.", conversation: { id } }), {
          status: 409,
          headers: { "content-type": "application/problem+json" },
        });
      }
      return call === "POST /conversations" ? refusal(400, "Not here.") : undefined;
    };
  };
}

const dialog = () => screen.findByRole("dialog", { name: "New conversation" });

async function open(user: Awaited<ReturnType<typeof visit>>["user"]) {
  await user.click(await screen.findByRole("button", { name: "New conversation" }));
  await screen.findByRole("button", { name: "From" }); // the inboxes are there
  return within(await dialog());
}

async function from(user: Awaited<ReturnType<typeof visit>>["user"], name: string) {
  await user.click(within(await dialog()).getByRole("button", { name: "From" }));
  await user.click(await screen.findByRole("option", { name }));
}

async function toMia(user: Awaited<ReturnType<typeof visit>>["user"]) {
  const to = within(await dialog());
  await user.type(to.getByRole("combobox", { name: "To" }), "mia");
  await user.click(within(await to.findByRole("listbox", { name: "Customers" })).getAllByRole("option")[0] as HTMLElement);
}

const list = () => new File(["one, two"], "list.txt", { type: "text/plain" });

describe("what goes along by another way than it was chosen for (C18, S3-38)", () => {
  const place = { latitude: 1, longitude: 1, name: "Pier" };
  const file = (name: string, size: number): Uploading => ({ key: name, scope: "c/message", name, size, sent: size, state: "done" });
  it.each([
    ["web", [file("a.gif", 8)], place, [], undefined, undefined],
    ["whatsapp", [file("a.gif", 8)], place, [/does not carry this type/], undefined, "Remove the files that cannot be sent."],
    ["whatsapp", [file("a.png", 6 << 20)], undefined, [/at most 5 MB/], undefined, "Remove the files that cannot be sent."],
    ["whatsapp", [file("a.png", 8), file("b.png", 8)], undefined, [], undefined, "One message carries one file here. Remove the others."],
    ["sms", [], place, [], /carries no places/, "Remove the place, which cannot be sent."],
    ["note", [file("a.gif", 8)], place, [], undefined, undefined],
  ])("%s", (purpose, files, where, wrong, unplaced, hold) => {
    const fit = fitted(limits, purpose, files, where);
    expect(fit.files.flatMap((one) => (one.state === "refused" ? [one.error] : []))).toEqual(wrong.map((text) => expect.stringMatching(text) as string));
    if (unplaced) expect(fit.unplaced).toMatch(unplaced);
    else expect(fit.unplaced).toBeUndefined();
    expect(whyNot(fit, mostFiles(limits, purpose), 0)).toBe(hold);
  });
});

describe("writing first", () => {
  it("counts what is billed, and holds what the inbox does not carry until it is removed (C18, S3-38, S3-39)", async () => {
    const { user } = await visit("/mine", writesFirst());
    const at = await open(user);
    await user.upload(await at.findByTestId("attach-new"), list());
    expect(await at.findByText("8 B")).toBeVisible();
    await user.click(at.getByRole("textbox", { name: "Message" }));
    await user.paste("x".repeat(161));
    expect(at.queryByText(/billed/)).not.toBeInTheDocument();
    await from(user, "Hotline");
    await toMia(user);
    expect(await at.findByText(/2 text messages are billed/)).toBeVisible();
    expect(within(at.getByRole("list", { name: "Goes along" })).getByRole("alert")).toHaveTextContent("This channel carries no files.");
    expect(await at.findByText("Remove the files that cannot be sent.")).toBeVisible();
    expect(at.getByRole("button", { name: "Send" })).toBeDisabled();
    await user.click(at.getByRole("button", { name: "Remove list.txt" }));
    expect(at.getByRole("button", { name: "Send" })).toBeEnabled();
  });

  it("takes files along into the conversation that is there already, and leaves none for the next customer (S3-26)", async () => {
    const { user } = await visit("/mine", writesFirst("Jonas Weber"));
    const at = await open(user);
    await user.type(at.getByRole("textbox", { name: "Message" }), "As you asked");
    await user.upload(await at.findByTestId("attach-new"), list());
    await at.findByText("8 B");
    await toMia(user);
    await user.click(at.getByRole("button", { name: "Send" }));
    await user.click(await at.findByRole("button", { name: "Open it and go on there" }));
    expect(await screen.findByRole("textbox", { name: "Reply" })).toHaveValue("As you asked");
    expect(await screen.findByRole("list", { name: "Goes along" })).toHaveTextContent("list.txt");
    const next = await open(user);
    expect(next.queryByRole("list", { name: "Goes along" })).not.toBeInTheDocument();
    // What is given up goes visibly.
    await user.upload(await next.findByTestId("attach-new"), list());
    await next.findByText("8 B");
    await user.click(next.getByRole("button", { name: "Cancel" }));
    const question = within(await screen.findByRole("alertdialog", { name: "Discard what you entered?" }));
    expect(question.getByText("The message is kept for the next time, the rest is not.")).toBeVisible();
    await user.click(question.getByRole("button", { name: "Discard" }));
    expect(await screen.findByText("One attached file was removed.")).toBeVisible();
    expect((await open(user)).queryByRole("list", { name: "Goes along" })).not.toBeInTheDocument();
  });

  it("narrows macros by tag, and shows what one sets before it fills anything in (S3-23, S3-47)", async () => {
    const { user } = await visit("/mine", writesFirst());
    const at = await open(user);
    await user.click(at.getByRole("button", { name: "Fill in with a macro" }));
    const macros = within(await screen.findByRole("dialog", { name: "Fill in with a macro" }));
    await user.selectOptions(await macros.findByRole("combobox", { name: "Tag" }), "money");
    expect(macros.queryByRole("option", { name: "Parcel" })).not.toBeInTheDocument();
    expect(await macros.findByText("Your money is on its way.")).toBeVisible();
    expect(at.getByRole("textbox", { name: "Message", hidden: true })).toHaveValue("");
    await user.click(macros.getByRole("button", { name: "Apply" }));
    await waitFor(() => {
      expect(at.getByRole("textbox", { name: "Message" })).toHaveValue("Your money is on its way.");
    });
  });
});
