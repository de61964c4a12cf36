import { describe, expect, test } from 'vitest';
import { loadSubscriptions, loadText } from './load-text.ts';

/** A problem as an editor would list it. */
type Wanted = readonly [line: number, column: number, code: string, says: RegExp];

function expectProblems(text: string, wanted: readonly Wanted[]): void {
  const { problems, destination } = loadText(text);
  expect(destination).toBeUndefined();
  expect(problems.map(({ line, column, code }) => [line, column, code]).sort()).toEqual(
    wanted.map(([line, column, code]) => [line, column, code]).sort(),
  );
  for (const [line, column, code, says] of wanted) {
    const problem = problems.find((one) => one.line === line && one.column === column && one.code === code);
    expect(problem?.file).toBe('shop.json');
    expect(`${problem?.message} ${problem?.fix ?? ''}`).toMatch(says);
  }
}

test('every problem of a file is reported in one run, each at its place', () => {
  const text = `{
  "name": "shop",
  "settings": { "access_token": { "$env": "T" }, "requirement": "warn" },
  "subscriptions": [
    {
      "name": "Orders",
      "action": "purchase",
      "trigger": "type = \\"track\\"\\nand event = \\"Order Completed\\"\\nand properties.total >",
      "mapping": {
        "value": { "@pth": "$.properties.total" },
        "order_id": { "@path": "$.properties.id", "@literal": 1 },
        "currency": { "@path": "$.properties.currency", "fallback": "EUR" },
        "contnet_name": "x",
        "content_type": { "@path": "$.properties[" },
        "contents": { "@arrayPath": ["$.properties.products", { "id": { "@path": "$.sku" }, "quantitiy": 1 }] },
        "original_event_data": { "event_nam": "Lead" }
      }
    },
    { "action": "purchse", "trigger": "event == 1" },
    { "name": "Leads", "action": "lead" }
  ]
}`;
  expectProblems(text, [
    [3, 15, 'PIXEL_MISSING', /add "pixel_id"/],
    [3, 50, 'CONFIG_UNKNOWN', /did you mean "requirements"/],
    [8, 92, 'TRIGGER_SYNTAX', /line 3, column 23 of the trigger/],
    [10, 20, 'UNKNOWN_DIRECTIVE', /did you mean @path/],
    [11, 51, 'SEVERAL_DIRECTIVES', /one object holds one directive/],
    [12, 57, 'DIRECTIVE_BESIDE_KEYS', /@path must stand alone/],
    [13, 9, 'UNKNOWN_FIELD', /did you mean "content_name"/],
    [14, 36, 'BAD_PATH', /expected/],
    [15, 93, 'UNKNOWN_FIELD', /did you mean "quantity"/],
    [16, 34, 'UNKNOWN_FIELD', /did you mean "event_name"/],
    [19, 5, 'CONFIG_MISSING', /add "name"/],
    [19, 17, 'UNKNOWN_ACTION', /did you mean "purchase"/],
    [19, 46, 'TRIGGER_SYNTAX', /write =/],
    [20, 34, 'TRIGGER_MISSING', /add "trigger"/],
  ]);
});

describe('warnings do not stop a file, and say what is probably meant', () => {
  test('a path that no event of the types of the trigger has', () => {
    const { problems, destination } = loadSubscriptions({
      name: 'Pages',
      action: 'page-view',
      mapping: { content_name: { '@path': '$.event' }, content_category: { '@path': '$.propertis.category' } },
      trigger: 'type = "identify"',
    });
    expect(destination).toBeDefined();
    expect(problems.map(({ code, severity }) => [severity, code])).toEqual([
      ['warning', 'UNKNOWN_MEMBER'],
      ['warning', 'UNKNOWN_MEMBER'],
    ]);
    expect(problems.map(({ message, fix }) => `${message} ${fix}`).join()).toMatch(
      /identify calls.*properties\.category/,
    );
  });
});

test.each(['[]', '"text"', '{"subscriptions": [null, 1, {"mapping": []}]}', '{"settings": [], "subscriptions": {}}'])(
  '%s is refused with problems, not with an exception',
  (text) => {
    expect(loadText(text).problems.length).toBeGreaterThan(0);
  },
);
