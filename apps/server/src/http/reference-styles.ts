/** The look of the pages: the system's own fonts, one accent, light and dark as the reader's system says. */
export const styles = `
:root { color-scheme: light dark; --text: #1c1f24; --soft: #5b6370; --line: #e2e5ea; --paper: #ffffff; --panel: #f6f7f9; --accent: #2548c9; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8eaee; --soft: #a0a8b5; --line: #2c313a; --paper: #121418; --panel: #1a1d23; --accent: #92a9ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--text); font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
header, main { max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: baseline; padding-top: 1.25rem; padding-bottom: 1.25rem; }
header a { display: inline-block; padding: 0.25rem 0; text-decoration: none; }
header a:hover { text-decoration: underline; }
nav { display: flex; gap: 1.25rem; font-size: 0.9375rem; }
.home { color: var(--text); font-weight: 650; }
main { padding-top: 1.5rem; padding-bottom: 4rem; }
h1 { margin: 0 0 0.75rem; font-size: clamp(1.5rem, 5vw, 2rem); line-height: 1.25; font-weight: 650; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.0625rem; font-weight: 650; }
p { margin: 0 0 1rem; }
.lead { font-size: 1.125rem; color: var(--soft); }
.note { font-size: 0.9375rem; color: var(--soft); }
code { font: 0.9375em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
dl { margin: 2rem 0 0; border-top: 1px solid var(--line); }
dl div { display: grid; grid-template-columns: 10rem 1fr; gap: 0 1rem; padding: 0.75rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); }
dd { margin: 0; }
@media (max-width: 34rem) { dl div { grid-template-columns: 1fr; } }
pre { margin: 0 0 1rem; padding: 1rem; overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; overflow-wrap: normal; }
pre code { font-size: 0.875rem; }
.codes { margin: 2rem 0 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.codes li { display: grid; grid-template-columns: 1fr auto; gap: 0.125rem 1rem; padding: 0.875rem 0; border-bottom: 1px solid var(--line); }
.codes a { text-decoration: none; }
.codes a:hover { text-decoration: underline; text-underline-offset: 0.3em; }
.codes p { grid-column: 1 / -1; margin: 0; color: var(--soft); }
.status { color: var(--soft); font-variant-numeric: tabular-nums; }
`
