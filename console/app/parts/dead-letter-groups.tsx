import { Data } from '../../parts/data.tsx';
import { Spark } from '../../parts/spark.tsx';
import { When } from '../../parts/when.tsx';
import { count } from '../../lib/numbers.ts';
import { type Place, withQuery } from '../../lib/router.ts';
import type { DeadLetterGroups as Groups } from '../api-types.ts';
import { firstSentence } from '../words.ts';

/** Why events were set aside: one row for each reason of a subscription. */
export function DeadLetterGroups({ groups, place }: { readonly groups: Groups['groups']; readonly place: Place }) {
  return (
    <table class="folds">
      <thead>
        <tr>
          <th>Why</th>
          <th>Where</th>
          <th>Last 24 h</th>
          <th class="number">Events</th>
          <th>Newest</th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ code, message, destination = '', subscription = '', hours, count: number, lastAt }) => (
          <tr key={`${code} ${destination} ${subscription}`} class="pick">
            <td>
              <a href={withQuery(place, { code, destination, subscription })} data-row>
                <Data text={firstSentence(message)} />
              </a>
              <code class="under">{code}</code>
            </td>
            <td>
              {destination === '' ? <span class="quiet">could not be read</span> : <Data text={destination} />}
              {subscription !== '' && (
                <span class="under">
                  <Data text={subscription} />
                </span>
              )}
            </td>
            <td class="shape">
              <Spark values={hours} label="Dead letters in each of the last 24 hours" />
            </td>
            <td class="number" data-label="events">
              {count(number)}
            </td>
            <td data-label="newest">
              <When at={lastAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
