import { Data } from '../../parts/data.tsx';
import { Mark } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import type { Members } from '../api-types.ts';

interface MemberTableProps {
  readonly members: Members;
  /** These pages tell of all workers of a run, which are members each. */
  readonly workers: boolean;
}

/** The processes that share the topics. These pages tell of one of them, or of the workers of one run. */
export function MemberTable({ members: { announced, members }, workers }: MemberTableProps) {
  if (!announced && !workers) return null;
  const title = announced ? 'Members of the group' : 'Workers';
  const others = members.some(({ self }) => !self);
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <table class="folds">
        <thead>
          <tr>
            <th>Member</th>
            <th>How it is</th>
            <th class="number">Partitions</th>
            <th>Started</th>
            <th>Heard of</th>
            <th>Version</th>
          </tr>
        </thead>
        <tbody>
          {members.map(({ id, name, url, self, state, partitions, startedAt, seenAt, version }) => (
            <tr key={id}>
              <td title={id}>
                {url === undefined || self ? <Data text={name} /> : <a href={url}>{name}</a>}
                {self && others && <span class="quiet"> this page</span>}
              </td>
              <td>
                <Mark kind={state} /> {states[state]}
              </td>
              <td class="number" data-label="partitions" title={partitions.join(', ')}>
                {partitions.length}
              </td>
              <td data-label="started">
                <When at={startedAt} />
              </td>
              <td data-label="heard of">
                <When at={seenAt} />
              </td>
              <td data-label="version">{version}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {others && (
        <p class="quiet small note">
          These pages tell of {workers ? 'the workers of this run' : 'this process'}; the others have pages of their
          own.
        </p>
      )}
    </section>
  );
}

const states = { well: 'Well', slowed: 'Slowed', paused: 'Paused', blocked: 'Blocked' } as const;
