import { useState } from 'preact/hooks';
import { Mark } from '../../parts/state.tsx';
import type { ExplainedDelivery, TestSent } from '../api-types.ts';
import { post } from '../api.ts';

interface SendTestProps {
  readonly delivery: ExplainedDelivery;
  /** Of the event. */
  readonly text: string;
}

/** Sends the event to the test events of the Events Manager, where somebody can look at it. Meta measures by it all the same. */
export function SendTest({ delivery: { destination, subscription }, text }: SendTestProps) {
  const [code, setCode] = useState('');
  const [outcome, setOutcome] = useState<{ readonly accepted: boolean; readonly message: string }>();
  const [sending, setSending] = useState(false);
  const send = async () => {
    setSending(true);
    try {
      setOutcome(
        await post<TestSent>('/test-events', {
          ...{ destination, subscription, testEventCode: code.trim() },
          event: JSON.parse(text) as unknown,
        }),
      );
    } catch (error) {
      setOutcome({ accepted: false, message: error instanceof Error ? error.message : String(error) });
    }
    setSending(false);
  };
  return (
    <form
      class="test"
      onSubmit={(submit) => {
        submit.preventDefault();
        void send();
      }}
    >
      <label>
        <span>Send it as a test event, with the code of the Events Manager</span>
        <input size={14} placeholder="TEST12345" value={code} onInput={(input) => setCode(input.currentTarget.value)} />
      </label>
      <button type="submit" disabled={sending || code.trim() === ''}>
        Send as test
      </button>
      <p role="status">
        {outcome !== undefined && (
          <>
            <Mark kind={outcome.accepted ? 'well' : 'blocked'} /> {outcome.message}
          </>
        )}
      </p>
    </form>
  );
}
