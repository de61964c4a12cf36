import { type Handlers, isRefused } from '../../api/server/handler.ts';
import type { Run } from '../supervisor.ts';
import type { AnyWorker } from './any-worker.ts';

/** The workers of this run, then the other processes of the group. */
export function runMembers({ workers, known }: Run, any: AnyWorker): Handlers<'members'>['members'] {
  return async (call) => {
    const [answer] = await Promise.all([any.call('members', call), known.ask('facts')]);
    const own = workers().flatMap((worker) => {
      const member = worker.isSilent() ? undefined : known.facts(worker.number)?.member;
      return member === undefined ? [] : [{ ...member, name: `worker ${worker.number}, ${member.name}` }];
    });
    const ids = new Set(own.map(({ id }) => id));
    const { announced, members } = isRefused(answer) ? { announced: false, members: [] } : answer;
    return { announced, members: [...own, ...members.filter(({ id, self }) => !self && !ids.has(id))] };
  };
}
