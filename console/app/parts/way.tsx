import { Funnel } from '../../parts/funnel.tsx';
import { count, percent } from '../../lib/numbers.ts';
import type { Status } from '../api-types.ts';

/** Read, matched, sent, accepted, set aside: where events went. */
export function Way({ flow, inFlight }: { readonly flow: Status['lastDay']; readonly inFlight: number }) {
  const { read, matched, sent, delivered, skipped, setAside } = flow;
  return (
    <Funnel
      steps={[
        { name: 'Read', value: read, rest: inFlight === 0 ? 'all settled' : `${count(inFlight)} on their way` },
        { name: 'Matched', value: matched, rest: `${count(skipped)} left out by a rule` },
        { name: 'Sent', value: sent, rest: shareOf(matched, sent, 'of what matched') },
        { name: 'Accepted', value: delivered, rest: shareOf(sent, delivered, 'of what was sent') },
        {
          name: 'Set aside',
          value: setAside,
          lost: true,
          rest: setAside === 0 ? 'nothing' : <a href="/dead-letters">see why</a>,
        },
      ]}
    />
  );
}

/** Nothing where it is more than the whole: one event of a list changes many people. */
function shareOf(whole: number, part: number, words: string): string {
  return whole === 0 || part > whole ? '' : `${percent(part / whole)} ${words}`;
}
