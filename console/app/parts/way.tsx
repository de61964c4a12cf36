import { Funnel } from '../../parts/funnel.tsx';
import { count, percent } from '../../lib/numbers.ts';
import type { Status } from '../api-types.ts';

/** Read, matched, accepted, set aside: where events went. */
export function Way({ flow, inFlight }: { readonly flow: Status['lastDay']; readonly inFlight: number }) {
  const { read, matched, delivered, skipped, setAside } = flow;
  return (
    <Funnel
      steps={[
        { name: 'Read', value: read, rest: `${count(skipped)} left out by a rule` },
        {
          name: 'Matched',
          value: matched,
          rest: inFlight === 0 ? 'nothing on its way' : `${count(inFlight)} on their way`,
        },
        {
          name: 'Accepted',
          value: delivered,
          rest: matched === 0 ? '' : `${percent(delivered / matched)} of what matched`,
        },
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
