/** How much of the limits is used up, as the answers' headers tell it. */
export interface UsageLevel {
  readonly percent: number;
  /** Minutes until calls are allowed again; 0 while they are. */
  readonly regainMinutes: number;
}

/** Whose limit the business use case header tells about: an ad account or a business, and a kind of calls. */
export interface UseCase {
  readonly id: string;
  readonly type: 'ads_management' | 'custom_audience';
}

/** For calls without a known ad account: an invented business. */
export const businessUseCase: UseCase = { id: '100000000000000', type: 'ads_management' };

/** The three usage headers, sent on success and failure alike. */
export function usageHeaders(usage: UsageLevel, { id, type }: UseCase): Readonly<Record<string, string>> {
  const { percent, regainMinutes } = usage;
  const share = { call_count: percent, total_cputime: percent, total_time: percent };
  const useCase = {
    type,
    ...share,
    estimated_time_to_regain_access: regainMinutes,
    ads_api_access_tier: 'standard_access',
  };
  return {
    'x-app-usage': JSON.stringify(share),
    'x-ad-account-usage': JSON.stringify({
      acc_id_util_pct: percent,
      reset_time_duration: regainMinutes * 60,
      ads_api_access_tier: 'standard_access',
    }),
    'x-business-use-case-usage': JSON.stringify({ [id]: [useCase] }),
  };
}
