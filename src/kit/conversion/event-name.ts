import type { Warning } from '../../core/action.ts';

/** Meta Pixel reference: standard events, PageView, and MobileAppInstall of app events. Case matters. */
const standardNames = [
  'AddPaymentInfo',
  'AddToCart',
  'AddToWishlist',
  'CompleteRegistration',
  'Contact',
  'CustomizeProduct',
  'Donate',
  'FindLocation',
  'InitiateCheckout',
  'Lead',
  'MobileAppInstall',
  'PageView',
  'Purchase',
  'Schedule',
  'Search',
  'StartTrial',
  'SubmitApplication',
  'Subscribe',
  'ViewContent',
] as const;

const standard: ReadonlySet<string> = new Set(standardNames);
const byLowerCase: ReadonlyMap<string, string> = new Map(standardNames.map((name) => [name.toLowerCase(), name]));

/** A warning for a name that is a standard one but for its case or blanks around it: Meta takes it as a custom event. */
export function nameWarning(name: string): Warning | undefined {
  if (standard.has(name)) return undefined;
  const meant = byLowerCase.get(name.trim().toLowerCase());
  if (meant === undefined) return undefined;
  const message = `The case of a name counts, and so do blanks: this is a custom event to Meta, not the standard event ${meant}.`;
  return { code: 'EVENT_NAME_CASE', field: 'event_name', message };
}
