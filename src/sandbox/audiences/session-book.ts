/** What a session does with its users. One session does one thing to one audience. */
export type SessionOperation = 'add' | 'remove' | 'replace';

/** An upload session, of the client's or made by the server for a call without one. */
export interface UploadSession {
  readonly id: string;
  readonly accountId: string;
  /** Empty where users are removed from every audience. */
  readonly audienceId: string;
  readonly operation: SessionOperation;
  /** Unix milliseconds, as `endedAt`. */
  readonly startedAt: number;
  endedAt?: number;
  end?: 'last_batch' | 'timed_out';
  received: number;
  invalid: number;
}

export type NewSession = Pick<UploadSession, 'id' | 'accountId' | 'audienceId' | 'operation'>;

/** Sessions by ad account and id; the newest are kept. */
export interface SessionBook {
  find(accountId: string, id: string): UploadSession | undefined;
  start(session: NewSession): UploadSession;
  /** The last batch of it has arrived. */
  finish(session: UploadSession): void;
  /** How the session ended; undefined while it is open. */
  endOf(session: UploadSession): UploadSession['end'];
  /** Oldest first. */
  ofAudience(audienceId: string): UploadSession[];
  /** An id that the server gives to a call without a session. */
  newId(): string;
  clear(): void;
}

/** Meta: Custom audiences, upload with sessions. */
const sessionMillis = 90 * 60_000;
const keptSessions = 10_000;
const firstServerId = 5_019_000_000_000_000n;

export function createSessionBook(now: () => number): SessionBook {
  const sessions = new Map<string, UploadSession>();
  let serverIds = 0n;

  /** A session without a last batch ends by itself; nobody watches, so it is seen when it is looked at. */
  function aged(session: UploadSession): UploadSession {
    if (session.endedAt === undefined && now() - session.startedAt > sessionMillis) {
      session.end = 'timed_out';
      session.endedAt = session.startedAt + sessionMillis;
    }
    return session;
  }

  return {
    find(accountId, id) {
      const session = sessions.get(`${accountId}:${id}`);
      return session === undefined ? undefined : aged(session);
    },
    start(identity) {
      const session: UploadSession = { ...identity, startedAt: now(), received: 0, invalid: 0 };
      sessions.set(`${identity.accountId}:${identity.id}`, session);
      const [oldest] = sessions.keys();
      if (sessions.size > keptSessions && oldest !== undefined) sessions.delete(oldest);
      return session;
    },
    finish(session) {
      session.end = 'last_batch';
      session.endedAt = now();
    },
    endOf: (session) => aged(session).end,
    ofAudience: (audienceId) => [...sessions.values()].filter((session) => session.audienceId === audienceId).map(aged),
    newId() {
      serverIds += 1n;
      return String(firstServerId + serverIds);
    },
    clear: () => sessions.clear(),
  };
}
