/**
 * The recipes of docs/architecture.md as edits that a script can make: an invented example of each, whose files are the
 * ones that the page names. scripts/try-recipes.ts carries them out on a copy.
 */
export interface Step {
  readonly path: string;
  /** The file as the recipe names it; the path when it is the same for every example. */
  readonly named?: string;
  /** The new text; of a file that isn't there yet the old one is empty. */
  readonly edit: (text: string) => string;
}

export interface Recipe {
  /** The heading of the recipe in docs/architecture.md. */
  readonly title: string;
  /** Files to write by hand at most. */
  readonly goal: number;
  readonly steps: readonly Step[];
  /** The tests that concern what was added. */
  readonly tests: readonly string[];
}

export const recipes: readonly Recipe[] = [
  {
    title: 'Add an action',
    goal: 2,
    steps: [
      { path: 'actions/request-quote.ts', named: 'actions/KEY.ts', edit: () => actionFile },
      { path: 'test/examples/request-quote.json', named: 'test/examples/KEY.json', edit: () => exampleFile },
    ],
    tests: ['test/actions', 'test/kit/action-pages.test.ts', 'test/config/editor-schema.test.ts'],
  },
  {
    title: 'Add an error code of Meta',
    goal: 2,
    steps: [
      {
        path: 'src/meta/errors-audiences.ts',
        named: 'src/meta/errors-*.ts',
        edit: before(
          "  row(2650, 1870147, reject, 'Replacement not started'",
          "  row(2650, 1870199, block, 'Audience frozen', 'The audience takes no changes.', lookAtAudience),\n",
        ),
      },
      {
        path: 'test/meta/classify.test.ts',
        edit: before("  [2650, 1870145, 400, 'retryable'],", "  [2650, 1870199, 400, 'blocked'],\n"),
      },
    ],
    tests: ['test/meta'],
  },
  {
    title: 'Add a mapping directive',
    goal: 3,
    steps: [
      {
        path: 'src/mapping/directives/last.ts',
        named: 'src/mapping/directives/NAME.ts',
        edit: () => directiveFile,
      },
      {
        path: 'src/mapping/directives.ts',
        edit: sequence(
          before('import { liquidDirective }', "import { lastDirective } from './directives/last.ts';\n"),
          before('  ifDirective,', '  lastDirective,\n'),
        ),
      },
      { path: 'docs/reference/mappings.md', edit: before('## @if\n', directiveSection()) },
    ],
    tests: ['test/mapping', 'test/config/editor-schema.test.ts'],
  },
  {
    title: 'Add an identifier',
    goal: 4,
    steps: [
      {
        path: 'src/identity/fields.ts',
        edit: before('  fb_login_id: plain', '  loyalty_id: plain(normalizeOpaqueId),\n'),
      },
      {
        path: 'src/kit/conversion/fields/user-data.ts',
        edit: before(
          '  fb_login_id: {',
          "  loyalty_id: {\n    label: 'Loyalty ID',\n    description: 'The number of a customer card. Never hashed.',\n    type: 'string',\n    identifier: true,\n  },\n",
        ),
      },
      { path: 'src/sandbox/conversions/validate-user-data.ts', edit: before("  'fb_login_id',", "  'loyalty_id',\n") },
      {
        path: 'docs/reference/identifiers.md',
        edit: before('| `fb_login_id` |', '| `loyalty_id` | ` card-7 ` | `card-7` |\n'),
      },
    ],
    tests: ['test/identity', 'test/kit/conversion', 'test/config/editor-schema.test.ts'],
  },
  {
    title: 'Add a command',
    goal: 2,
    steps: [
      { path: 'src/cli/greet.ts', named: 'src/cli/NAME.ts', edit: () => commandFile },
      {
        path: 'src/cli/commands.ts',
        edit: before('  actions: async', "  greet: async () => (await import('./greet.ts')).greetCommand(),\n"),
      },
    ],
    tests: ['test/lint'],
  },
];

const actionFile = `import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { valueFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';
import { defineAction } from '../src/kit/define-action.ts';

export default defineAction({
  title: 'Request Quote',
  description: 'Send an event when a person asks for a price.',
  defaultTrigger: 'type = "track" and event = "Quote Requested"',
  fields: { ...valueFields, event_name: eventName('RequestQuote') },
  toPayload: buildConversion,
});
`;

const exampleFile = `{
  "about": "A person asks for a price; the CRM knows an e-mail address.",
  "now": "2026-11-20T12:00:00.000Z",
  "event": {
    "type": "track",
    "event": "Quote Requested",
    "messageId": "msg-quote",
    "timestamp": "2026-11-20T11:58:30.000Z",
    "userId": "CUST-1",
    "context": { "traits": { "email": "ann@example.com" } },
    "properties": { "value": 12, "currency": "EUR" }
  },
  "expected": {
    "event_name": "RequestQuote",
    "event_time": 1795175910,
    "event_id": "msg-quote",
    "action_source": "other",
    "user_data": { "em": ["sha256:ann@example.com"], "external_id": ["sha256:cust-1"] },
    "custom_data": { "value": 12, "currency": "EUR" }
  },
  "rules": ["other where there is neither page nor app"]
}
`;

const directiveFile = `import { derived, nothing } from '../values/compiled.ts';
import { anyMapping, type Directive } from '../values/directive.ts';

export const lastDirective: Directive = {
  name: '@last',
  description: 'The last of several values that is neither missing nor null; nothing when there is none.',
  argument: { type: 'array', minItems: 1, items: anyMapping },
  compile(argument, place) {
    if (!Array.isArray(argument) || argument.length === 0) {
      place.error('WRONG_ARGUMENT', 'expected an array of values to try');
      return nothing;
    }
    const choices = argument.map((choice, index) => place.compile(choice, index));
    const resolvers = choices.map((choice) => choice.resolve);
    return derived(choices, (frame) =>
      resolvers.map((resolve) => resolve(frame)).findLast((value) => value !== undefined && value !== null),
    );
  },
};
`;

function directiveSection(): string {
  const example =
    '{\n  "mapping": { "@last": [{ "@path": "$.a" }, { "@path": "$.b" }] },\n  "event": { "a": 1, "b": 2 },\n  "result": 2\n}';
  return `## @last\n\nThe last of several values that is there.\n\n\`\`\`json\n${example}\n\`\`\`\n\n`;
}

const commandFile = `import { Command } from 'commander';
import { print } from './command/print.ts';

export function greetCommand(): Command {
  return new Command('greet').description('Says hello.').action(() => print('hello'));
}
`;

function before(anchor: string, text: string): Step['edit'] {
  return (old) => {
    const at = old.indexOf(anchor);
    if (at < 0) throw new Error(`a recipe looks for "${anchor}", which is gone: change scripts/recipes.ts`);
    return old.slice(0, at) + text + old.slice(at);
  };
}

function sequence(...edits: readonly Step['edit'][]): Step['edit'] {
  return (old) => edits.reduce((text, edit) => edit(text), old);
}
