import { type SettingName, settings } from '../src/config/environment.ts';

const names = Object.keys(settings) as readonly SettingName[];

/** Where the Helm chart takes a setting from. */
export type ChartPlace = 'settings' | 'secretFiles' | 'secretEnv';

/** Settings that the chart itself gives, because they go with its ports and volumes. */
const ofTheChart: ReadonlySet<SettingName> = new Set(['OPS_HOST', 'OPS_PORT', 'SOURCES']);

/** What AWS puts into a container by itself. */
const ofThePlatform = /^AWS_(CONTAINER_|ROLE_ARN$|WEB_IDENTITY_TOKEN_FILE$)/;

/** Secrets that no file can hold; an address of a proxy may have a password in it. */
const onlyInTheEnvironment = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/;
const maybeSecret = /^HTTPS?_PROXY$/;

/** The settings that a user of the chart may give, by the value they go into. */
export function chartSettings(place: ChartPlace): readonly SettingName[] {
  return names.filter((name) => placesOf(name).includes(place));
}

function placesOf(name: SettingName): readonly ChartPlace[] {
  if (ofTheChart.has(name) || ofThePlatform.test(name)) return [];
  if (name.endsWith('_FILE')) return ['secretFiles'];
  // It has a file.
  if (names.some((other) => other === `${name}_FILE`)) return [];
  if (onlyInTheEnvironment.test(name)) return ['secretEnv'];
  return maybeSecret.test(name) ? ['settings', 'secretEnv'] : ['settings'];
}
