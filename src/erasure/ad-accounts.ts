import { type Destination, feedsAudiences, type Subscription } from '../core/subscription.ts';
import { accountOf } from '../kit/audience/target.ts';

/** An ad account to erase people from. */
export interface ErasedAccount {
  /** With `act_`. */
  readonly adAccountId: string;
  /** Whose token is used: the first that names it. */
  readonly caller: Destination;
  /** All that name it: each reads people in its own way, and may have added them so. */
  readonly destinations: readonly Destination[];
}

/** The ad accounts that the mappings name, in settings or as the `ad_account_id` of a subscription; each once. */
export function adAccountsOf(destinations: readonly Destination[]): readonly ErasedAccount[] {
  const found = new Map<string, Destination[]>();
  for (const destination of destinations) {
    for (const adAccountId of namedBy(destination)) {
      const known = found.get(adAccountId);
      if (known === undefined) found.set(adAccountId, [destination]);
      else known.push(destination);
    }
  }
  return [...found].flatMap(([adAccountId, of]) => {
    const [first] = of;
    if (first === undefined) return [];
    return [{ adAccountId, caller: { ...first, settings: { ...first.settings, adAccountId } }, destinations: of }];
  });
}

/** Whether people are added to audiences of which nobody can say where they are. */
export function isWithoutAccount({ settings, subscriptions }: Destination): boolean {
  return (
    settings.adAccountId === undefined &&
    subscriptions.some((subscription) => feedsAudiences(subscription) && constantAccount(subscription) === undefined)
  );
}

function namedBy({ settings, subscriptions }: Destination): ReadonlySet<string> {
  const constants = subscriptions.filter(feedsAudiences).map(constantAccount);
  return new Set([settings.adAccountId, ...constants].filter((id) => id !== undefined));
}

/** What the mapping itself says; one that an event brings is known to nobody here. */
function constantAccount({ fixedFields }: Subscription): string | undefined {
  const given = fixedFields?.['ad_account_id'];
  const id = typeof given === 'string' || typeof given === 'number' ? accountOf(String(given)) : undefined;
  return id === 'invalid' ? undefined : id;
}
