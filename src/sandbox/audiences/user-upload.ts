import type { JsonObject } from '../../core/json.ts';
import type { Audience } from './audience.ts';
import type { AudienceStore } from './audience-store.ts';
import { keyKind } from './member-keys.ts';
import type { MemberStore } from './member-store.ts';
import type { SandboxRules } from '../graph/options.ts';
import type { UploadSession } from './session-book.ts';
import type { UserPayload } from './user-payload.ts';
import { type JudgedRows, judgeRows } from './user-rows.ts';

/** Brings the rows of a request to the members of audiences. Rows are judged here, one by one. */
export interface UserUpload {
  /** `members`: those of the audience, or those that shall replace them. */
  add(audience: Audience, members: MemberStore, rows: JudgedRows): void;
  remove(audience: Audience, rows: JudgedRows): void;
  judge(payload: UserPayload, refused: Audience['refusedValues'], limit: number | undefined): JudgedRows;
  /** Counts the rows in their session and tells the client about it. */
  report(session: UploadSession, rows: JudgedRows): JsonObject;
}

export function createUserUpload(rules: SandboxRules, store: AudienceStore): UserUpload {
  /** An external id finds what it was uploaded with, as long as Meta knows; every other key finds itself. */
  function keysFound(accountId: string, keys: readonly string[]): readonly string[] {
    return keys.flatMap((key) =>
      keyKind(key) === 'EXTERN_ID' ? (store.externalIds(accountId).keysOf(key, rules.now()) ?? []) : [key],
    );
  }

  function touch(audience: Audience): void {
    const seconds = Math.floor(rules.now() / 1000);
    audience.timeContentUpdated = seconds;
    audience.timeUpdated = seconds;
  }

  return {
    judge: ({ rows, columns }, refused, limit) =>
      judgeRows(limit === undefined ? rows : rows.slice(0, limit), columns, refused),
    add(audience, members, { users }) {
      const ids = store.externalIds(audience.accountId);
      let room = store.room();
      for (const keys of users) {
        if (keys.length > room) {
          store.count({ rowsNotKept: 1 });
          continue;
        }
        room -= members.add(keys);
        const external = keys.find((key) => keyKind(key) === 'EXTERN_ID');
        if (external !== undefined) ids.note(external, keys, rules.now());
      }
      touch(audience);
    },
    remove(audience, { users }) {
      for (const keys of users) audience.members.remove(keysFound(audience.accountId, keys));
      touch(audience);
    },
    report(session, rows) {
      const received = rows.users.length + rows.invalid;
      session.received += received;
      session.invalid += rows.invalid;
      store.count({ rowsReceived: received, rowsInvalid: rows.invalid });
      return uploadAnswer(session, rows.samples);
    },
  };
}

/** The counts are those of the session so far, the samples those of the request. */
export function uploadAnswer(session: UploadSession, samples: Readonly<Record<string, string>>): JsonObject {
  const { id, accountId, audienceId, received, invalid } = session;
  return {
    ...(audienceId === '' ? { account_id: accountId } : { audience_id: audienceId }),
    session_id: id,
    num_received: received,
    num_invalid_entries: invalid,
    invalid_entry_samples: samples,
  };
}
