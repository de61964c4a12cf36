/** What somebody has written into the topic of the members. Anybody may: it is to be taken with caution. */
export interface HeardMessage {
  readonly key: string;
  /** Null: the member has gone. */
  readonly value: Buffer | null;
  /** Unix milliseconds, as its writer says. */
  readonly at: number;
}

/** Where the processes of a group tell of themselves. */
export interface MembersTopic {
  /** Value null: it goes. Rejects with a `ConnectorError`. */
  tell(key: string, value: string | null): Promise<void>;
  /** What was written since the last call, the newest of it; at the first call what is there. Rejects with a `ConnectorError`. */
  heard(): Promise<readonly HeardMessage[]>;
  close(): Promise<void>;
}
