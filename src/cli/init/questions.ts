import { createInterface } from 'node:readline/promises';
import { ConnectorError } from '../../core/errors.ts';

export interface Questions {
  /** What is typed, or the default for an empty line; again until `check` has nothing to say. */
  ask(question: string, fallback: string, check?: (answer: string) => string | undefined): Promise<string>;
  close(): void;
}

/** Asks in a terminal. */
export function createQuestions(streams: {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}): Questions {
  const lines = createInterface(streams);
  return {
    async ask(question, fallback, check = () => undefined) {
      for (;;) {
        const typed = (
          await lines.question(`${question}${fallback === '' ? '' : ` [${fallback}]`}: `).catch(givenUp)
        ).trim();
        const answer = typed === '' ? fallback : typed;
        const problem = check(answer);
        if (problem === undefined) return answer;
        streams.output.write(`  ${problem}\n`);
      }
    },
    close: () => lines.close(),
  };
}

/** By Ctrl-C or Ctrl-D. */
function givenUp(): never {
  throw new ConnectorError('CANCELLED', 'nothing was written');
}
