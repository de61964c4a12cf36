import type { AudienceStore } from './audience-store.ts';
import { businessUseCase, type UseCase } from '../graph/usage-headers.ts';

/** Calls about an ad account or an audience count for the account, all others for a business. */
export function useCaseOf(objectId: string, audiences: AudienceStore): UseCase {
  const account = /^act_(\d+)$/.exec(objectId)?.[1] ?? audiences.find(objectId)?.accountId;
  return account === undefined ? businessUseCase : { id: account, type: 'custom_audience' };
}
