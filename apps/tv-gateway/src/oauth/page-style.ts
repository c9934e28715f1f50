/** One sheet for every page, light and dark; it stands in the page, so that a page is one request. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ground: #f1f3f7; --ink: #131722; --soft: #5b6271; --line: #8a91a0; --edge: #dfe3ea;
  --accent: #1e53e5; --accent-ink: #fff; --accent-deep: #1745c2; --wrong: #b4232c; --wrong-ground: #fdf0f0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #1c2030; --ground: #10131c; --ink: #eceff5; --soft: #a6adbd; --line: #7b8496; --edge: #2d3345;
    --accent: #82a7ff; --accent-ink: #0c1226; --accent-deep: #a5c0ff; --wrong: #ff9a9a; --wrong-ground: #36212a;
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK JP", sans-serif; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; padding: 1.5rem 1rem; display: grid; place-content: center;
  grid-template-columns: minmax(0, 24rem); background: var(--ground); color: var(--ink);
}
main { background: var(--paper); border: 1px solid var(--edge); border-radius: 1rem; padding: 2rem; overflow-wrap: anywhere; }
.mark { display: block; height: 3rem; max-width: 100%; margin: 0 0 1.25rem; object-fit: contain; object-position: left; }
.letter {
  width: 3rem; border-radius: .75rem; background: var(--accent); color: var(--accent-ink);
  font-size: 1.5rem; font-weight: 600; line-height: 3rem; text-align: center;
}
h1 { font-size: 1.5rem; line-height: 1.25; font-weight: 650; margin: 0 0 .375rem; letter-spacing: -.01em; }
p { margin: 0; color: var(--soft); }
p strong { color: var(--ink); font-weight: 600; }
form { margin-top: 1.5rem; }
.alert {
  margin-bottom: 1.25rem; padding: .75rem .875rem; border-radius: .625rem; border: 1px solid var(--wrong);
  background: var(--wrong-ground); color: var(--wrong);
}
label { display: block; font-weight: 600; font-size: .9375rem; margin-bottom: .375rem; }
input {
  display: block; width: 100%; min-height: 3rem; padding: .625rem .875rem; font: inherit; color: inherit;
  background: transparent; border: 1px solid var(--line); border-radius: .625rem;
}
input[aria-invalid] { border-color: var(--wrong); box-shadow: inset 0 0 0 1px var(--wrong); }
.field { margin-bottom: 1.125rem; }
.error { margin-top: .375rem; font-size: .9375rem; color: var(--wrong); }
button {
  width: 100%; min-height: 3rem; margin-top: .375rem; padding: .625rem 1rem; font: inherit; font-weight: 600;
  color: var(--accent-ink); background: var(--accent); border: 1px solid transparent; border-radius: .625rem; cursor: pointer;
}
button:hover { background: var(--accent-deep); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
footer { margin-top: 1.25rem; padding: 0 .5rem; font-size: .875rem; text-align: center; color: var(--soft); }
@media (max-width: 28rem) {
  body { padding: 0; background: var(--paper); align-content: start; grid-template-columns: minmax(0, 1fr); }
  main { border: 0; border-radius: 0; padding: 2rem 1.25rem 1rem; }
  footer { padding: 0 1.25rem 1.5rem; text-align: left; }
}
`;
