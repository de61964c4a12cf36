import type { FieldDefinitions } from '../../../core/field.ts';
import { path } from '../../field-defaults.ts';
import type { FieldsOf } from '../../field-types.ts';

/** The sixteen slots of extinfo in Meta's order; the first is the platform's version of the format. */
export const slotFields = {
  version: {
    label: 'Platform',
    description: "a2 for Android, i2 for iOS; where absent, by the event's device and operating system.",
    type: 'string',
  },
  package_name: { label: 'App Package', description: 'Bundle or package of the app.', type: 'string' },
  short_version: { label: 'Short App Version', description: 'Version of the app.', type: 'string', id: true },
  long_version: { label: 'Long App Version', description: 'Build of the app.', type: 'string', id: true },
  os_version: {
    label: 'OS Version',
    description: 'Version of the operating system. Required.',
    type: 'string',
    id: true,
  },
  model: { label: 'Device Model', description: 'Model of the device.', type: 'string' },
  locale: { label: 'Locale', description: 'Language and country, such as en_US.', type: 'string' },
  timezone_abbreviation: { label: 'Time Zone Abbreviation', description: 'Such as PST.', type: 'string' },
  carrier: { label: 'Carrier', description: 'Mobile network.', type: 'string' },
  screen_width: { label: 'Screen Width', description: 'In pixels.', type: 'string', id: true },
  screen_height: { label: 'Screen Height', description: 'In pixels.', type: 'string', id: true },
  screen_density: { label: 'Screen Density', description: 'Such as 2.', type: 'string', id: true },
  cpu_cores: { label: 'CPU Cores', description: 'How many.', type: 'string', id: true },
  storage_size: { label: 'Storage Size', description: 'External storage in GB.', type: 'string', id: true },
  free_storage: { label: 'Free Storage', description: 'Of it free, in GB.', type: 'string', id: true },
  timezone: { label: 'Time Zone', description: 'Such as America/Los_Angeles.', type: 'string' },
} as const satisfies FieldDefinitions;

/** Members that are sent as they are mapped. */
export const plainAppFields = {
  application_tracking_enabled: {
    label: 'Application Tracking Enabled',
    description: 'Whether the app allows tracking.',
    type: 'boolean',
    choices: [0, 1],
  },
  campaign_ids: { label: 'Campaign IDs', description: 'From the app link that opened the app.', type: 'string' },
  install_referrer: { label: 'Install Referrer', description: 'From the Android store.', type: 'string' },
  installer_package: { label: 'Installer Package', description: 'What installed the app.', type: 'string' },
  url_schemes: {
    label: 'URL Schemes',
    description: 'Schemes that the app opens.',
    type: 'string',
    multiple: true,
  },
  vendor_id: { label: 'Vendor ID', description: "The app maker's id of the device.", type: 'string' },
  windows_attribution_id: {
    label: 'Windows Attribution ID',
    description: 'Of apps on Windows.',
    type: 'string',
    id: true,
  },
} as const satisfies FieldDefinitions;

/** The app and its device. Meta: app data parameters. */
export const appFields = {
  app_data: {
    label: 'App Data',
    description:
      'Required of app events: whether tracking is allowed, the platform and its version. The sixteen values of extinfo are members of their own here.',
    type: 'object',
    additionalProperties: true,
    properties: {
      advertiser_tracking_enabled: {
        label: 'Advertiser Tracking Enabled',
        description: 'Whether the person allows tracking (on iOS: App Tracking Transparency). Required.',
        type: 'boolean',
        choices: [0, 1],
      },
      extinfo: {
        label: 'Extended Device Information',
        description: "All sixteen values in Meta's order, blank where unknown; instead of the members below.",
        type: 'string',
        multiple: true,
        id: true,
        minimum: 16,
        maximum: 16,
      },
      ...slotFields,
      ...plainAppFields,
    },
    default: {
      advertiser_tracking_enabled: path('$.context.device.adTrackingEnabled'),
      package_name: path('$.context.app.namespace'),
      short_version: path('$.context.app.version'),
      long_version: path('$.context.app.build'),
      os_version: path('$.context.os.version'),
      model: path('$.context.device.model'),
      locale: path('$.context.locale'),
      carrier: path('$.context.network.carrier'),
      screen_width: path('$.context.screen.width'),
      screen_height: path('$.context.screen.height'),
      screen_density: path('$.context.screen.density'),
      timezone: path('$.context.timezone'),
    },
  },
} as const satisfies FieldDefinitions;

export type AppDataFields = NonNullable<FieldsOf<typeof appFields>['app_data']>;
