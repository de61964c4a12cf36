import { describe, expect, test } from 'vitest';
import { samples } from '../../examples/samples.ts';
import { hashIdentifier } from '../../src/identity/identify.ts';
import { imported, importedSample } from '../support/imported.ts';
import { readInput } from '../../src/import/read-input.ts';

describe("a workspace's configuration of RudderStack", () => {
  const found = importedSample('rudderstack', 'workspace.json');

  test('has one file for each destination of Meta, however many sources it has', () => {
    expect(found.destinations.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['shop-conversions', true],
      ['old-pixel', false],
    ]);
  });

  test('sends what is mapped to an event of Meta as that event, without the external id, with limited data use', () => {
    const event = { ...samples['Order Completed'], event: 'Plan Bought' };
    expect(found.body('Purchase', event)).toMatchObject({
      event_name: 'Purchase',
      action_source: 'website',
      data_processing_options: ['LDU'],
      user_data: { em: [hashIdentifier('em', 'ada@example.com')] },
      custom_data: { value: 25, currency: 'GBP' },
    });
    expect(found.body('Purchase', event)['user_data']).not.toHaveProperty('external_id');
  });

  test('is off where the server sends nothing to it, unless it is connected to another source', () => {
    const destination = (more: object) => ({
      ...{ id: 'd', name: 'shop', enabled: true, config: { datasetId: '1' } },
      ...{ destinationDefinition: { name: 'FACEBOOK_CONVERSIONS' }, ...more },
    });
    const enabled = (...each: readonly object[]) => {
      const sources = each.map((more) => ({ destinations: [destination(more)] }));
      const found = imported('rudderstack', [readInput('a.json', JSON.stringify({ sources }))]);
      return found.destinations.map((draft) => draft.enabled);
    };
    expect(enabled({ isProcessorEnabled: true, isConnectionEnabled: true, deleted: false })).toEqual([true]);
    expect(enabled({ isProcessorEnabled: false })).toEqual([false]);
    expect(enabled({ isConnectionEnabled: false })).toEqual([false]);
    expect(enabled({ deleted: true })).toEqual([false]);
    expect(enabled({ isConnectionEnabled: false }, { isConnectionEnabled: true })).toEqual([true]);
    expect(enabled({ isConnectionEnabled: false }, { enabled: false })).toEqual([false]);
  });

  test('takes names of events in any case, as is done there, and lists of names as they are written', () => {
    expect(found.body('Purchase', { ...samples['Order Completed'], event: 'order completed' })).toMatchObject({
      event_name: 'Purchase',
    });
    expect(found.body('Purchase', { ...samples['Order Completed'], event: 'PLAN bought' })).toMatchObject({
      event_name: 'Purchase',
    });
    expect(found.explain({ ...samples['Signed In'], event: 'heartbeat' }).deliveries).toHaveLength(1);
    const filtered = (option: string, names: readonly string[]) => {
      const config = {
        datasetId: '1',
        eventFilteringOption: option,
        [option]: names.map((eventName) => ({ eventName })),
      };
      const spec = { type: 'facebook_conversions', enabled: true, config };
      const [draft] = imported('rudderstack', [readInput('a.json', JSON.stringify({ spec }))]).destinations;
      return draft?.subscriptions.flatMap(({ name, trigger }) => (name === 'PageView' ? [] : [`${name}: ${trigger}`]));
    };
    expect(filtered('whitelistedEvents', ['Order Completed', 'Other'])).toEqual([
      'Purchase: type = "track" and event = "Order Completed"',
      'Other events: type = "track" and event = "Other"',
    ]);
    expect(filtered('blacklistedEvents', ['Order Completed', 'Other'])).toEqual(
      expect.arrayContaining([
        'Purchase: type = "track" and lowercase(event) = "order completed" and not event = "Order Completed"',
        expect.stringMatching(/^Other events: .* not lowercase\(event\) in \[.*\] and not event = "Other"$/),
      ]),
    );
  });

  test('lets an event say how its data is processed', () => {
    const context = {
      ...(samples['Order Completed']?.['context'] as object),
      dataProcessingOptions: [['LDU'], 1, 1000],
    };
    expect(found.body('Purchase', { ...samples['Order Completed'], context })).toMatchObject({
      data_processing_options_country: 1,
      data_processing_options_state: 1000,
    });
  });

  test('sends standard events without an action here, and those of no name, as custom events', () => {
    expect(found.body('FindLocation', { ...samples['Signed In'], event: 'Shop Found' })).toMatchObject({
      event_name: 'FindLocation',
      custom_data: { method: 'email' },
    });
    expect(found.body('Other events', 'Signed In')).toMatchObject({ event_name: 'Signed In' });
    expect(found.body('PageView', 'Page')).toMatchObject({ event_name: 'PageView' });
  });

  test('sends a property that is allowed, and takes out one that identifies', () => {
    const properties = { city: 'London', phone: '+44 161 496 0001', method: 'email' };
    expect(found.body('Other events', { ...samples['Signed In'], properties })['custom_data']).toEqual({
      city: 'London',
      method: 'email',
    });
  });

  test('leaves out what is filtered, and whoever has denied the consent', () => {
    expect(found.explain({ ...samples['Signed In'], event: 'Heartbeat' }).deliveries).toEqual([]);
    const context = { consentManagement: { deniedConsentIds: ['marketing'] } };
    const denied = found.explain({ ...samples['Order Completed'], context });
    expect(denied.deliveries).toEqual([]);
    expect(denied.skipped).toContainEqual(expect.objectContaining({ subscription: 'Purchase', reason: 'consent' }));
  });

  test('copies no secret', () => {
    expect(JSON.stringify(found)).not.toMatch(/EAA|example-write-key/);
    expect(found.destinations[1]?.settings['access_token']).toEqual({ $env: 'OLD_PIXEL_TOKEN' });
  });

  test('asks what a transformation and events from the browser are to be', () => {
    const decisions = found.entries.filter(({ fate }) => fate === 'decision').map(({ path }) => path.split('.').at(-1));
    expect(decisions).toEqual(expect.arrayContaining(['transformations', 'useNativeSDK', 'advancedMapping']));
  });
});

describe("a file of RudderStack's command line tool", () => {
  test('is one destination, whose consents are all asked for only where all must be denied', () => {
    const found = importedSample('rudderstack', 'conversions.yaml');
    const [destination] = found.destinations;
    expect(destination?.settings).toMatchObject({
      access_token: { $env: 'APP_ACCESS_TOKEN' },
      test_event_code: 'TEST123',
    });
    expect(destination?.settings['consent']).toBe(
      'not ("ads" in context.consentManagement.deniedConsentIds and "analytics" in context.consentManagement.deniedConsentIds)',
    );
    expect(found.explain({ ...samples['Signed In'], event: 'Level Reached' }).deliveries).toHaveLength(1);
    expect(found.explain('Signed In').deliveries).toEqual([]);
  });

  test('adds lists of people and records to its audience', () => {
    const found = importedSample('rudderstack', 'audience.yaml');
    const list = {
      type: 'track',
      event: 'Any name',
      userId: 'job',
      properties: { userListAdd: [{ EMAIL: 'a@example.com' }] },
    };
    expect(found.explain(list).deliveries[0]?.request?.path).toBe('/v27.0/120200000000000013/users');
    const record = { type: 'record', action: 'delete', recordId: '7', fields: { EMAIL: 'a@example.com' } };
    expect(found.explain(record).deliveries).toMatchObject([
      { subscription: 'Records', request: { method: 'DELETE' } },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/EAA|0123456789abcdef/);
  });

  test('is off where its switch is not understood', () => {
    const text = 'kind: destination\nspec:\n  type: facebook_conversions\n  enabled: "{{ .ON }}"\n  config: {}\n';
    const found = imported('rudderstack', [readInput('off.yaml', text)]);
    expect(found.destinations).toMatchObject([{ enabled: false }]);
    expect(found.entries).toContainEqual(expect.objectContaining({ path: 'spec.enabled', fate: 'decision' }));
  });

  test('may have anchors, but not aliases that stand for too much', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
        : `a${level}: &a${level} [${Array(10)
            .fill(`*a${level - 1}`)
            .join(', ')}]`,
    );
    expect(() => imported('rudderstack', [readInput('bomb.yaml', levels.join('\n'))])).toThrow(
      'aliases stand for too much',
    );
  });

  test('of no destination of Meta comes to nothing, and is named', () => {
    const text = 'kind: destination\nspec:\n  type: webhook\n  config: { url: x }\n';
    const found = imported('rudderstack', [readInput('webhook.yaml', text)]);
    expect(found.destinations).toEqual([]);
    expect(found.entries).toContainEqual(expect.objectContaining({ path: 'spec', fate: 'changed' }));
  });
});
