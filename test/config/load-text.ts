import { fileURLToPath } from 'node:url';
import { type LoadedDestination, loadDestination } from '../../src/config/destination.ts';
import { loadActions } from '../../src/kit/load-actions.ts';

const actions = await loadActions(fileURLToPath(new URL('../../actions', import.meta.url)));

/** Loads the text of a destination file. */
export function loadText(text: string, file = 'shop.json', now?: number): LoadedDestination {
  return loadDestination(file, text, { actions, environment: {}, ...(now !== undefined && { now }) });
}

/** Loads a file of these subscriptions, which may lack what every subscription has. */
export function loadSubscriptions(...subscriptions: readonly object[]): LoadedDestination {
  return loadText(fileOf(subscriptions));
}

/** The text of a sound file with these subscriptions. */
export function fileOf(subscriptions: readonly object[], name = 'shop'): string {
  const settings = { pixel_id: '1', access_token: { $env: 'TOKEN' } };
  return JSON.stringify({ name, settings, subscriptions }, null, 2);
}
