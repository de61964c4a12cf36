export interface HtmlPage {
  readonly title: string;
  /** Markup of the body. */
  readonly body: string;
  /** Runs in the browser after the body is there. Puts in what it fetches as text, never as markup. */
  readonly script: string;
}

/** A page that needs nothing from elsewhere: no fonts, scripts or pictures. */
export function htmlPage({ title, body, script }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { border: 1px solid var(--line); max-height: 30rem; overflow: auto; padding: .8rem; white-space: pre-wrap; }
.good::before { color: #188038; content: "● "; } .bad::before { color: #d93025; content: "● "; }
.quiet { opacity: .7; }
</style>
</head>
<body>
${body}
<script>
const byId = (id) => document.getElementById(id);
function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}
function row(cells) {
  const made = element('tr');
  for (const cell of cells) made.append(element('td', String(cell), typeof cell === 'number' ? 'number' : undefined));
  return made;
}
async function every(millis, look) {
  for (;;) {
    try { await look(); byId('state').hidden = true; }
    catch { byId('state').hidden = false; }
    await new Promise((done) => setTimeout(done, millis));
  }
}
${script}
</script>
</body>
</html>
`;
}
