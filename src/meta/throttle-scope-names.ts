import type { DestinationSettings } from '../core/settings.ts';
import type { ThrottleScope } from './error-row.ts';

/** The names under which lanes share a pause. */
export type ThrottleScopeNames = Readonly<Record<ThrottleScope, string>>;

/**
 * Lanes with the same token belong to the same app; its id is not known, but where the token comes from is. An ad
 * account is known by its id, else the dataset stands for it.
 */
export function throttleScopeNames(
  settings: Pick<DestinationSettings, 'accessToken' | 'adAccountId' | 'pixelId'>,
): ThrottleScopeNames {
  return {
    app: `app:${settings.accessToken.origin}`,
    account:
      settings.adAccountId === undefined ? `dataset:${settings.pixelId ?? ''}` : `account:${settings.adAccountId}`,
  };
}
