import { malformedAdvice, missingAdvice } from '../../explain/match-advice.ts';
import type { IdentifierCounts } from '../../observe/match-quality.ts';
import type { Facts } from './facts.ts';
import type { AnswerOf } from '../server/handler.ts';

/** How well the events since the start identify people, for the active subscriptions. */
export function coverageAnswer(facts: Facts): AnswerOf<'coverage'> {
  const destinations = facts.destinations();
  return {
    subscriptions: facts.matchQuality().flatMap(({ destination, subscription, events, fields }) => {
      const of = destinations
        .find(({ name }) => name === destination)
        ?.subscriptions.find(({ id }) => id === subscription);
      if (of === undefined) return [];
      const definitions = of.action.definition.fields;
      const keys = [...fields].map(([field, counts]) => {
        const { sent, malformed, missing } = sums(counts);
        const missingText = missing === 0 ? undefined : missingAdvice(field, definitions[field]);
        return {
          ...{ field, sent, missing, malformed },
          label: definitions[field]?.label ?? field,
          share: events === 0 ? 0 : sent / events,
          advice: [
            ...(missingText === undefined ? [] : [missingText]),
            ...(malformed === 0 ? [] : [malformedAdvice(field)]),
          ],
        };
      });
      return [{ destination, subscription, events, keys }];
    }),
  };
}

function sums({ hashed, passed, plain, unusable, junk, missing }: IdentifierCounts) {
  return { sent: hashed + passed + plain, malformed: unusable + junk, missing };
}
