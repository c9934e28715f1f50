/** The looks of the HTML report: system fonts, and the colours that the reader's screen asks for. */
export const STYLE = `
:root { --page: #f6f7f9; --card: #fff; --ink: #1c2330; --soft: #5a6474; --line: #dfe3e9;
  --good: #17724a; --bad: #b3261e; --hint: #8a5a00; --bad-soft: #fdf1f0; --hint-soft: #fdf7ea; }
@media (prefers-color-scheme: dark) { :root { --page: #12151b; --card: #1b2029; --ink: #e6e9ef; --soft: #9aa5b5;
  --line: #2c3441; --good: #5fcf9a; --bad: #ff8a80; --hint: #f0b95a; --bad-soft: #2a1c1d; --hint-soft: #2a2418; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
header, article, details { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
header { padding: 1.5rem 1.75rem; border-top: 6px solid var(--good); }
header.failed { border-top-color: var(--bad); }
h1 { margin: .1rem 0 .2rem; font-size: 2rem; line-height: 1.2; color: var(--good); }
header.failed h1 { color: var(--bad); }
h2 { margin: 2.2rem 0 .8rem; font-size: 1.2rem; }
h3 { margin: 0; font-size: 1.05rem; }
p { margin: .3rem 0; }
.kicker, .how, .more, small, .counts { color: var(--soft); }
.kicker, .how, small, code { font-size: .85rem; }
.where { overflow-wrap: anywhere; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; margin: 1.2rem 0 .8rem; }
dl div { display: flex; flex-direction: column-reverse; }
dt { color: var(--soft); font-size: .9rem; }
dd { margin: 0; font-size: 1.8rem; font-weight: 600; line-height: 1.1; font-variant-numeric: tabular-nums; }
dl .failed dd, li.failed .mark { color: var(--bad); }
dl .warned dd, li.warned .mark { color: var(--hint); }
dl .passed dd, li.passed .mark { color: var(--good); }
code { font-family: ui-monospace, monospace; color: var(--soft); font-weight: 400; overflow-wrap: anywhere; }
article { padding: 1rem 1.25rem; margin: 0 0 .8rem; border-left: 4px solid var(--bad); }
article.warned { border-left-color: var(--hint); }
article.failed tbody tr { background: var(--bad-soft); }
article.warned tbody tr { background: var(--hint-soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin-top: .7rem; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; }
td { min-width: 9rem; overflow-wrap: anywhere; }
details { margin: 0 0 .5rem; }
summary { padding: .7rem 1.25rem; cursor: pointer; font-weight: 600; }
summary .counts { float: right; font-weight: 400; font-size: .9rem; }
ul { list-style: none; margin: 0; padding: 0 1.25rem .8rem; }
li { display: grid; grid-template-columns: 4.5rem 1fr auto; gap: .2rem 1rem; padding: .35rem 0;
  border-top: 1px solid var(--line); }
li a { color: inherit; }
li.skipped { color: var(--soft); }
.mark { font-size: .9rem; }
@media (max-width: 40rem) { li { grid-template-columns: 4.5rem 1fr; } li code { grid-column: 2; }
  summary .counts { float: none; display: block; } }
`;
