import type { AudienceKey } from '../../core/audience.ts';

/** One identifier of a person: the audience column, and whose rule of the identity core it follows. */
export interface AudienceIdentifier {
  /** Its name here, as the action's fields spell it. */
  readonly name: string;
  readonly key: AudienceKey;
  /** A field of the identity core. */
  readonly rule: string;
}

/**
 * Every column that says who a person is. A page-scoped id and an app-scoped one are both ids that Meta made: the
 * rule is the same.
 */
export const audienceIdentifiers: readonly AudienceIdentifier[] = [
  { name: 'external_id', key: 'EXTERN_ID', rule: 'external_id' },
  { name: 'em', key: 'EMAIL', rule: 'em' },
  { name: 'ph', key: 'PHONE', rule: 'ph' },
  { name: 'madid', key: 'MADID', rule: 'madid' },
  { name: 'page_scoped_user_id', key: 'PAGEUID', rule: 'page_scoped_user_id' },
  { name: 'app_user_id', key: 'APPUID', rule: 'page_scoped_user_id' },
  { name: 'ln', key: 'LN', rule: 'ln' },
  { name: 'fn', key: 'FN', rule: 'fn' },
  { name: 'fi', key: 'FI', rule: 'fi' },
  { name: 'ge', key: 'GEN', rule: 'ge' },
  { name: 'doby', key: 'DOBY', rule: 'doby' },
  { name: 'dobm', key: 'DOBM', rule: 'dobm' },
  { name: 'dobd', key: 'DOBD', rule: 'dobd' },
  { name: 'ct', key: 'CT', rule: 'ct' },
  { name: 'st', key: 'ST', rule: 'st' },
  { name: 'zp', key: 'ZIP', rule: 'zp' },
  { name: 'country', key: 'COUNTRY', rule: 'country' },
];
