import type { DestinationDraft, Imported } from './draft.ts';
import { destinationName } from './draft.ts';
import type { ImportOptions } from './import-options.ts';
import type { InputDocument } from './input.ts';
import { createLedger } from './ledger.ts';
import { rudderAudience } from './rudderstack-audience.ts';
import { rudderConversions } from './rudderstack-conversions.ts';
import { rudderDestinations } from './rudderstack-resources.ts';
import { validMapping } from './valid-draft.ts';

const files = {
  conversions: 'facebook-conversions',
  pixel: 'facebook-pixel',
  audience: 'facebook-custom-audience',
} as const;

/** Destination files of a workspace's configuration of RudderStack, or of files of its command line tool. */
export function importRudderstack(documents: readonly InputDocument[], { actions }: ImportOptions): Imported {
  const ledgers = documents.map((document) => createLedger(document));
  const taken = new Set<string>();
  const destinations = rudderDestinations(ledgers).map((found): DestinationDraft => {
    const name = destinationName(found.name ?? files[found.kind], taken);
    const draft = found.kind === 'audience' ? rudderAudience(found, name) : rudderConversions(found, name);
    const subscriptions = draft.subscriptions.map((subscription) => {
      const action = actions.get(subscription.action);
      if (action === undefined) return subscription;
      return { ...subscription, mapping: validMapping(subscription.mapping, action, found.origins, found.ledger) };
    });
    return { ...draft, subscriptions };
  });
  return { destinations, entries: ledgers.flatMap((ledger) => ledger.entries()) };
}
