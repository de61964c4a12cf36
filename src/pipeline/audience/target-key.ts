import type { AudienceTarget } from '../../core/audience.ts';

/** The same for the same audience, whichever destination asks for it; one that is named and one with an id are two. */
export function targetKey(target: AudienceTarget): string {
  return target.kind === 'id' ? `id\n${target.id}` : `name\n${target.adAccountId}\n${target.name}`;
}
