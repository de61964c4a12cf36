import { ConnectorError } from '../../src/core/errors.ts';

/** The code of the error that is thrown; `none`: nothing is. */
export function codeThrown(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    if (error instanceof ConnectorError) return error.code;
    throw error;
  }
}
