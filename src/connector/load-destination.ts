import type { Environment } from '../config/environment.ts';
import { loadDestinations } from '../config/load.ts';
import { hasErrors, renderProblem } from '../config/problems.ts';
import type { Action } from '../core/action.ts';
import { ConnectorError } from '../core/errors.ts';
import type { Destination } from '../core/subscription.ts';
import { loadBuiltInActions } from './available-actions.ts';

export interface LoadDestinationOptions {
  /** By key, or a list; those that come with the product by default. */
  readonly actions?: ReadonlyMap<string, Action> | readonly Action[];
  /** Where `{"$env": …}` looks; the process's environment by default. */
  readonly environment?: Environment;
}

/**
 * Loads, checks and compiles one destination file.
 *
 * @throws ConnectorError `CONFIG_INVALID`, whose message and `details.problems` hold every problem with its place;
 * `MAPPINGS_NOT_FOUND` when the file isn't there.
 */
export async function loadDestination(path: string, options: LoadDestinationOptions = {}): Promise<Destination> {
  const actions = byKey(options.actions ?? (await loadBuiltInActions()));
  const environment = options.environment ?? process.env;
  const { destinations, problems } = loadDestinations(path, { actions, environment });
  const [destination] = destinations;
  if (destination === undefined || hasErrors(problems)) {
    const rendered = problems.map(renderProblem).join('\n');
    throw new ConnectorError('CONFIG_INVALID', `${path} can't be used\n${rendered}`, { problems });
  }
  return destination;
}

function byKey(actions: ReadonlyMap<string, Action> | readonly Action[]): ReadonlyMap<string, Action> {
  return actions instanceof Map ? actions : new Map([...actions.values()].map((action) => [action.key, action]));
}
