import type { DestinationSettings } from '../core/settings.ts';
import type { ThrottleScope } from './error-row.ts';

/** The names under which lanes share a pause. */
export type ThrottleScopeNames = Readonly<Record<ThrottleScope, string>>;

/** What Meta calls the kind of a call, where it limits them by kind. */
export type UseCase = 'ads_management' | 'custom_audience';

/**
 * Lanes with the same token belong to the same app; its id is not known, but where the token comes from is. An ad
 * account is known by its id, else the dataset stands for it.
 */
export function throttleScopeNames(
  { accessToken, adAccountId, pixelId }: Pick<DestinationSettings, 'accessToken' | 'adAccountId' | 'pixelId'>,
  useCase: UseCase,
): ThrottleScopeNames {
  const account = adAccountId === undefined ? `dataset:${pixelId ?? accessToken.origin}` : `account:${adAccountId}`;
  return { app: `app:${accessToken.origin}`, account, useCase: `${account}/${useCase}` };
}
