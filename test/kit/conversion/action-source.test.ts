import { describe } from 'vitest';
import { type Expected, goodContext, leftOut, rows } from '../../actions/order-table.ts';

describe('an action source', () => {
  const page = goodContext['page'];
  const noPage = { page: null };
  const source = (name: string): Expected => ['action_source', name];
  const phone = { device: { type: 'Android', adTrackingEnabled: false }, os: { name: 'Android', version: '16' } };
  rows([
    ['with a page', {}, source('website')],
    ['without a page', { context: noPage }, source('other')],
    ['of a phone', { context: { ...noPage, ...phone } }, source('app')],
    ['of a phone with a page', { context: { page, ...phone } }, source('website')],
    ['of a phone that says nothing of tracking', { context: { ...noPage, os: phone.os } }, source('other')],
    [
      'of a television',
      { context: { ...noPage, device: { type: 'tvOS', adTrackingEnabled: true }, os: { version: '1' } } },
      source('other'),
    ],
    [
      'of a page with half of the app data',
      { mapping: { app_data: { advertiser_tracking_enabled: true } } },
      leftOut('app_data'),
    ],
    ['mapped', { mapping: { action_source: 'phone_call' } }, source('phone_call')],
    ['mapped in capitals', { mapping: { action_source: ' Chat ' } }, source('chat')],
    ['that Meta does not know', { mapping: { action_source: 'web' } }, source('website')],
    ['that is a number', { mapping: { action_source: 1 } }, source('website')],
    [
      'app without app data',
      { mapping: { action_source: 'app', app_data: null } },
      { code: 'APP_DATA_INVALID', field: 'app_data' },
    ],
    [
      'app without tracking',
      { context: { os: phone.os }, mapping: { action_source: 'app' } },
      { code: 'APP_DATA_INVALID', field: 'app_data.advertiser_tracking_enabled' },
    ],
    [
      'app without a platform',
      { context: { device: { adTrackingEnabled: true }, os: { version: '1' } }, mapping: { action_source: 'app' } },
      { code: 'APP_DATA_INVALID', field: 'app_data.version' },
    ],
    [
      'app without a version',
      { context: { device: phone.device }, mapping: { action_source: 'app' } },
      { code: 'APP_DATA_INVALID', field: 'app_data.os_version' },
    ],
    [
      'app with 0 for tracking',
      {
        mapping: { action_source: 'app', app_data: { advertiser_tracking_enabled: 0, version: 'i2', os_version: 19 } },
      },
      ['app_data.advertiser_tracking_enabled', 0],
    ],
    [
      'app with 2 for tracking',
      { mapping: { action_source: 'app', app_data: { advertiser_tracking_enabled: 2 } } },
      { code: 'APP_DATA_INVALID', field: 'app_data' },
    ],
    [
      'app with all of extinfo',
      {
        mapping: {
          action_source: 'app',
          app_data: {
            advertiser_tracking_enabled: 1,
            extinfo: ['a2', 'p', null, '', 16, '', '', '', '', '', '', '', '', '', '', ''],
          },
        },
      },
      ['app_data.extinfo', ['a2', 'p', '', '', '16', '', '', '', '', '', '', '', '', '', '', '']],
    ],
    [
      'app with half of extinfo',
      { mapping: { action_source: 'app', app_data: { advertiser_tracking_enabled: 1, extinfo: ['a2', 'p'] } } },
      { code: 'APP_DATA_INVALID', field: 'app_data.version' },
    ],
  ]);
});
