import { Data } from '../parts/data.tsx';
import { Mark } from '../parts/state.tsx';
import type { Members, Status } from './api-types.ts';

const targets = { meta: 'Sends to Meta', sandbox: 'Sends to the sandbox', other: 'Sends to another address' };

interface FootProps {
  readonly status: Status;
  readonly members: Members | undefined;
}

/** Which member of the group this page tells of, and who the others are: in the rail, and on a phone below the page. */
export function Foot({ status: { target, member, build }, members }: FootProps) {
  const others = members?.members.filter(({ self }) => !self) ?? [];
  return (
    <div class="foot">
      <span title={target.url}>{targets[target.kind]}</span>
      <span title={member.id}>
        <Data text={member.name} />, version {build.version}
      </span>
      {others.map(({ id, name, url, state }) => (
        <span key={id} title={id}>
          <Mark kind={state} /> {url === undefined ? <Data text={name} /> : <a href={url}>{name}</a>}
        </span>
      ))}
    </div>
  );
}
