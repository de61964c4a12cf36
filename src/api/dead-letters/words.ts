import type { DeadLetter } from '../../core/dead-letter.ts';
import { graphErrorRow } from '../../meta/error-table.ts';
import { codeWords } from './code-words.ts';

/** Why a dead letter is there and what to do, for people. */
export interface DeadLetterWords {
  readonly title: string;
  readonly todo: string;
  /** What the code means. */
  readonly meaning?: string;
}

const byDefault = 'Look at the event and the mapping; when the cause is removed, replay it.';

export function wordsOf({ failure }: DeadLetter): DeadLetterWords {
  const { code, message, fix } = failure;
  const row = metaRow(code, message);
  const [meaning, todo] = row === undefined ? (codeWords.get(code) ?? []) : [row.meaning, row.fix];
  const title = row === undefined ? message : `Meta refused it: ${lowerFirst(row.name)}`;
  return { title, todo: fix ?? todo ?? byDefault, ...(meaning !== undefined && { meaning }) };
}

/** `META_100_2804003`: Meta's code and subcode. */
function metaRow(code: string, message: string) {
  const [, number, subcode] = /^META_(\d+)(?:_(\d+))?$/.exec(code) ?? [];
  if (number === undefined) return undefined;
  return graphErrorRow(Number(number), subcode === undefined ? undefined : Number(subcode), message);
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
