import { expect, test } from "../harness/test";

test("issue 4, 14: a draft keeps its files, whom it names and that it is a note, on another machine too", async ({ world, people }) => {
  const support = await world.queue("Support");
  const ana = await world.person("Ana Pires", [{ id: support, can_reply: true }]);
  const ben = await world.person("Ben Sauer", [{ id: support, can_reply: true }]);
  await world.webInbox(support);
  const desk = await people.atDesk(ana);
  const customer = await people.customer();
  await customer.writes("Is it broken?");
  await desk.opens("Is it broken?");

  await desk.page.getByRole("radio", { name: "Internal note" }).click();
  const note = (page: typeof desk.page) => page.getByRole("textbox", { name: "Internal note" }).or(page.getByRole("combobox", { name: "Internal note" }));
  await note(desk.page).pressSequentially("Look @Ben");
  await desk.page.getByRole("option", { name: /Ben Sauer/ }).click();
  await desk.page.locator('input[type="file"]').first().setInputFiles({ name: "proof.txt", mimeType: "text/plain", buffer: Buffer.from("It is.") });
  await expect(desk.page.getByRole("button", { name: "Remove proof.txt" })).toBeVisible();
  const conversation = (await ana.signed.api.conversations.list({ view: "mine" })).items[0]?.id ?? "";
  await expect
    .poll(async () => {
      const draft = await ana.signed.api.together.draft(conversation, "note");
      return [draft.body.trim(), draft.content.files?.map((file) => file.name), draft.content.mentions];
    })
    .toEqual(["Look @Ben Sauer", ["proof.txt"], [ben.id]]);

  // Another machine goes on where this one stopped: in the note, with all it carries.
  const other = await people.atDesk(ana);
  await other.opens("Is it broken?");
  await expect(note(other.page)).toHaveValue(/Look @Ben Sauer/);
  await expect(other.page.getByRole("button", { name: "Remove proof.txt" })).toBeVisible();
  await note(other.page).focus();
  await other.page.keyboard.press("End");
  await other.page.keyboard.press("Enter");
  await expect(other.message("Look @Ben Sauer")).toContainText("proof.txt");
  await expect.poll(async () => (await ben.signed.api.notifications.list()).items[0]?.kind).toBe("mention");
  expect((await ana.signed.api.together.draft(conversation, "note")).version).toBe(0);

  // A reload keeps a reply's files.
  await other.page.getByRole("radio", { name: "Reply" }).click();
  await other.page.locator('input[type="file"]').first().setInputFiles({ name: "answer.txt", mimeType: "text/plain", buffer: Buffer.from("Yes.") });
  await expect(other.page.getByRole("button", { name: "Remove answer.txt" })).toBeVisible();
  await expect.poll(async () => (await ana.signed.api.together.draft(conversation, "message")).content.files?.length).toBe(1);
  await other.page.reload();
  await expect(other.page.getByRole("button", { name: "Remove answer.txt" })).toBeVisible();
});
