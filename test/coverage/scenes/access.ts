import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { changesIn, type Stage, token } from '../stage.ts';
import { members, order, person, type Scene, scene, shop } from './scene.ts';

interface Refusal {
  /** How Meta is told to refuse, and to take it again. */
  readonly refuse: (stage: Stage) => Promise<void>;
  readonly mend: (stage: Stage) => Promise<void>;
  readonly pixel?: true;
  readonly code: string;
  /** What the operator is told to do. */
  readonly advice: RegExp;
}

/** Meta refuses: the lane waits and says what to do, nothing is set aside, and once it is mended everything arrives. */
function refused({ refuse, mend, pixel, code, advice }: Refusal): Scene {
  return scene(async (stage) => {
    await refuse(stage);
    const [destination, records] = pixel === true ? [shop(), [order('1')]] : [members(), [person('u-1')]];
    const { blocked, letters, requests, clean, told } = await stage.send(destination, records, {
      mend: () => mend(stage),
    });
    expect(blocked).toMatchObject([{ code }]);
    expect(blocked[0]?.message).toMatch(advice);
    expect(told).toContainEqual(expect.objectContaining({ kind: 'lane_blocked' }));
    expect([letters, clean]).toEqual([[], true]);
    expect(changesIn({ requests }).at(-1)).toMatchObject({ status: 200 });
    if (pixel === true) expect(stage.sandbox.state.received('1')).toBe(1);
    else expect([...stage.sandbox.state.members('120')]).toEqual(['u-1']);
  });
}

const fault = (kind: string): Pick<Refusal, 'refuse' | 'mend'> => ({
  refuse: (stage) => stage.change('faults', { kind }),
  mend: (stage) => stage.mend(),
});
const account = (refuse: object, mend: object): Pick<Refusal, 'refuse' | 'mend'> => ({
  refuse: (stage) => stage.change('accounts/77', refuse),
  mend: (stage) => stage.change('accounts/77', mend),
});

export const access: Readonly<Record<string, Scene>> = {
  'no access to the pixel': refused({
    ...fault('permission'),
    pixel: true,
    code: 'META_200',
    advice: /access to the dataset or the ad account at https:\/\/business\.facebook\.com\/settings\/system-users/,
  }),
  'no access to the ad account': refused({
    ...account({ access: 'no_permission' }, { access: 'granted' }),
    code: 'META_200',
    advice: /for audiences the token needs ads_management/,
  }),
  'terms not accepted': refused({
    ...account({ terms: 'custom_audience' }, { terms: 'accepted' }),
    code: 'META_200_1870090',
    advice: /accept the terms at https:\/\/business\.facebook\.com\/ads\/manage\/customaudiences\/tos\/\?act=77/,
  }),
  'ad account without a business': refused({
    ...account({ in_business: false }, { in_business: true }),
    code: 'META_200_1870050',
    advice: /Add the ad account to a business at https:\/\/business\.facebook\.com/,
  }),
  'token refused': refused({
    ...fault('token_invalid'),
    code: 'META_190',
    advice: /Create a new system user token at https:\/\/business\.facebook\.com/,
  }),
  'audience not ready': refused({
    refuse: (stage) => stage.change('audiences/120', { flagged: true }),
    mend: (stage) => stage.change('audiences/120', { flagged: false }),
    code: 'AUDIENCE_FLAGGED',
    advice: /ask for a review, or name another audience/,
  }),
  'another token without a restart': scene(
    async (stage) => {
      const path = stage.file('token', token);
      const { blocked, letters, clean } = await stage.send(shop({ access_token: { $file: path } }), [order('1')], {
        mend: async () => writeFileSync(path, 'the-token-of-somebody-else'),
      });
      expect(blocked).toMatchObject([{ code: 'META_190' }]);
      expect([letters, clean]).toEqual([[], true]);
      expect(stage.sandbox.state.received('1')).toBe(1);
    },
    { tokens: ['the-token-of-somebody-else'] },
  ),
  'an audience of another kind': scene(
    async (stage) => {
      const { blocked } = await stage.send(members(), [person('u-1')]);
      expect(blocked).toMatchObject([{ code: 'AUDIENCE_NOT_A_CUSTOMER_LIST' }]);
      expect(blocked[0]?.message).toContain('Name an audience that was made from a customer list');
      expect(stage.sandbox.state.members('120').size).toBe(0);
    },
    { audiences: [{ id: '120', accountId: '77', name: 'Visitors', subtype: 'WEBSITE' }] },
  ),
};
