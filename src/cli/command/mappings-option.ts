import { Option } from 'commander';
import type { ConfiguredDestination } from '../../config/destination.ts';
import type { LoadedDestinations } from '../../config/load.ts';
import { hasErrors, renderProblem } from '../../config/problems.ts';
import { ConnectorError } from '../../core/errors.ts';
import { printAside } from './print.ts';
import { surroundings } from './surroundings.ts';

/** `--mappings PATH`, the same for every command that takes it. */
export function mappingsOption(): Option {
  return new Option('--mappings <path>', 'destination file, or folder of them').default('mappings');
}

/** `--actions FOLDER`, for every command that reads mappings. */
export function actionsOption(): Option {
  return new Option('--actions <folder>', 'folder of actions of your own, beside those of the product');
}

/** Where the destinations come from, and which actions they may name. */
export interface MappingsOptions {
  readonly mappings: string;
  readonly actions?: string;
}

/** @param now Unix milliseconds, to be warned of what ends by itself; the running connector tells that as it comes. */
export async function loadedDestinations(options: MappingsOptions, now?: number): Promise<LoadedDestinations> {
  // Not needed for the options, which the help asks for.
  const [{ loadAvailableActions }, { loadDestinations }] = await Promise.all([
    import('../../connector/available-actions.ts'),
    import('../../config/load.ts'),
  ]);
  const actions = await loadAvailableActions(options.actions);
  return loadDestinations(options.mappings, {
    actions,
    environment: surroundings().environment,
    ...(now !== undefined && { now }),
  });
}

/**
 * The destinations. If there are errors, throws with all of them.
 *
 * @param warn Hears of the warnings. Default: they are printed to stderr.
 */
export async function validDestinations(
  options: MappingsOptions,
  warn: (text: string) => void = printAside,
): Promise<readonly ConfiguredDestination[]> {
  const { destinations, problems } = await loadedDestinations(options);
  const rendered = problems.map(renderProblem).join('\n');
  if (hasErrors(problems)) throw new ConnectorError('CONFIG_INVALID', `the mappings can't be used\n${rendered}`);
  if (rendered !== '') warn(rendered);
  return destinations;
}
