import { createInterface } from 'node:readline/promises';

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
        const typed = (await lines.question(`${question}${fallback === '' ? '' : ` [${fallback}]`}: `)).trim();
        const answer = typed === '' ? fallback : typed;
        const problem = check(answer);
        if (problem === undefined) return answer;
        streams.output.write(`  ${problem}\n`);
      }
    },
    close: () => lines.close(),
  };
}
