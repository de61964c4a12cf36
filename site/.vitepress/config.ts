import { defineConfig } from 'vitepress';

/*
 * The site is made of docs/ as it is (`npm run build` copies it here, where Vue is found). A link that leads out of docs/ (a preset, a file of the source) stays readable as
 * its text: the site doesn't know where the repository is kept.
 */

const page = (text: string, link: string) => ({ text, link });

export default defineConfig({
  title: 'meta-actions',
  description: 'Streams product analytics events from Kafka to Meta: Conversions API and Custom Audiences.',
  srcDir: './pages',
  outDir: './dist',
  cleanUrls: true,
  lastUpdated: false,
  ignoreDeadLinks: 'localhostLinks',
  rewrites: {
    'decisions/README.md': 'decisions/index.md',
    'reference/actions/README.md': 'reference/actions/index.md',
  },
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    languageAlias: { trigger: 'sql', promql: 'sql' },
    config(markdown) {
      // What only the site can do has a comment for its place in the page.
      const html = markdown.renderer.rules.html_block;
      markdown.renderer.rules.html_block = (...given) =>
        (html?.(...given) ?? '').replace('<!-- calculator -->', '<Calculator />');
      // Pages show templates of mappings, whose two braces are text here, and no expression.
      for (const kind of ['text', 'code_inline'] as const) {
        const render = markdown.renderer.rules[kind];
        markdown.renderer.rules[kind] = (...given) => (render?.(...given) ?? '').replaceAll('{{', '&#123;&#123;');
      }
      markdown.core.ruler.push('links-out-of-docs', ({ tokens, env }) => {
        const depth = String(env.relativePath ?? '').split('/').length - 1;
        for (const { children } of tokens) {
          let leaving = false;
          for (const token of children ?? []) {
            if (token.type === 'link_open') {
              leaving = leavesDocs(token.attrGet('href') ?? '', depth);
              if (leaving) [token.tag, token.attrs] = ['span', []];
            } else if (token.type === 'link_close' && leaving) {
              [token.tag, leaving] = ['span', false];
            }
          }
        }
      });
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    docFooter: { prev: false, next: false },
    nav: [
      page('Guides', '/guides/set-up-meta'),
      page('Cookbook', '/guides/cookbook'),
      page('Operations', '/operations'),
      page('Reference', '/reference/commands'),
    ],
    sidebar: [
      {
        text: 'Guides',
        items: [
          page('Quick start', '/quickstart'),
          page('Set up Meta', '/guides/set-up-meta'),
          page('First audience', '/guides/first-audience'),
          page('Cookbook', '/guides/cookbook'),
          page('Settings of a destination', '/guides/destination-settings'),
          page('Run it in production', '/guides/production'),
          page('Troubleshooting', '/guides/troubleshooting'),
          page('What bounds throughput', '/guides/throughput'),
          page('Own actions', '/own-actions'),
          page('The API', '/guides/api'),
          page('Import', '/import'),
          page('From Segment', '/from-segment'),
          page('From RudderStack', '/from-rudderstack'),
          page('From Customer.io or Hightouch', '/from-customerio-hightouch'),
          page('What users expect', '/coverage'),
        ],
      },
      {
        text: 'Working with mappings',
        items: [
          page('Tests of mappings', '/mapping-tests'),
          page('What would a change do?', '/diff'),
          page('Doctor', '/doctor'),
          page('The console', '/console'),
          page('The sandbox', '/sandbox'),
        ],
      },
      {
        text: 'Topics',
        items: [
          page('Delivery guarantees', '/delivery-guarantees'),
          page('Audiences', '/audiences'),
          page('Formats', '/formats'),
          page('Deployment', '/deployment'),
          page('Operations', '/operations'),
          page('Traces', '/traces'),
          page('Releases', '/releases'),
          page('Performance', '/performance'),
          page('Privacy', '/privacy'),
          page('Threat model', '/threat-model'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('Commands and settings', '/reference/commands'),
          page('Actions', '/reference/actions/'),
          page('Triggers', '/reference/triggers'),
          page('Mappings', '/reference/mappings'),
          page('Identifiers', '/reference/identifiers'),
          page('Records', '/reference/records'),
          page('Errors of Meta', '/reference/errors'),
          page('Codes', '/reference/codes'),
        ],
      },
      {
        text: 'Inside',
        collapsed: true,
        items: [
          page('How it is built', '/architecture'),
          page('Testing', '/testing'),
          page('Decisions', '/decisions/'),
        ],
      },
    ],
  },
});

/** Whether an address, seen from a page so many folders below docs/, leads out of docs/. */
function leavesDocs(href: string, depth: number): boolean {
  if (/^([a-z]+:|#|\/)/.test(href)) return false;
  const up = href.split('/').filter((part) => part === '..').length;
  return up > depth;
}
