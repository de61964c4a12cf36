import { useEffect, useState } from 'preact/hooks';
import type { ExplainAnswer, ExplainRequest } from './api-types.ts';
import { isPassing, passingMillis } from '../lib/request.ts';
import { address, post } from './api.ts';

const typingMillis = 300;

export interface Explained {
  readonly answer: ExplainAnswer | undefined;
  readonly error: Error | undefined;
}

/**
 * What would become of an event, asked again when the reader has stopped typing. The same request must be the same
 * object: an event has megabytes, and isn't compared at every keystroke.
 */
export function useExplanation(request: ExplainRequest, identifiers: boolean): Explained {
  const [explained, setExplained] = useState<Explained>({ answer: undefined, error: undefined });
  useEffect(() => {
    let gone = false;
    const attempt = async () => {
      const path = address('/explain', { identifiers: identifiers ? 'true' : undefined });
      try {
        const answer = await post<ExplainAnswer>(path, request);
        if (!gone) setExplained({ answer, error: undefined });
      } catch (error) {
        const failed = error instanceof Error ? error : new Error(String(error));
        if (gone) return;
        setExplained({ answer: undefined, error: failed });
        if (isPassing(error)) timer = setTimeout(() => void attempt(), passingMillis);
      }
    };
    let timer = setTimeout(() => void attempt(), typingMillis);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [request, identifiers]);
  return explained;
}
