import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hintsAt, type Schema } from '../../console/editor/schema-hints.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../schema/destination.schema.json', import.meta.url), 'utf8'),
) as Schema;

/** `|` is the cursor. */
function hints(text: string): readonly string[] {
  return hintsAt(schema, text.replace('|', ''), text.indexOf('|')).map((hint) => hint.text);
}

const subscription = (inside: string) => `{ "subscriptions": [ { "name": "a", "action": "purchase", ${inside} } ] }`;

describe('completion in a destination file', () => {
  it('offers the members of a place that are not there yet', () => {
    const found = hints('{ "name": "shop", "|" }');
    expect(found).toContain('settings');
    expect(found).not.toContain('name');
  });

  it('offers the values that a member may have', () => {
    expect(hints('{ "subscriptions": [ { "action": "|" } ] }')).toContain('"purchase"');
    expect(hints('{ "settings": { "requirements": "|" } }')).toEqual(['"enforce"', '"warn"']);
    expect(hints('{ "enabled": | }')).toEqual(['true', 'false']);
  });

  it('offers the fields of the action that the subscription has', () => {
    expect(hints(subscription('"mapping": { "|" }'))).toContain('currency');
    const audience = '{ "subscriptions": [ { "action": "sync-audience", "mapping": { "|" } } ] }';
    expect(hints(audience)).toContain('audience_name');
    expect(hints(audience)).not.toContain('currency');
  });

  it('offers directives where a value is mapped', () => {
    expect(hints(subscription('"mapping": { "value": { "|" } }'))).toEqual(expect.arrayContaining(['@path', '@first']));
  });

  it('goes on in a text that is being written, with comments', () => {
    expect(hints('{ // the shop\n "settings": { "pixel_id": "1", "te|')).toContain('test_event_code');
  });
});
