/** Segment's actions by their slugs; those of version 2 differ in nothing that is sent. */
export const segmentActions: Readonly<Record<string, string>> = {
  purchase: 'purchase',
  purchase2: 'purchase',
  initiateCheckout: 'initiate-checkout',
  initiateCheckout2: 'initiate-checkout',
  addToCart: 'add-to-cart',
  addToCart2: 'add-to-cart',
  viewContent: 'view-content',
  viewContent2: 'view-content',
  search: 'search',
  search2: 'search',
  pageView: 'page-view',
  pageView2: 'page-view',
  custom: 'custom-event',
  custom2: 'custom-event',
  sync: 'sync-audience',
};

/** The titles that the actions have in Segment and in Customer.io. */
export const actionTitles: Readonly<Record<string, string>> = {
  Purchase: 'purchase',
  'Initiate Checkout': 'initiate-checkout',
  'Add to Cart': 'add-to-cart',
  'View Content': 'view-content',
  Search: 'search',
  'Page View': 'page-view',
  'Custom Event': 'custom-event',
  'Sync Audience': 'sync-audience',
};

/** Members of `user_data`, which are fields of their own here. */
export const userDataFields: Readonly<Record<string, string>> = {
  externalId: 'external_id',
  email: 'em',
  phone: 'ph',
  gender: 'ge',
  dateOfBirth: 'db',
  lastName: 'ln',
  firstName: 'fn',
  city: 'ct',
  state: 'st',
  zip: 'zp',
  country: 'country',
  client_ip_address: 'client_ip_address',
  client_user_agent: 'client_user_agent',
  fbc: 'fbc',
  fbp: 'fbp',
  subscriptionID: 'subscription_id',
  leadID: 'lead_id',
  fbLoginID: 'fb_login_id',
  anonId: 'anon_id',
  madId: 'madid',
};

/** Members of `app_data_field`; `madId` is a field of the person here. */
export const appDataFields: Readonly<Record<string, string>> = {
  advertiser_tracking_enabled: 'advertiser_tracking_enabled',
  application_tracking_enabled: 'application_tracking_enabled',
  version: 'version',
  packageName: 'package_name',
  shortVersion: 'short_version',
  longVersion: 'long_version',
  osVersion: 'os_version',
  deviceName: 'model',
  locale: 'locale',
  timezone: 'timezone_abbreviation',
  carrier: 'carrier',
  width: 'screen_width',
  height: 'screen_height',
  density: 'screen_density',
  cpuCores: 'cpu_cores',
  storageSize: 'storage_size',
  freeStorage: 'free_storage',
  deviceTimezone: 'timezone',
};

/** Fields of Sync Audience that are one field here. */
export const audienceFields: Readonly<Record<string, string>> = {
  externalId: 'external_id',
  email: 'em',
  phone: 'ph',
  gender: 'ge',
  city: 'ct',
  state: 'st',
  zip: 'zp',
  country: 'country',
  mobileAdId: 'madid',
  igAccountIds: 'ig_account_ids',
  external_audience_id: 'audience_id',
};

/** Members of `name` of Sync Audience. */
export const nameFields: Readonly<Record<string, string>> = { first: 'fn', last: 'ln', firstInitial: 'fi' };
