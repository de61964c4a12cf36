import { Top } from '../../parts/top.tsx';
import type { Place } from '../../lib/router.ts';
import type { Status } from '../api-types.ts';

interface DestinationPageProps {
  readonly place: Place;
  readonly name: string;
  readonly status: Status | undefined;
}

export function DestinationPage({ name }: DestinationPageProps) {
  return <Top title={name}>{name}</Top>;
}
