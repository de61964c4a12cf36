import type { Mappings } from '../../api/mappings.ts';
import type { ConfiguredDestination } from '../../config/destination.ts';
import type { LoadedDestinations } from '../../config/load.ts';
import { hasErrors } from '../../config/problems.ts';
import type { Connector } from '../../connector/connector-types.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import { inTurn } from '../../core/in-turn.ts';

export interface ActiveMappingsOptions {
  readonly destinations: readonly ConfiguredDestination[];
  /** A folder of actions beside those of the product. */
  readonly actions?: string | undefined;
  /** Reads the files again. */
  load(): Promise<LoadedDestinations>;
  connector(): Pick<Connector, 'reload'>;
}

/** The destinations that a connector runs by, as their files have them. */
export function activeMappings({ destinations, actions, load, connector }: ActiveMappingsOptions): Mappings {
  let active = destinations;
  const reloadInTurn = inTurn();

  async function reload(): ReturnType<Mappings['reload']> {
    let loaded: LoadedDestinations = { destinations: [], problems: [], files: [] };
    let reason = '';
    const applied = await connector().reload(async () => {
      try {
        loaded = await load();
        const broken = loaded.problems.filter(({ severity }) => severity === 'error').length;
        if (hasErrors(loaded.problems))
          throw new ConnectorError('CONFIG_INVALID', `the mappings have ${broken} errors`);
        return loaded.destinations;
      } catch (error) {
        reason = messageOf(error);
        throw error;
      }
    });
    if (applied) active = loaded.destinations;
    const { problems } = loaded;
    const message = applied
      ? 'The mappings on the disk are active.'
      : `Nothing has changed, because the new mappings can't be used${reason === '' ? '' : `: ${reason}`}.`;
    return { applied, problems, message };
  }

  return {
    active: () => active,
    files: () => active.map(({ file: path, text }) => ({ path, text })),
    ...(actions !== undefined && { actions }),
    // A signal, the watch over the files and the console may ask for it at once.
    reload: () => reloadInTurn(reload),
  };
}
