import { describe, expect, it } from 'vitest';
import { needGroups, needsSentence } from '../../console/app/need-groups.ts';

function blocked(lane: string, waiting: number, cause = 'Meta does not accept the access token.') {
  return {
    ...{ id: `lane ${lane}`, state: 'blocked' as const, code: 'META_190', cause, fix: 'Create a new one.' },
    ...{ title: `${lane} is blocked.`, lane, waiting, destination: 'shop', actions: ['resume' as const] },
  };
}
const paused = {
  ...{ id: 'paused shop', state: 'paused' as const, title: 'shop is paused.', code: 'LANE_PAUSED' },
  cause: '',
  actions: [],
};
const warning = { ...paused, id: 'version shop', state: 'warning' as const, title: 'A version ends.' };

describe('what needs a person', () => {
  it('is one thing where one cause stops several lanes', () => {
    const groups = needGroups([blocked('shop', 11), blocked('audience 1', 3), blocked('audience 2', 0), paused]);
    expect(groups.map(({ title }) => title)).toEqual([
      'shop, audience 1 and audience 2 are blocked. Nothing is lost: 14 events wait.',
      'shop is paused.',
    ]);
    expect(groups[0]?.needs.map(({ lane }) => lane)).toEqual(['shop', 'audience 1', 'audience 2']);
  });

  it('names a few of many', () => {
    const [group] = needGroups(['a', 'b', 'c', 'd', 'e'].map((lane) => blocked(lane, 1)));
    expect(group?.title).toBe('a, b and 3 others are blocked. Nothing is lost: 5 events wait.');
  });

  it('stays apart where the causes differ', () => {
    expect(needGroups([blocked('shop', 1), blocked('crm', 1, 'Another.')])).toHaveLength(2);
  });

  it('is told in a sentence, but for what only should be looked at', () => {
    expect(needsSentence([warning])).toBeUndefined();
    expect(needsSentence([blocked('shop', 1), warning])).toBe('shop is blocked.');
    expect(needsSentence([blocked('shop', 1), paused])).toBe('shop is blocked. 1 more thing needs you.');
  });
});
