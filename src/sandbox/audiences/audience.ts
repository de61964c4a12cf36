import type { AudienceProperties } from '../graph/options.ts';
import type { Terms } from './ad-accounts.ts';
import { createMemberStore, type MemberStore } from './member-store.ts';
import type { UploadSession } from './session-book.ts';

/** A replacement of all users under way. */
export interface Replacement {
  readonly session: UploadSession;
  /** The keys of the first batch, which every batch must have. */
  readonly schema: string;
  readonly estimatedTotal: number | undefined;
  readonly members: MemberStore;
}

export interface Audience extends AudienceProperties {
  readonly timeCreated: number;
  timeUpdated: number;
  timeContentUpdated: number;
  /** 200 normal, 414 replacement under way, 415 replacement failed, 471 flagged. */
  operationStatus: number;
  /** Undefined: it follows from status and size. */
  deliveryStatus: number | undefined;
  /** Undefined: the number of members. */
  approximateCount: number | undefined;
  /** How users came first: rows with a list as their schema, or bare values. */
  dataSource: 'ANYTHING' | 'MULTI_HASHES' | 'HASHES_OR_USER_IDS';
  terms: Terms | undefined;
  shared: boolean;
  /** Whoever it is shared with may change who is in it. */
  editable: boolean;
  deleted: boolean;
  /** Values that make a row invalid, with the reason. */
  refusedValues: ReadonlyMap<string, string>;
  members: MemberStore;
  replacement: Replacement | undefined;
  /** Batches that came after their session had timed out. */
  discardedBatches: number;
}

export const normalStatus = 200;
export const replacingStatus = 414;
export const replaceFailedStatus = 415;
export const flaggedStatus = 471;

export function newAudience(properties: AudienceProperties, nowMillis: number): Audience {
  const seconds = Math.floor(nowMillis / 1000);
  return {
    ...properties,
    timeCreated: seconds,
    timeUpdated: seconds,
    timeContentUpdated: seconds,
    operationStatus: normalStatus,
    deliveryStatus: undefined,
    approximateCount: undefined,
    dataSource: 'ANYTHING',
    terms: undefined,
    shared: true,
    editable: true,
    deleted: false,
    refusedValues: new Map(),
    members: createMemberStore(),
    replacement: undefined,
    discardedBatches: 0,
  };
}

/** How many people the audience has, as far as its fields tell. */
export function audienceSize({ approximateCount, members }: Audience): number {
  return approximateCount ?? members.size();
}
