import { Data } from '../../parts/data.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Spark } from '../../parts/spark.tsx';
import { Mark } from '../../parts/state.tsx';
import { count, ratesAlike } from '../../lib/numbers.ts';
import type { Subscription } from '../api-types.ts';

/** What is sent, each with the trigger that selects it. */
export function SubscriptionTable({ subscriptions }: { readonly subscriptions: readonly Subscription[] }) {
  if (subscriptions.length === 0)
    return <Empty>The file of this destination has no subscription that is switched on.</Empty>;
  const rateOf = ratesAlike(subscriptions.map(({ rates }) => rates.delivered));
  return (
    <table class="folds">
      <thead>
        <tr>
          <th>Subscription</th>
          <th>Last 30 min</th>
          <th class="number">Now</th>
          <th class="number">Matched</th>
          <th class="number">Accepted</th>
          <th class="number">Set aside</th>
        </tr>
      </thead>
      <tbody>
        {subscriptions.map(
          ({ id, name, actionTitle, trigger, state, spark, rates, lastDay, destination, testMode }) => (
            <tr key={id}>
              <td>
                <Mark kind={state} /> <strong class="name">{<Data text={name} />}</strong>{' '}
                <span class="quiet">{actionTitle === name ? '' : actionTitle}</span>{' '}
                {testMode && <span class="tag test">test mode</span>}
                <code class="under">
                  <Data text={trigger} />
                </code>
              </td>
              <td class="shape">
                <Spark values={spark} label="Accepted by Meta a minute, in the last 30 minutes" />
              </td>
              <td class="number" data-label="now">
                {rateOf(rates.delivered)}
              </td>
              <td class="number" data-label="matched">
                {count(lastDay.matched)}
              </td>
              <td class="number" data-label="accepted">
                {count(lastDay.delivered)}
              </td>
              <td class="number" data-label="set aside">
                {lastDay.setAside === 0 ? (
                  0
                ) : (
                  <a href={`/dead-letters?${new URLSearchParams({ destination, subscription: id })}`}>
                    {count(lastDay.setAside)}
                  </a>
                )}
              </td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}
