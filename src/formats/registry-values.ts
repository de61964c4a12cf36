import { ConnectorError } from '../core/errors.ts';
import type { Failure } from '../core/outcome.ts';
import type { ReadValue } from '../core/value-reading.ts';
import type { Framed } from './framing.ts';
import type { SchemaReader } from './load-schema.ts';
import type { SchemaId } from './registry/registered-schema.ts';
import type { Schemas } from './schemas.ts';

type Read = Exclude<ReadValue, { kind: 'json' }>;

/** Reads what names its schema. The schema was fetched before. */
export interface RegistryValues {
  /** @param subject As the registry names it unless it was told otherwise; nobody asks it for more. */
  read(bytes: Buffer, frame: Framed, format: SchemaReader['format'] | 'auto', subject: string): ReadValue;
}

export function createRegistryValues(schemas: Schemas | undefined): RegistryValues {
  return {
    read(bytes, frame, format, subject) {
      const schema = schemas?.known(frame.id);
      if (schema === undefined)
        throw new ConnectorError('SCHEMA_NOT_FETCHED', 'a record is read before its schema is there');
      if (schema.kind === 'unknown') {
        const failure = { code: 'SCHEMA_UNKNOWN', message: 'the registry does not know the schema of the record' };
        return failedBy(failure, frame.id, subject);
      }
      if (schema.kind === 'invalid') return failedBy(schema.failure, frame.id, subject);
      const { reader } = schema;
      if (format !== 'auto' && reader.format !== format) {
        const message = `the schema is ${reader.format}, and sources.json says ${format}`;
        return failedBy({ code: 'SCHEMA_MISMATCH', message }, frame.id, subject);
      }
      try {
        return reader.read(bytes, frame);
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error;
        return failedBy({ code: error.code, message: error.message }, frame.id, subject);
      }
    },
  };
}

function failedBy(failure: Failure, { kind, value }: SchemaId, subject: string): Read {
  const message = `${failure.message} (schema ${kind} ${value}, subject ${subject})`;
  return { kind: 'failed', failure: { ...failure, message } };
}
