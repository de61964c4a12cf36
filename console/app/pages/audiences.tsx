import { Top } from '../../parts/top.tsx';

export function AudiencesPage({ id }: { readonly id: string | undefined }) {
  return <Top title="Audiences">{id ?? 'Audiences'}</Top>;
}
