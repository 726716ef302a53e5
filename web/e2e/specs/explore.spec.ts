import { test } from "@playwright/test";
import { mkdirSync, writeFileSync } from "node:fs";
import { Demo } from "../harness/demo";
const routes = ["/mine","/unassigned","/all","/chatbots","/history","/board","/statuses","/customers","/customers/duplicates","/canned-responses","/macros","/tags","/satisfaction","/settings/me","/settings/notifications",
"/admin/sticky-agents","/admin/attributes","/admin/agents","/admin/queues","/admin/inboxes","/admin/bots","/admin/workflows","/admin/settings","/admin/templates","/admin/forms","/admin/dispositions","/admin/email","/admin/feedback","/admin/first-steps","/admin/audit","/admin/cards"];
test.setTimeout(600_000);
test("explore", async ({ browser }) => {
  const out = "/tmp/german-shots/"; mkdirSync(out, { recursive: true });
  const demo = await Demo.start(0, 60_000);
  const found: Record<string, string[]> = {};
  for (const [name, viewport, colorScheme, rtl] of [["1440-light",{width:1440,height:900},"light",false],["390-dark",{width:390,height:844},"dark",false],["rtl-1440",{width:1440,height:900},"dark",true],["rtl-390",{width:390,height:844},"light",true]] as const) {
    const context = await browser.newContext({ locale: "de-DE", timezoneId: "Europe/Berlin", viewport, colorScheme });
    const page = await context.newPage();
    if (name === "1440-light") { await page.goto(demo.link); await page.waitForURL(/mine|first/); await context.storageState({ path: "/tmp/german-state.json" }); }
    else { await context.addCookies(JSON.parse((await import("node:fs")).readFileSync("/tmp/german-state.json","utf8")).cookies); }
    if (rtl) await page.addInitScript(() => { new MutationObserver(() => { if (document.documentElement && document.documentElement.dir !== "rtl") document.documentElement.dir = "rtl"; }).observe(document, { attributes: true, subtree: true, childList: true }); });
    await page.goto(demo.url + "/all"); await page.waitForTimeout(1500);
    const ids = await page.evaluate(async () => { const a = await (await fetch("/api/v1/conversations?view=any&limit=50")).json(); const w = await (await fetch("/api/v1/workflows")).json(); const c = await (await fetch("/api/v1/contacts?limit=50")).json(); return { c: a.items.map((x:any) => [x.contact_name, x.id]), w: w.items.map((x:any)=>x.id), k: (c.items??[]).map((x:any)=>[x.name ?? x.contact?.name, x.id ?? x.contact?.id]) }; });
    const pick = (n: string) => ids.c.find((x: string[]) => x[0] === n)?.[1];
    const all = [...routes, ...["Lena Vogt","Jonas Berg","Nora Becker","Hanna Roth","Grace Lee","Maria Silva"].map((n) => "/conversations/" + pick(n)), ...ids.w.map((w: string) => "/admin/workflows/" + w), "/customers/" + ids.k.find((x: string[]) => x[0] === "Greta Lind")?.[1], "/customers/" + ids.k.find((x: string[]) => x[0] === "Maria Silva")?.[1]];
    let n = 0;
    for (const route of all) {
      await page.goto(demo.url + route); await page.waitForTimeout(900);
      const file = `${name}${route.startsWith("/conversations") ? "-conversation" + n++ : route.startsWith("/admin/workflows/") ? "-workflow" + n++ : route.startsWith("/customers/0") ? "-customer" + n++ : route.replaceAll("/", "-")}.png`;
      await page.screenshot({ path: out + file });
      const texts = await page.evaluate(() => {
        const list: string[] = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) { const s = walk.currentNode.textContent?.trim(); if (s && walk.currentNode.parentElement?.checkVisibility()) list.push(s); }
        for (const e of document.querySelectorAll("[aria-label],[placeholder],[title]")) for (const a of ["aria-label","placeholder","title"]) { const s = e.getAttribute(a); if (s) list.push(a + ": " + s); }
        const wide = document.documentElement.scrollWidth > innerWidth + 1 || document.body.scrollWidth > innerWidth + 1;
        const cut = [...document.querySelectorAll("button, a, input, select, textarea, h1, h2, h3, p")].filter((e) => e.checkVisibility() && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1) && getComputedStyle(e).position !== "absolute").filter((e) => !e.closest("pre, :has(> table), .sr-only, .react-flow")).map((e) => "CUT " + (e.textContent ?? "").slice(0, 60) + e.className.toString().slice(0,60));
        return [...list, ...(wide ? ["WIDE"] : []), ...cut];
      });
      found[name + " " + route] = texts;
    }
    await context.close();
  }
  writeFileSync("/tmp/german-found.json", JSON.stringify(found));
  await demo.stop();
});
