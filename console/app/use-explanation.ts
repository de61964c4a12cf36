import { useEffect, useState } from 'preact/hooks';
import type { ExplainAnswer, ExplainRequest } from './api-types.ts';
import { address, post } from './api.ts';

const typingMillis = 300;

export interface Explained {
  readonly answer: ExplainAnswer | undefined;
  readonly error: Error | undefined;
  readonly asking: boolean;
}

/** What would become of an event, asked again when the reader has stopped typing. */
export function useExplanation(request: ExplainRequest | undefined, identifiers: boolean): Explained {
  const [explained, setExplained] = useState<Explained>({ answer: undefined, error: undefined, asking: false });
  const asked = request === undefined ? undefined : JSON.stringify(request);
  useEffect(() => {
    if (asked === undefined) return undefined;
    let gone = false;
    setExplained((old) => ({ ...old, asking: true }));
    const timer = setTimeout(async () => {
      const path = address('/explain', { identifiers: identifiers ? 'true' : undefined });
      try {
        const answer = await post<ExplainAnswer>(path, JSON.parse(asked));
        if (!gone) setExplained({ answer, error: undefined, asking: false });
      } catch (error) {
        const failed = error instanceof Error ? error : new Error(String(error));
        if (!gone) setExplained({ answer: undefined, error: failed, asking: false });
      }
    }, typingMillis);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [asked, identifiers]);
  return explained;
}
