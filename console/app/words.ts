/** Reader's words for codes and keys; the code itself stands behind them. */

/** `PURCHASE_CURRENCY_MISSING` → `Purchase currency missing`: what is said where there is no sentence. */
export function wordsOf(code: string): string {
  const words = code.replaceAll('_', ' ').toLowerCase();
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

const skipped: Readonly<Record<string, string>> = {
  trigger: 'matched no trigger',
  consent: 'without consent',
  integrations: 'switched off for this destination by the event',
  tombstone: 'empty records',
  sync_mode: 'not for this sync mode',
  no_membership: 'say nothing of a membership',
  event_not_mapped: 'named in no list',
  duplicate: 'came twice',
};

export function skippedWords(reason: string): string {
  return skipped[reason] ?? wordsOf(reason).toLowerCase();
}

/** Messages of ours begin small where they follow a name; here they stand by themselves. */
export function sentenceCase(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** The first sentence of a message without its stop: for lists. */
export function firstSentence(message: string): string {
  const [first = message] = message.split(/(?<=[^.]{12}[.:;])\s/, 1);
  return sentenceCase(first.replace(/[.:;]$/, ''));
}

export const outcomes: Readonly<
  Record<string, { readonly words: string; readonly state: 'well' | 'slowed' | 'blocked' | 'paused' }>
> = {
  sent: { words: 'sent', state: 'well' },
  rejected: { words: 'refused', state: 'blocked' },
  undecodable: { words: 'unreadable', state: 'blocked' },
  skipped: { words: 'left out', state: 'paused' },
  no_match: { words: 'no match', state: 'paused' },
};
