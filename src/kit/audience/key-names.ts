import type { AudienceKey } from '../../core/audience.ts';
import { identifierField } from '../../identity/fields.ts';
import type { IdentifierField } from '../../identity/identifier-field.ts';
import { placeOf } from './column-values.ts';
import { columnsOfPerson } from './fields/audience-person.ts';

/** One identifier of a person: the audience column, and whose rule of the identity core it follows. */
export interface AudienceIdentifier {
  /** Its name here, as the action's fields spell it. */
  readonly name: string;
  readonly key: AudienceKey;
  /** The column's place in `audienceKeys`. */
  readonly place: number;
  /** A field of the identity core. */
  readonly rule: string;
  /** What the current rules say of it. */
  readonly field: IdentifierField;
}

/** Every column that says who a person is. */
export const audienceIdentifiers: readonly AudienceIdentifier[] = Object.entries(columnsOfPerson).map(
  ([name, column]) => ({ name, ...column, place: placeOf(column.key), field: identifierField(column.rule) }),
);
