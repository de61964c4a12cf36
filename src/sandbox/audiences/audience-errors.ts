import { type GraphError, requestError } from '../graph/graph-errors.ts';

function coded(code: number, message: string, subcode?: number): GraphError {
  const error: GraphError = { status: 400, type: 'OAuthException', code, message };
  return subcode === undefined ? error : { ...error, subcode, validation: true };
}

/** Terms of custom audiences (Meta: Custom audiences, terms of service). */
export function audienceTermsNotAccepted(): GraphError {
  return coded(200, 'Permissions error', 1870090);
}

/** An older variant of the same, without title and subcode. */
export function websiteTermsNotAccepted(accountId: string): GraphError {
  const page = `https://www.facebook.com/customaudiences/app/tos/?act=${accountId}`;
  return coded(2663, `(#2663) Terms of service has not been accepted. To accept, go to ${page}`);
}

export function accountWithoutBusiness(): GraphError {
  return coded(200, 'Permissions error', 1870050);
}

export function developmentAccess(): GraphError {
  return coded(270, '(#270) This Ads API request is not allowed for apps with development access');
}

/** 471: the audience was flagged. */
export function uploadBlocked(): GraphError {
  return coded(100, 'Invalid parameter', 1713230);
}

export function audienceNotShared(): GraphError {
  return coded(100, 'Invalid parameter', 1487301);
}

export function audienceDeleted(): GraphError {
  return coded(100, 'Invalid parameter', 1487366);
}

/** No list of customers, or no right to write to it. */
export function audienceNotWritable(): GraphError {
  return coded(2654, '(#2654) Failed to edit the custom audience', 1713092);
}

export function tooManyAudiences(): GraphError {
  return coded(2654, '(#2654) Failed to create the custom audience: there are too many in this ad account');
}

/** Recorded for 30,000 rows. */
export function tooManyRows(): GraphError {
  return { ...coded(1, 'An unknown error occurred'), status: 500, subcode: 99 };
}

export function tooMuchData(): GraphError {
  return { ...coded(1, "Please reduce the amount of data you're asking for, then retry your request"), status: 500 };
}

export function valueRequired(): GraphError {
  return requestError('Value-Based Custom Audience requires LOOKALIKE_VALUE attribute.');
}

/** 2650 without a subcode. */
export function updateFailed(reason: string): GraphError {
  return coded(2650, `(#2650) Failed to update the custom audience: ${reason}`);
}

/** The subcodes of 2650 (Meta: Replace users). */
export const replaceErrors = {
  tooLarge: 1870144,
  inProgress: 1870145,
  firstBatchMissing: 1870147,
  timedOut: 1870158,
  finished: 1870159,
} as const;

export function replaceError(subcode: (typeof replaceErrors)[keyof typeof replaceErrors]): GraphError {
  return coded(2650, '(#2650) Failed to update the custom audience', subcode);
}
