import { type AudienceChange, type AudienceKey, type AudienceRequestSettings, audienceKeys } from '../core/audience.ts';
import type { Failure } from '../core/outcome.ts';
import type { DestinationSettings } from '../core/settings.ts';
import type { PersonValues } from '../kit/audience/columns.ts';
import { identityOptions } from '../kit/audience/identity.ts';
import { memberOf } from '../kit/audience/member.ts';
import type { UserFile } from './user-file.ts';

/** How the people of a file become rows. */
export interface SnapshotOptions {
  readonly settings: DestinationSettings;
  /** Whose page-scoped or app-scoped ids the file has. */
  readonly request: AudienceRequestSettings;
  readonly valueBased: boolean;
  /** Unix milliseconds. */
  readonly now: number;
}

export interface ReplacePlan {
  /** Rows and lines of the file, the bad ones too. */
  readonly read: number;
  /** People who can be sent. */
  readonly users: number;
  /** Those who make the replacement, and those who are added behind it because they have no external id. */
  readonly replacing: PlannedRows;
  readonly adding: PlannedRows;
  readonly refused: readonly RefusedUsers[];
  /** Values that were left out, by field: junk such as `n/a`, and what can't be read as what it is. */
  readonly leftOut: ReadonlyMap<string, number>;
}

export interface PlannedRows {
  readonly rows: number;
  readonly schema: readonly AudienceKey[];
}

/** People who can't be sent, for one reason. */
export interface RefusedUsers {
  readonly code: string;
  readonly message: string;
  readonly count: number;
  /** Of the first of them. */
  readonly lines: readonly number[];
}

export type Snapshot = (person: PersonValues, leftOut?: (field: string) => void) => AudienceChange | Failure;

const maxLines = 10;

/** The one way in which somebody of a file becomes rows, the same each time that the file is read. */
export function snapshotOf({ settings, request, valueBased, now }: SnapshotOptions): Snapshot {
  return (person, leftOut) => {
    const { value: _, ...valueless } = person;
    return memberOf(
      valueBased ? person : valueless,
      {
        operation: 'replace',
        identity: identityOptions(person, { settings, now }),
        settings: request,
        valueBased,
        ...(leftOut !== undefined && {
          found({ junk, unusable }) {
            for (const field of new Set([...junk, ...unusable])) leftOut(field);
          },
        }),
      },
      settings,
    );
  };
}

/** Reads the whole file before anything is sent: what will be sent, with which columns, and what can't be. */
export async function planReplacement(
  file: UserFile,
  snapshot: Snapshot,
  bytes?: (read: number) => void,
): Promise<ReplacePlan> {
  const replacing = counter();
  const adding = counter();
  const refused = new Map<string, { code: string; message: string; count: number; lines: number[] }>();
  const leftOut = new Map<string, number>();
  let [read, users] = [0, 0];
  const countLeftOut = (field: string) => leftOut.set(field, (leftOut.get(field) ?? 0) + 1);

  for await (const portion of file.users(bytes)) {
    for (const user of portion) {
      read += 1;
      const change = 'failure' in user ? user.failure : snapshot(user.person, countLeftOut);
      if ('code' in change) refuse(refused, change, user.line);
      else {
        users += 1;
        for (const row of change.rows) (row.EXTERN_ID === undefined ? adding : replacing).take(row);
      }
    }
  }
  const none = { rows: 0, schema: [] };
  const split = replacing.planned().rows > 0;
  return {
    read,
    users,
    replacing: split ? replacing.planned() : adding.planned(),
    adding: split ? adding.planned() : none,
    refused: [...refused.values()].sort((a, b) => b.count - a.count),
    leftOut,
  };
}

function refuse(
  refused: Map<string, { code: string; message: string; count: number; lines: number[] }>,
  { code, message }: Failure,
  line: number,
): void {
  const known = refused.get(message) ?? { code, message, count: 0, lines: [] };
  refused.set(message, known);
  known.count += 1;
  if (known.lines.length < maxLines) known.lines.push(line);
}

function counter() {
  const keys = new Set<string>();
  let rows = 0;
  return {
    take(row: object) {
      rows += 1;
      for (const key in row) keys.add(key);
    },
    planned: (): PlannedRows => ({ rows, schema: audienceKeys.filter((key) => keys.has(key)) }),
  };
}
