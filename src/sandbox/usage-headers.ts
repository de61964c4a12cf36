/** How much of the limits is used up, as the answers' headers tell it. */
export interface UsageLevel {
  readonly percent: number;
  /** Minutes until calls are allowed again; 0 while they are. */
  readonly regainMinutes: number;
}

/** A made-up business: Meta keys the business use case header by the id of an ad account or business. */
const sandboxBusinessId = '100000000000000';

/** The three usage headers, sent on success and failure alike. */
export function usageHeaders(usage: UsageLevel): Readonly<Record<string, string>> {
  const { percent, regainMinutes } = usage;
  const share = { call_count: percent, total_cputime: percent, total_time: percent };
  const useCase = {
    type: 'ads_management',
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
    'x-business-use-case-usage': JSON.stringify({ [sandboxBusinessId]: [useCase] }),
  };
}
