import { describe, expect, it } from 'vitest';
import { event, sha256, startSandbox, startSeconds } from '../sandbox-client.ts';

const day = 86_400;
const hash = sha256('x');

type Case = readonly [title: string, members: object, subcode?: number];

function cases(list: readonly Case[]): void {
  for (const [title, members, subcode] of list) {
    it(title, async () => {
      const { send } = await startSandbox();
      const { status, json } = await send([event(members)]);
      expect([status, json.error?.code, json.error?.error_subcode, json.error?.error_user_msg]).toEqual(
        subcode === undefined ? [200, undefined, undefined, undefined] : [400, 100, subcode, expect.any(String)],
      );
    });
  }
}

describe('shape (2804019)', () => {
  cases([
    ['needs a name', { event_name: undefined }, 2804019],
    ['needs a name that is not blank', { event_name: '' }, 2804019],
    ['needs a time', { event_time: undefined }, 2804019],
    ['takes a time in digits', { event_time: String(startSeconds) }],
    ['takes no time with a fraction', { event_time: startSeconds + 0.5 }, 2804019],
    ['takes no time as ISO text', { event_time: '2026-11-22T12:00:00Z' }, 2804019],
    ['needs user_data', { user_data: undefined }, 2804019],
    ['takes no list for user_data', { user_data: [] }, 2804019],
    ['takes no unknown key', { advertiser_tracking_enabled: 1 }, 2804019],
    ['takes no unknown action_source', { action_source: 'Website' }, 2804019],
    ['takes an absent action_source', { action_source: undefined }],
    ['takes opt_out false', { opt_out: false }],
    ['takes no number for event_id', { event_id: 7 }, 2804019],
    ['takes a segmentation', { customer_segmentation: 'new_customer_to_business' }],
    ['takes no object in user_data', { user_data: { em: { hash } } }, 2804019],
    ['takes lists of what may be several', { user_data: { em: [hash], external_id: ['u-1', 'u-2'] } }],
    ['takes no list of click ids', { user_data: { em: hash, fbc: ['fb.1.1795175910250.AbC'] } }, 2804019],
    ['takes no list of addresses', { user_data: { em: hash, client_ip_address: ['203.0.113.21'] } }, 2804019],
    ['takes any key in custom_data', { custom_data: { colour: 'red', nested: { a: [1] } } }],
    ['takes a numeric text for value', { custom_data: { value: '142.52', currency: 'eur' } }],
    ['takes no other text for value', { custom_data: { value: '12,50 EUR' } }, 2804019],
    ['takes no unknown key in contents', { custom_data: { contents: [{ id: '1', quantity: 1, name: 'x' }] } }, 2804019],
  ]);

  it('needs action_source where the option says so', async () => {
    const { send } = await startSandbox({ requireActionSource: true });
    const { json } = await send([event({ action_source: undefined })]);
    expect(json.error.error_user_msg).toBe(`The parameter $['data'][0]['action_source'] is required`);
  });

  it('names the place of the event, the item and the parameter', async () => {
    const { send } = await startSandbox();
    const contents = [
      { id: '1', quantity: 1 },
      { id: '2', quantity: 1, name: 'x' },
    ];
    const item = await send([event(), event({ custom_data: { contents } })]);
    expect(item.json.error.error_user_msg).toBe(
      `Unexpected key "name" on param "$['data'][1]['custom_data']['contents'][1]"`,
    );
    const missing = await send([event(), event({ user_data: undefined })]);
    expect(missing.json.error.error_user_msg).toBe(`The parameter $['data'][1]['user_data'] is required`);
    const notAnEvent = await send([event(), 'text']);
    expect(notAnEvent.json.error.error_user_msg).toContain(`$['data'][1]`);
  });
});

describe('event_time', () => {
  const store = { action_source: 'physical_store', event_source_url: undefined };
  cases([
    ['may be 7 days old', { event_time: startSeconds - 7 * day }],
    ['may not be older', { event_time: startSeconds - 7 * day - 1 }, 2804003],
    ['may be 62 days old from a store', { ...store, event_time: startSeconds - 62 * day }],
    ['may not be older from a store', { ...store, event_time: startSeconds - 62 * day - 1 }, 2804003],
    ['may be a minute ahead', { event_time: startSeconds + 60 }],
    ['may not be further ahead', { event_time: startSeconds + 61 }, 2804004],
    ['may not be in milliseconds', { event_time: startSeconds * 1000 }, 2804004],
  ]);

  it('is judged before customer information, as was seen at Meta', async () => {
    const { send } = await startSandbox();
    const old = { event_name: 'Lead', event_time: startSeconds - 8 * day, user_data: { client_user_agent: 'agent' } };
    expect((await send([event(old)])).json.error).toMatchObject({
      error_subcode: 2804003,
      error_user_title: 'Event Timestamp Too Old',
    });
  });
});

describe('custom_data', () => {
  const bought = (customData?: object) => ({ event_name: 'Purchase', custom_data: customData });
  const contents = (value: unknown) => ({ custom_data: { contents: value } });
  cases([
    ['Purchase needs custom_data', bought(), 2804009],
    ['Purchase needs a value', bought({ currency: 'EUR' }), 2804009],
    ['Purchase takes 0 for a value', bought({ value: 0, currency: 'EUR' })],
    ['Purchase needs a currency', bought({ value: 1 }), 2804010],
    ['Purchase takes a currency in lower case', bought({ value: 1, currency: 'jpy' })],
    ['Purchase takes no unknown currency', bought({ value: 1, currency: 'EURO' }), 2804011],
    ['MRU is refused though ISO knows it', bought({ value: 1, currency: 'MRU' }), 2804011],
    ['purchase in lower case is a custom name', { event_name: 'purchase' }],
    ['a bad currency is refused in any event', { custom_data: { currency: 'XX' } }, 2804011],
    ['contents need an id', contents([{ quantity: 1 }]), 2804008],
    ['contents need a quantity', contents([{ id: '1' }]), 2804008],
    ['contents take no text for a price', contents([{ id: '1', quantity: 1, item_price: 'free' }]), 2804008],
    ['contents are a list', contents({ id: '1', quantity: 1 }), 2804008],
    ['contents take items, not ids', contents(['1']), 2804008],
    ['contents take all their keys', contents([{ id: 1, quantity: '2', item_price: 1.5, title: 't', brand: 'b' }])],
  ]);
});

describe('app data (2804043)', () => {
  const extinfo = ['a2', '', '', '', '14', ...Array<string>(11).fill('')];
  const app = (appData?: object) => ({ action_source: 'app', app_data: appData });
  const withExtinfo = (value: unknown) => app({ advertiser_tracking_enabled: 1, extinfo: value });
  cases([
    ['is complete', withExtinfo(extinfo)],
    ['takes extinfo as an object, as the SDK writes it', withExtinfo({ ...extinfo })],
    ['must be there', app(), 2804043],
    ['needs advertiser_tracking_enabled', app({ extinfo }), 2804043],
    ['takes false for advertiser_tracking_enabled', app({ advertiser_tracking_enabled: false, extinfo })],
    ['needs 16 slots', withExtinfo(extinfo.slice(1)), 2804043],
    ['needs a platform', withExtinfo(['', ...extinfo.slice(1)]), 2804043],
    ['needs an OS version', withExtinfo(extinfo.map((slot) => (slot === '14' ? '' : slot))), 2804043],
    ['needs text in every slot', withExtinfo(extinfo.map((slot) => (slot === '' ? null : slot))), 2804043],
  ]);
});

describe('business messaging', () => {
  const message = (channel: string | undefined, userData: object, members: object = {}) => ({
    action_source: 'business_messaging',
    event_source_url: undefined,
    event_name: 'AddToCart',
    messaging_channel: channel,
    user_data: userData,
    ...members,
  });
  const messenger = { page_id: '1', page_scoped_user_id: '2' };
  const whatsapp = { ctwa_clid: 'click', whatsapp_business_account_id: '3' };
  const instagram = { ig_account_id: '4', ig_sid: '5' };
  cases([
    ['messenger is complete', message('messenger', messenger)],
    ['messenger needs the page', message('messenger', { page_scoped_user_id: '2' }), 2804069],
    ['messenger needs the user', message('messenger', { page_id: '1' }), 2804019],
    ['whatsapp is complete', message('whatsapp', whatsapp)],
    ['whatsapp takes the page instead', message('whatsapp', { ctwa_clid: 'click', page_id: '1' })],
    ['whatsapp needs the click', message('whatsapp', { page_id: '1' }), 2804071],
    ['whatsapp needs a click that is one', message('whatsapp', { ...whatsapp, ctwa_clid: 'a b' }), 2804087],
    ['whatsapp needs an account or a page', message('whatsapp', { ctwa_clid: 'click' }), 2804116],
    ['instagram is complete', message('instagram', instagram)],
    ['instagram needs the account', message('instagram', { ig_sid: '5' }), 2804079],
    [
      'instagram needs it by the name that works',
      message('instagram', { ig_sid: '5', instagram_business_account_id: '4' }),
      2804079,
    ],
    ['instagram needs the user', message('instagram', { ig_account_id: '4' }), 2804075],
    ['needs a channel', message(undefined, messenger), 2804019],
    ['takes no unknown channel', message('telegram', messenger), 2804019],
    ['takes no URL', message('messenger', messenger, { event_source_url: 'https://shop.example/' }), 2804064],
    ['takes no other event', message('messenger', messenger, { event_name: 'Lead' }), 2804066],
  ]);
});

describe('lead id (2804036)', () => {
  const lead = (id: unknown) => ({ user_data: { lead_id: id } });
  cases([
    ['takes 15 to 17 digits', lead('12345678901234567')],
    ['takes a number that kept its digits', lead(123456789012345)],
    ['takes no fewer digits', lead('12345678901234'), 2804036],
    ['takes no letters', lead('l:123456789012345'), 2804036],
    ['takes no number that lost digits', lead(12345678901234568), 2804036],
  ]);
});

describe('limited data use (2804030)', () => {
  const options = (list: unknown, country?: number, state?: number) => ({
    data_processing_options: list,
    data_processing_options_country: country,
    data_processing_options_state: state,
  });
  cases([
    ['takes an empty list', options([])],
    ['takes geolocation', options(['LDU'], 0, 0)],
    ['takes California', options(['LDU'], 1, 1000)],
    ['needs a country', options(['LDU']), 2804030],
    ['takes no other country', options(['LDU'], 2, 0), 2804030],
    ['needs a state', options(['LDU'], 1), 2804030],
    ['takes no unknown state', options(['LDU'], 1, 1014), 2804030],
    ['takes no other option', options(['GDPR'], 0, 0), 2804030],
  ]);
});

describe('customer information (2804050)', () => {
  const user = (userData: object) => ({ user_data: userData });
  cases([
    ['must not be empty', user({}), 2804050],
    ['must not be blank', user({ em: '', ph: null, fn: [''], ln: [null] }), 2804050],
    [
      'is too broad as a place and a user agent',
      user({ ct: hash, st: hash, zp: hash, client_user_agent: 'x' }),
      2804050,
    ],
    ['is too broad as a birthday and a user agent', user({ db: hash, client_user_agent: 'x' }), 2804050],
    ['is too broad as a first name and a gender', user({ fn: hash, ge: hash }), 2804050],
    ['is too broad as a last name and a gender', user({ ln: hash, ge: hash }), 2804050],
    ['is no more with partner names', user({ client_user_agent: 'x', partner_name: 'p', partner_id: '1' }), 2804050],
    ['is enough as first and last name', user({ fn: hash, ln: hash })],
    ['is enough as a birthday and a place', user({ db: hash, ct: hash })],
    ['is enough as an address of the network', user({ client_ip_address: '2001:db8::1' })],
    ['is enough as an external id', user({ external_id: ['1'] })],
    ['may hold a list with a null', user({ em: [hash, null] })],
    ['may hold the mark of the parameter builder', user({ em: `${hash}.AQQCAQMC` })],
  ]);
});

describe('what Meta accepts and advises against', () => {
  it('is counted', async () => {
    const { send, sandbox } = await startSandbox();
    const userData = { em: ['ada@shop.example', hash], ph: hash.toUpperCase(), external_id: 'raw', favourite: 'x' };
    const reply = await send([
      event({ event_source_url: undefined, event_id: undefined, user_data: userData }),
      event({ action_source: undefined, user_data: { em: hash, fn: `${hash}.ab`, ge: null } }),
    ]);
    expect(reply.status).toBe(200);
    expect(sandbox.state.summary().diagnostics).toEqual({
      not_hashed: { em: 1, ph: 1 },
      unknown_user_data: { favourite: 1 },
      website_without: { event_source_url: 1, client_user_agent: 1 },
      without: { event_id: 1, action_source: 1 },
    });
  });

  it('is refused with strictIdentifiers when an identifier is plain', async () => {
    const { send } = await startSandbox({ strictIdentifiers: true });
    expect((await send([event()])).status).toBe(200);
    const reply = await send([event({ user_data: { em: ['ada@shop.example'] } })]);
    expect(reply.json.error.code).toBe(100);
    expect(reply.text).not.toContain('ada@');
  });
});
