import { Data } from '../../parts/data.tsx';
import { Mark } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import type { Members } from '../api-types.ts';

/** The processes that share the topics, each with its own figures: this page tells of one of them. */
export function MemberTable({ members: { announced, members } }: { readonly members: Members }) {
  if (!announced) return null;
  return (
    <section aria-label="Members of the group">
      <h2>Members of the group</h2>
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
                {self && <span class="quiet"> this page</span>}
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
      {members.length > 1 && (
        <p class="quiet small note">These pages tell of this process; the others have pages of their own.</p>
      )}
    </section>
  );
}

const states = { well: 'Well', slowed: 'Slowed', paused: 'Paused', blocked: 'Blocked' } as const;
