import type { ConfiguredDestination } from '../../config/destination.ts';
import { ConnectorError } from '../../core/errors.ts';
import { suggest } from '../../core/suggest.ts';

/** `--destination` and `--subscription`, for the commands that take them. */
export interface Choice {
  readonly destination?: string;
  readonly subscription?: string;
}

/**
 * The destinations that are chosen, with all of their subscriptions: what one of them sends may depend on the others.
 *
 * @throws ConnectorError `USAGE` with what was probably meant.
 */
export function chosenDestinations(
  all: readonly ConfiguredDestination[],
  { destination, subscription }: Choice,
): readonly ConfiguredDestination[] {
  const wanted = all.filter(({ name }) => destination === undefined || name === destination);
  if (wanted.length === 0 && destination !== undefined)
    throw unknownName(
      `--destination ${destination}`,
      destination,
      all.map(({ name }) => name),
    );
  const ids = wanted.flatMap(({ subscriptions }) => subscriptions.map(({ id }) => id));
  if (subscription !== undefined && !ids.includes(subscription))
    throw unknownName(`--subscription ${subscription}`, subscription, ids);
  return wanted.filter(
    ({ subscriptions }) => subscription === undefined || subscriptions.some(({ id }) => id === subscription),
  );
}

function unknownName(given: string, name: string, known: readonly string[]): ConnectorError {
  const meant = suggest(name, known);
  return new ConnectorError(
    'USAGE',
    meant === undefined ? `${given}: the mappings hold ${known.join(', ')}` : `${given}: did you mean "${meant}"?`,
  );
}
