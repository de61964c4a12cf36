import { partitionKey } from '../../core/record.ts';
import type { AnswerOf } from '../server/handler.ts';
import type { Facts } from './facts.ts';
import type { State } from './state.ts';

type Member = AnswerOf<'members'>['members'][number];

/** This process, as the others of its group hear of it. */
export function memberOf(facts: Facts, state: State): Member {
  return {
    id: `${facts.host}-${process.pid}`,
    host: facts.host,
    // Several may run on one host.
    name: `${facts.host} (${process.pid})`,
    startedAt: facts.startedAt,
    version: facts.version,
    seenAt: facts.now(),
    destinations: facts.destinations().map(({ name }) => name),
    partitions: facts.partitions().map(partitionKey),
    state,
    self: true,
    ...(facts.opsUrl !== undefined && { url: facts.opsUrl }),
  };
}
