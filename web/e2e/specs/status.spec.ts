import { expect, test } from "../harness/test";

test("S3-08 S3-09: an agent chooses one of four statuses in the account menu", async ({ world, people }) => {
  const ana = await world.person("Ana Pires");
  const ben = await world.person("Ben Sauer");
  const desk = await people.atDesk(ana);
  await desk.page.getByRole("button", { name: "Status and account" }).click();
  const statuses = desk.page.getByRole("menu").getByRole("group").first().getByRole("menuitemradio");
  await expect(statuses).toHaveCount(4);
  for (const [at, name] of ["Available", "Busy", "Away", "Offline"].entries()) {
    await expect(statuses.nth(at)).toContainText(name);
  }
  await desk.page.keyboard.press("Escape");

  for (const status of ["Busy", "Away", "Offline", "Available"] as const) {
    await desk.becomes(status);
    const seen = async () => (await ben.signed.api.agents.list()).items.find((agent) => agent.id === ana.id)?.status;
    await expect.poll(seen, "colleagues see it").toBe(status.toLowerCase());
  }
});
