/**
 * The widget's look. It is adopted by the shadow root as a constructed sheet,
 * which needs no style-src of the host page; logical properties serve both
 * writing directions.
 */
export const styles = `
*, *::before, *::after { box-sizing: border-box; }
.root {
  --surface: #ffffff; --raised: #f3f4f6; --line: #d6d9e0; --text: #15181e; --soft: #565d6b;
  --bad: #b42318; --bad-soft: #fdecea; --warn: #fff4d6; --warn-text: #5c3d00; --link: #1d4ed8;
  position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000;
  font: 400 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  color: var(--text); color-scheme: light dark; text-align: start; letter-spacing: normal;
  -webkit-text-size-adjust: 100%;
}
.root.start { inset-inline: 20px auto; }
@media (prefers-color-scheme: dark) {
  .root {
    --surface: #16181d; --raised: #23262e; --line: #3a3f4a; --text: #eceef2; --soft: #a6adba;
    --bad: #ff9a8f; --bad-soft: #3c1d1b; --warn: #3a2f12; --warn-text: #ffe0a3; --link: #9db8ff;
  }
}
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; margin: 0; }
button { border: 0; background: none; padding: 0; cursor: pointer; }
button:disabled { cursor: default; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; box-shadow: 0 0 0 2px var(--surface); }
svg { display: block; inline-size: 22px; block-size: 22px; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher {
  display: grid; place-items: center; inline-size: 56px; block-size: 56px; border-radius: 50%; margin-inline-start: auto;
  background: var(--accent); color: var(--on-accent); position: relative;
  box-shadow: 0 0 0 1px rgb(255 255 255 / .55), 0 4px 16px rgb(0 0 0 / .28); transition: transform .15s;
}
.start .launcher { margin-inline: 0 auto; }
.launcher:hover { transform: scale(1.05); }
.launcher svg { inline-size: 26px; block-size: 26px; }
.badge {
  position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-inline-size: 22px; padding: 0 6px;
  border-radius: 11px; background: #c81e1e; color: #fff; font-size: 13px; font-weight: 600; line-height: 22px;
  box-shadow: 0 0 0 2px #fff; text-align: center;
}

.panel {
  display: flex; flex-direction: column; inline-size: 384px; block-size: min(640px, 100dvh - 116px);
  max-inline-size: calc(100vw - 40px); margin-block-end: 16px; overflow: hidden; border-radius: 16px;
  background: var(--surface); border: 1px solid var(--line); box-shadow: 0 12px 40px rgb(0 0 0 / .22);
  animation: rise .18s ease-out;
}
@keyframes rise { from { opacity: 0; transform: translateY(12px); } }
header { display: flex; align-items: center; gap: 4px; padding: 14px 10px 14px 18px; background: var(--accent);
  color: var(--on-accent); }
[dir="rtl"] header { padding: 14px 18px 14px 10px; }
header div { flex: 1; min-inline-size: 0; }
h2 { margin: 0; font-size: 17px; font-weight: 650; line-height: 1.3; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
header p { margin: 1px 0 0; font-size: 13px; line-height: 1.35; }
.icon { display: grid; place-items: center; flex: none; inline-size: 40px; block-size: 40px; border-radius: 10px; }
.icon svg { inline-size: 20px; block-size: 20px; }
header .icon:hover { background: color-mix(in srgb, currentColor 14%, transparent); }
header :focus-visible { outline-color: currentColor; box-shadow: none; }

.banner { padding: 8px 16px; background: var(--warn); color: var(--warn-text); font-size: 13px; }
.banner:empty { display: none; }

.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px 14px; display: flex; flex-direction: column;
  gap: 12px; }
.log:focus-visible { outline-offset: -2px; }
.day { align-self: center; color: var(--soft); font-size: 12px; }
.system { align-self: center; max-inline-size: 85%; color: var(--soft); font-size: 13px; text-align: center; margin: 0; }
.said { padding: 6px 12px; border: 1px solid var(--line); border-radius: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; max-inline-size: 92%; }
.choices button { min-block-size: 36px; padding: 6px 14px; border-radius: 18px; border: 1px solid var(--soft);
  background: var(--surface); overflow-wrap: anywhere; text-align: start; }
.choices button:hover, .waiting button:hover { background: var(--raised); }
.group { display: flex; flex-direction: column; gap: 3px; align-items: flex-start; max-inline-size: 84%; align-self: flex-start; }
.group.mine { align-self: flex-end; align-items: flex-end; }
.name, .meta { color: var(--soft); font-size: 12px; line-height: 1.4; margin: 0; padding-inline: 4px; }
.line { margin: 0; padding: 8px 13px; border-radius: 16px; background: var(--raised); max-inline-size: 100%;
  white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
.group .line:first-of-type { border-start-start-radius: 5px; }
.mine .line { background: var(--accent); color: var(--on-accent); }
.group.mine .line:first-of-type { border-start-start-radius: 16px; }
.group.mine .line:last-of-type { border-end-end-radius: 5px; }
.mine .line.waiting { opacity: .75; }
.mine .line.failed { background: var(--bad-soft); color: var(--text); border: 1px solid var(--bad); opacity: 1; }
.line a { color: var(--link); text-decoration: underline; text-underline-offset: 2px; }
.mine .line a { color: inherit; }
.problem { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 2px 10px; margin: 0; color: var(--bad); font-size: 13px;
  padding-inline: 4px; }
.problem button { text-decoration: underline; text-underline-offset: 2px; min-block-size: 24px; font-weight: 600; }
.typing { display: flex; align-items: center; gap: 8px; color: var(--soft); font-size: 13px; margin: 0; }
.dots { display: inline-flex; gap: 4px; padding: 11px 13px; border-radius: 16px; background: var(--raised); }
.dots i { inline-size: 6px; block-size: 6px; border-radius: 50%; background: var(--soft); animation: blink 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .15s; }
.dots i:nth-child(3) { animation-delay: .3s; }
@keyframes blink { 50% { opacity: .25; } }
.notice { margin: 0; padding: 10px 16px; border-block-start: 1px solid var(--line); color: var(--soft); font-size: 13px;
  text-align: center; }
.waiting { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 12px; padding: 10px 16px;
  border-block-start: 1px solid var(--line); font-size: 13px; }
.waiting p { margin: 0; flex: 1 1 55%; }
.waiting strong { font-weight: 650; }
.waiting span { display: block; color: var(--soft); }
.waiting button { min-block-size: 32px; padding: 4px 12px; border-radius: 10px; border: 1px solid var(--soft); font-weight: 600; }
.survey { display: grid; gap: 8px; justify-items: center; padding: 12px 16px; border-block-start: 1px solid var(--line); text-align: center; }
.survey p { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.survey [role="alert"] { color: var(--bad); font-size: 13px; }
.scores { display: flex; gap: 4px; }
.scores button { min-inline-size: 44px; min-block-size: 44px; font-size: 26px; line-height: 1; border-radius: 10px; }
.scores button:hover, .scores [aria-pressed="true"] { background: var(--raised); }
.survey textarea { inline-size: 100%; box-sizing: border-box; block-size: 66px; }
.rate { min-block-size: 40px; padding: 6px 20px; border-radius: 12px; background: var(--accent); color: var(--on-accent); font-weight: 600; }
.bottom { position: relative; }
.latest { position: absolute; inset-block-end: calc(100% + 10px); inset-inline: 0; inline-size: fit-content; margin-inline: auto;
  padding: 6px 14px; border-radius: 16px; background: var(--surface); border: 1px solid var(--line); font-size: 13px;
  box-shadow: 0 2px 8px rgb(0 0 0 / .16); }

form { display: flex; align-items: flex-end; gap: 6px; padding: 10px; border-block-start: 1px solid var(--line); margin: 0; }
textarea { flex: 1; min-inline-size: 0; resize: none; max-block-size: 140px; block-size: 42px; padding: 9px 12px; border-radius: 12px;
  border: 1px solid var(--soft); background: var(--surface); line-height: 22px; font-size: 16px; }
textarea::placeholder { color: var(--soft); opacity: 1; }
textarea:focus-visible { outline-offset: -1px; box-shadow: none; }
.send { display: grid; place-items: center; flex: none; inline-size: 42px; block-size: 42px; border-radius: 12px;
  background: var(--accent); color: var(--on-accent); }
.attach { display: grid; place-items: center; flex: none; inline-size: 36px; block-size: 42px; color: var(--soft); }
.chosen { list-style: none; margin: 0; padding: 8px 12px 0; display: grid; gap: 4px; max-block-size: 120px; overflow: auto; font-size: 13px; }
.chosen li { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; }
.chosen li span { flex: 1; min-inline-size: 60px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.chosen progress { inline-size: 80px; }
.chosen em { order: 3; inline-size: 100%; font-style: normal; color: var(--bad); overflow-wrap: anywhere; }
.chosen button { inline-size: 28px; block-size: 28px; font-size: 18px; }
.picture img { display: block; max-inline-size: 100%; border-radius: 12px; background: var(--raised); object-fit: cover; }
.media { display: block; inline-size: 240px; max-inline-size: 100%; border-radius: 12px; }
.file { display: block; max-inline-size: 100%; padding: 8px 12px; border: 1px solid var(--line); border-radius: 12px; color: inherit; text-decoration: none; }
.file b { display: block; overflow: hidden; text-overflow: ellipsis; font-weight: 600; font-size: 14px; }
.file small { color: var(--soft); }
.send:disabled { background: var(--raised); color: var(--soft); }
[dir="rtl"] .send svg { transform: scaleX(-1); }
.count { margin: 0; padding: 0 16px 8px; font-size: 12px; color: var(--soft); text-align: end; }
.count.over { color: var(--bad); font-weight: 600; }

@media (max-width: 480px) {
  .root.opened { inset: 0; }
  .panel { inline-size: 100%; max-inline-size: none; block-size: 100dvh; margin: 0; border: 0; border-radius: 0; }
  .opened .launcher { display: none; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
}
@media (forced-colors: active) {
  .launcher, .send, .line, .panel { border: 1px solid; }
}
@media print { .root { display: none; } }
`;
