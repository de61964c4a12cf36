import { replaceError, replaceErrors } from './audience-errors.ts';
import type { GraphError } from '../graph/graph-errors.ts';
import { requestError } from '../graph/graph-errors.ts';
import type { NewSession, SessionBook, UploadSession } from './session-book.ts';
import type { SessionParameter } from './session-parameter.ts';

/** Why a batch can't belong to the session that it names; undefined when it can, or when it names none. */
export function sessionError(
  book: SessionBook,
  wanted: Omit<NewSession, 'id'>,
  session: SessionParameter | undefined,
): GraphError | undefined {
  const known = session === undefined ? undefined : book.find(wanted.accountId, session.id);
  if (known === undefined) return undefined;
  if (known.audienceId !== wanted.audienceId || known.operation !== wanted.operation) {
    return requestError('The session_id is used by another upload of this ad account');
  }
  return known.end === 'last_batch' ? replaceError(replaceErrors.finished) : undefined;
}

/** The session that the batch belongs to, new if need be. Without one of the client's, the call is a session. */
export function sessionOf(
  book: SessionBook,
  wanted: Omit<NewSession, 'id'>,
  session: SessionParameter | undefined,
): UploadSession {
  if (session === undefined) return book.start({ ...wanted, id: book.newId() });
  return book.find(wanted.accountId, session.id) ?? book.start({ ...wanted, id: session.id });
}

/** To be called when the batch was taken in. */
export function endSession(book: SessionBook, session: UploadSession, batch: SessionParameter | undefined): void {
  if ((batch === undefined || batch.last) && book.endOf(session) === undefined) book.finish(session);
}
