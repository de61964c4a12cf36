/**
 * The key of what a record is to one subscription. Names of destinations hold no slash. Without a subscription it
 * stands for the record as such, which could not be decoded.
 */
export function subscriptionKey(destination = '', subscription = ''): string {
  if (destination === last.destination && subscription === last.subscription) return last.key;
  let ofDestination = names.get(destination);
  if (ofDestination === undefined) {
    ofDestination = new Map();
    names.set(destination, ofDestination);
  }
  let key = ofDestination.get(subscription);
  if (key === undefined) {
    key = `${destination}/${subscription}`;
    ofDestination.set(subscription, key);
  }
  last = { destination, subscription, key };
  return key;
}

/** The key that was asked for last is nearly always asked for again. */
let last = { destination: '', subscription: '', key: '/' };

/** One text for each subscription of the configuration: keys are compared for every delivery. */
const names = new Map<string, Map<string, string>>();
