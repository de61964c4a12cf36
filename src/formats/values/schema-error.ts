import { ConnectorError } from '../../core/errors.ts';

/** The schema itself can't be used, for no record of it. The text ends "the schema …". */
export function schemaInvalid(what: string): ConnectorError {
  return new ConnectorError('SCHEMA_INVALID', `the schema ${what}`);
}

export function schemaCyclic(): ConnectorError {
  return new ConnectorError('SCHEMA_CYCLIC', 'the schema contains itself without an end');
}
