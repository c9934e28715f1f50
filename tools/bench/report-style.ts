/** What the page of the benchmark looks like, light and dark. */
export const STYLE = `
:root { --ink: #1c2024; --soft: #60646c; --page: #fcfcfd; --card: #fff; --edge: #e0e1e6; --ours: #0d74ce; --limit: #b9bbc6;
  --floor: #1c2024; --missed: #ca3214 }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --soft: #b0b4ba; --page: #111113; --card: #18191b; --edge: #363a3f;
  --ours: #3b9eff; --limit: #5a6169; --floor: #edeef0; --missed: #ff8b6b } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, sans-serif }
main { max-width: 1100px; margin: 0 auto; padding: 16px }
h1 { font-size: 24px } h2 { font-size: 18px; margin: 28px 0 10px } h3 { font-size: 14px; margin: 0; overflow-wrap: anywhere }
p { margin: 6px 0 } a { color: var(--ours) } nav a { margin-right: 10px }
section { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 10px }
section h2 { grid-column: 1 / -1 }
article { background: var(--card); border: 1px solid var(--edge); border-radius: 8px; padding: 12px;
  display: grid; grid-template-columns: 1fr auto; column-gap: 10px; align-content: start }
article > p, article > svg { grid-column: 1 / -1 }
article p { color: var(--soft); font-size: 13px } .figures { font-variant-numeric: tabular-nums } .figures b { color: var(--ink) }
.ratio { font-weight: 600; text-align: right; font-variant-numeric: tabular-nums } .ratio em { font-weight: 400; color: var(--soft) }
svg { display: block; width: 100%; height: 34px; margin-top: 4px }
rect.ours { fill: var(--ours) } rect.limit { fill: var(--limit) }
line.floor { stroke: var(--floor); stroke-width: 2; stroke-dasharray: 3 2; vector-effect: non-scaling-stroke }
.missed { border-color: var(--missed) } .missed rect.ours { fill: var(--missed) } .missed .ratio em { color: var(--missed) }
.key { color: var(--soft) } .key span { display: inline-block; width: 14px; height: 10px; margin-left: 8px }
.key .ours { background: var(--ours); margin-left: 0 } .key .limit { background: var(--limit) }
.key .floor { width: 0; border-left: 2px dashed var(--floor); margin-right: 4px }
`;
