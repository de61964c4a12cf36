import type { ProbedEvent } from './probe.ts';

/**
 * Names that teams give to events of the Segment spec, by the name of the sample event, in lower case and without
 * anything but letters: `order_completed`, `Order completed` and `orderCompleted` are the same.
 */
const spellings: Readonly<Record<string, readonly string[]>> = {
  'Order Completed':
    'ordercompleted completedorder orderplaced placedorder orderpaid ordersubmitted ordercreated purchase purchased purchasecompleted completedpurchase purchasemade checkoutcompleted transaction transactioncompleted'.split(
      ' ',
    ),
  'Checkout Started':
    'checkoutstarted startedcheckout checkoutbegan begincheckout initiatecheckout startcheckout'.split(' '),
  'Payment Info Entered': 'paymentinfoentered addpaymentinfo paymentinfoadded paymentadded'.split(' '),
  'Product Added':
    'productadded addedproduct addtocart addedtocart productaddedtocart itemaddedtocart itemadded addedtobasket addtobasket'.split(
      ' ',
    ),
  'Product Added to Wishlist': 'productaddedtowishlist addtowishlist addedtowishlist wishlistadded'.split(' '),
  'Product Viewed':
    'productviewed viewedproduct viewproduct productview viewcontent contentviewed viewitem itemviewed vieweditem productdetailviewed'.split(
      ' ',
    ),
  'Product List Viewed':
    'productlistviewed viewitemlist categoryviewed viewedcategory collectionviewed viewedcollection'.split(' '),
  'Products Searched':
    'productssearched productsearched search searched sitesearch productsearch searchperformed submittedsearch'.split(
      ' ',
    ),
  'Signed Up':
    'signedup signup usersignedup register registered userregistered registrationcompleted completeregistration accountcreated createdaccount'.split(
      ' ',
    ),
  'Trial Started': 'trialstarted startedtrial starttrial freetrialstarted'.split(' '),
  'Subscription Started': 'subscriptionstarted startedsubscription subscriptioncreated subscribe subscribed'.split(' '),
  'Lead Created': 'leadcreated lead newlead generatelead leadsubmitted leadgenerated'.split(' '),
  Page: 'pageview pageviewed viewedpage pagevisited loadedapage'.split(' '),
};

/** Letters, and what stands between words. Anything else, such as a number, may be somebody's, and is written nowhere. */
const plainName = /^[A-Za-z][A-Za-z _.:/-]{0,59}$/;

/** Other names of events of the spec among these events, by the name of the sample. */
export function otherNames(events: readonly ProbedEvent[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { type, name } of events) {
    if (type !== 'track' || typeof name !== 'string' || !plainName.test(name)) continue;
    const sample = sampleOf(name);
    if (sample === undefined || sample === name) continue;
    found.set(sample, (found.get(sample) ?? new Set()).add(name));
  }
  return new Map([...found].map(([sample, names]) => [sample, [...names].sort()]));
}

function sampleOf(name: string): string | undefined {
  const letters = name.toLowerCase().replaceAll(/[ _.:/-]/g, '');
  return Object.keys(spellings).find((sample) => spellings[sample]?.includes(letters));
}

/** A trigger that these names meet as well. */
export function triggerWith(trigger: string, names: readonly string[]): string {
  const [, only] = /^type = "track" and event = ("(?:[^"\\]|\\.)*")$/.exec(trigger) ?? [];
  const quoted = names.map((name) => JSON.stringify(name));
  if (only !== undefined) return `type = "track" and event in [${[only, ...quoted].join(', ')}]`;
  return `(${trigger}) or (type = "track" and event in [${quoted.join(', ')}])`;
}
