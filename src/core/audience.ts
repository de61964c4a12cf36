/** Columns of audience rows, in the order in which they are sent (Meta: custom audiences, users edge). */
export const audienceKeys = [
  'EXTERN_ID',
  'EMAIL',
  'PHONE',
  'MADID',
  'PAGEUID',
  'APPUID',
  'LN',
  'FN',
  'FI',
  'GEN',
  'DOBY',
  'DOBM',
  'DOBD',
  'CT',
  'ST',
  'ZIP',
  'COUNTRY',
  'LOOKALIKE_VALUE',
  'DATA_PROCESSING_OPTIONS',
  'DATA_PROCESSING_OPTIONS_COUNTRY',
  'DATA_PROCESSING_OPTIONS_STATE',
] as const;

export type AudienceKey = (typeof audienceKeys)[number];

/** The columns of which one alone tells who it is; the first that a person has is the key of the person here. */
export const identifyingKeys = [
  'EXTERN_ID',
  'EMAIL',
  'PHONE',
  'MADID',
  'PAGEUID',
  'APPUID',
] as const satisfies AudienceKey[];

/** Hashed or plain text, a number for the value and for places, a list for processing options. */
export type AudienceCell = string | number | readonly string[];

/** One person as Meta takes them; only the columns that they really have. */
export type AudienceRow = Readonly<Partial<Record<AudienceKey, AudienceCell>>>;

export type MembershipChange = 'add' | 'remove';

/** `replace`: the changes of one update are all who are to be in the audience. */
export type AudienceOperation = MembershipChange | 'replace';

/** One person's change of membership. */
export interface AudienceChange {
  readonly operation: AudienceOperation;
  /** Whose: changes of the same user cover each other. `EMAIL:…`, from the first identifying column. */
  readonly user: string;
  /** Every identifying value of the rows, each once: two users who share one may be one person. */
  readonly identifiers: readonly string[];
  /** One, or several where an identifier has several values. */
  readonly rows: readonly AudienceRow[];
  /** The place in a list of users (`userListAdd[2]`), for the dead letter. */
  readonly entry?: string;
}

/** How an audience is made that doesn't exist yet. */
export interface AudienceCreation {
  readonly customerFileSource: string;
  readonly description?: string;
  /** 1 to 180; absent: for ever. */
  readonly retentionDays?: number;
  readonly valueBased: boolean;
}

/** Which audience: its id, or its name in an ad account. */
export type AudienceTarget = {
  /** The id, or the ad account, is the event's own: where Meta doesn't know it, that is the event's fault. */
  readonly fromEvent?: true;
} & (
  | { readonly kind: 'id'; readonly id: string }
  | {
      readonly kind: 'name';
      readonly name: string;
      /** The name is the event's own. */
      readonly nameFromEvent?: true;
      /** With `act_`. */
      readonly adAccountId: string;
      /** Absent: an audience that isn't there is not made. */
      readonly create?: AudienceCreation;
    }
);

/** Events say which audience it is: of such there are without number. */
export function isNamedByEvents(target: AudienceTarget): boolean {
  return target.fromEvent === true || (target.kind === 'name' && target.nameFromEvent === true);
}

/** The same for the same audience, whichever destination asks for it; one that is named and one with an id are two. */
export function targetKey(target: AudienceTarget): string {
  const name = target.kind === 'id' ? target.id : target.name;
  const account = target.kind === 'id' ? undefined : target.adAccountId;
  if (name !== last.name || account !== last.account) {
    last = { name, account, key: account === undefined ? `id\n${name}` : `name\n${account}\n${name}` };
  }
  return last.key;
}

/** The audience that was asked for last is nearly always asked for again, and its key kept for each of many changes. */
let last: { readonly name: string; readonly account: string | undefined; readonly key: string } = {
  name: '',
  account: undefined,
  key: 'id\n',
};

/** What rows of one request share besides operation and columns. */
export interface AudienceRequestSettings {
  readonly pageIds?: readonly string[];
  readonly appIds?: readonly string[];
  readonly igAccountIds?: readonly string[];
  readonly raw?: boolean;
  /** Where the people come from, in Meta's words. */
  readonly dataSource?: { readonly type?: string; readonly sub_type?: string };
}

/** A session of the user's own numbering: its rows are one request, neither merged nor split. */
export interface AudienceSession {
  /** Digits of a positive int64. */
  readonly id: string;
  /** From 1. */
  readonly sequence: number;
  readonly last: boolean;
  /** Kept also when it has ended. Otherwise what comes after its end gets a session of the connector's. */
  readonly asGiven?: true;
}

/** Changes of one audience that one event asks for, in order. None: the audience is only to be there. */
export interface AudienceUpdate {
  readonly target: AudienceTarget;
  readonly settings: AudienceRequestSettings;
  readonly session?: AudienceSession;
  readonly changes: readonly AudienceChange[];
}

/** What a request of rows needs besides the rows; equal within a batch key. */
export interface AudienceRequestTerms {
  readonly audienceId: string;
  readonly operation: AudienceOperation;
  /** The columns of each row, in `audienceKeys`' order. */
  readonly schema: readonly AudienceKey[];
  readonly settings: AudienceRequestSettings;
  /** `rows`: how many belong to the session's request; a part of it that is sent again gets a session of its own. */
  readonly session?: AudienceSession & { readonly rows: number };
  /** The rows of a replacement, which are one delivery: a part of them must not replace the audience. */
  readonly rows?: number;
}

/** An audience that is there and takes rows. */
export interface ResolvedAudience {
  readonly id: string;
  /** Where it was looked for by its name, with `act_`. */
  readonly adAccountId?: string;
  /** Additions need a value. */
  readonly valueBased: boolean;
}
