import { Advice } from '../../parts/advice.tsx';
import { Data } from '../../parts/data.tsx';
import { Mark, type StateKind } from '../../parts/state.tsx';
import type { Explanation } from '../api-types.ts';
import { skippedWords } from '../words.ts';
import { Explained } from './explained.tsx';
import { SendTest } from './send-test.tsx';
import { TriggerTree } from './trigger-tree.tsx';

interface ResultsProps {
  readonly explanation: Explanation;
  /** The event as text, where the page has it: then it can be sent as a test. */
  readonly text: string | undefined;
}

/** What each subscription makes of an event, those first that send it. */
export function Results({ explanation, text }: ResultsProps) {
  const { deliveries, skipped, error } = explanation;
  return (
    <>
      {error !== undefined && (
        <p class="refusal">
          <Mark kind="blocked" /> <Data text={error.message} />
          {error.fix !== undefined && (
            <span class="under">
              <Advice text={error.fix} />
            </span>
          )}
        </p>
      )}
      {deliveries.map((delivery) => (
        <Result
          key={`${delivery.destination} ${delivery.subscription}`}
          names={delivery}
          kind={delivery.status === 'ready' ? 'well' : 'blocked'}
          words={delivery.status === 'ready' ? 'would be sent' : 'would be refused'}
          open
        >
          {delivery.trigger !== undefined && (
            <details class="trigger">
              <summary>Why it was selected</summary>
              <TriggerTree tree={delivery.trigger} />
            </details>
          )}
          <Explained delivery={delivery} />
          {delivery.status === 'ready' && text !== undefined && <SendTest delivery={delivery} text={text} />}
        </Result>
      ))}
      {skipped.map(({ destination, subscription, reason, trigger }) => (
        <Result
          key={`${destination} ${subscription}`}
          names={{ destination, subscription }}
          kind="paused"
          words={skippedWords(reason)}
          open={deliveries.length === 0 && skipped.length < 3}
        >
          {trigger === undefined ? <p class="quiet">Nothing more is known.</p> : <TriggerTree tree={trigger} />}
        </Result>
      ))}
    </>
  );
}

interface ResultProps {
  readonly names: { readonly destination: string; readonly subscription: string };
  readonly kind: StateKind;
  readonly words: string;
  readonly open: boolean;
  readonly children: preact.ComponentChildren;
}

function Result({ names, kind, words, open, children }: ResultProps) {
  return (
    <details class="result" open={open}>
      <summary data-row>
        <Mark kind={kind} />{' '}
        <span class="quiet">
          <Data text={names.destination} /> /
        </span>{' '}
        <strong>
          <Data text={names.subscription} />
        </strong>{' '}
        <span class="words">{words}</span>
      </summary>
      <div class="inner">{children}</div>
    </details>
  );
}
