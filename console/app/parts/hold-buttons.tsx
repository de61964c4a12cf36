import { AskFirst } from '../../parts/ask-first.tsx';
import type { Destination } from '../api-types.ts';
import { at, post } from '../api.ts';

interface HoldButtonsProps {
  readonly destination: Destination;
  readonly changed: () => void;
}

/** Stops what is sent to a destination, and lets it go on. Its events wait meanwhile; none is lost. */
export function HoldButtons({ destination: { name, hold }, changed }: HoldButtonsProps) {
  const act = (what: 'pause' | 'drain' | 'resume') => async () => {
    await post(at('destinations', name, what));
    changed();
  };
  if (hold !== 'none')
    return (
      <AskFirst key="resume" name="Resume …" yes="Resume" act={act('resume')}>
        What waited is sent now, in its order.
      </AskFirst>
    );
  return (
    <>
      <AskFirst key="pause" name="Pause …" yes="Pause now" act={act('pause')}>
        Nothing more is sent to {name} until you resume it. Its events wait; nothing is lost.
      </AskFirst>
      <AskFirst key="drain" name="Drain …" yes="Drain" act={act('drain')}>
        What was taken so far is sent, then {name} pauses. Use it before you change something at Meta.
      </AskFirst>
    </>
  );
}
