import type { Delivery, FinalSink } from '../core/delivery.ts';
import { textOf } from '../core/encoded-body.ts';
import { ConnectorError } from '../core/errors.ts';
import { type FinalOutcome, rejected } from '../core/outcome.ts';

/**
 * Sends the rows of a replacement as one delivery, so that no sink behind this one can send a part of them: that would
 * replace the audience by the part. If Meta counts rows as invalid without naming them, all unnamed rows are sent once
 * more as additions, which finds the invalid ones and changes nothing for the others.
 */
export function allOrNothing(sink: FinalSink): FinalSink {
  return {
    send: async (deliveries, signal) => {
      const [first] = deliveries;
      if (first?.terms?.operation !== 'replace') return sink.send(deliveries, signal);
      const [outcome] = await sink.send([joined(deliveries, first)], signal);
      if (outcome === undefined)
        throw new ConnectorError('OUTCOME_COUNT', 'A sink answered no outcome for a delivery.');
      if (outcome.kind === 'rejected') return deliveries.map(() => outcome);
      const ends = deliveries.map((delivery) => outcomeOf(textOf(delivery), outcome));
      const unnamed = deliveries.filter((_, place) => ends[place]?.kind === 'delivered');
      if ((outcome.rows?.invalid ?? 0) <= deliveries.length - unnamed.length) return ends;
      const again = await sink.send(unnamed.map(asAddition), signal);
      let next = 0;
      return ends.map((end) => (end.kind === 'delivered' ? (again[next++] ?? end) : end));
    },
  };
}

function joined(deliveries: readonly Delivery[], first: Delivery): Delivery {
  const body = deliveries.map(textOf).join(',');
  const terms = first.terms === undefined ? {} : { terms: { ...first.terms, rows: deliveries.length } };
  return { ...first, ...terms, body, bytes: Buffer.byteLength(body) };
}

function outcomeOf(body: string, { rows }: Extract<FinalOutcome, { kind: 'delivered' }>): FinalOutcome {
  const failure = rows?.named.get(body);
  return failure === undefined ? { kind: 'delivered' } : rejected(failure);
}

function asAddition(delivery: Delivery): Delivery {
  return delivery.terms === undefined ? delivery : { ...delivery, terms: { ...delivery.terms, operation: 'add' } };
}
