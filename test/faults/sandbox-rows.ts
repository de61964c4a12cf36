import type { Row } from './row.ts';
import type { Scene } from './scene.ts';

interface Trouble {
  readonly name: string;
  /** How the sandbox misbehaves, beginning while events flow. */
  readonly fault?: Readonly<Record<string, unknown>>;
  readonly down?: number;
  /** Meta may have taken what the connector holds for failed: it is sent again, with the same event_id. */
  readonly ambiguous?: true;
  /** The connector doesn't wait long for an answer. */
  readonly hasty?: true;
  /** Nothing gets through for a while, or something doesn't. */
  readonly isOutage?: true;
  /** Takes long, and is left out of the short form. */
  readonly long?: true;
}

const troubles: readonly Trouble[] = [
  { name: 'is down for two seconds', down: 2, ambiguous: true, isOutage: true },
  { name: 'is slow', fault: { kind: 'latency', millis: 700, times: 8 } },
  { name: 'hangs', fault: { kind: 'hang', times: 2 }, hasty: true, isOutage: true },
  {
    name: 'hangs and takes the events after all',
    fault: { kind: 'hang_then_apply', millis: 4500, times: 2 },
    hasty: true,
    ambiguous: true,
    isOutage: true,
  },
  { name: 'resets before accepting', fault: { kind: 'reset_before', times: 3 } },
  { name: 'resets after accepting', fault: { kind: 'reset_after', times: 2 }, ambiguous: true },
  { name: 'cuts its answer off', fault: { kind: 'invalid_json', times: 2 }, ambiguous: true },
  { name: 'answers nothing', fault: { kind: 'empty_body', times: 2 }, ambiguous: true },
  { name: 'counts fewer events than it got', fault: { kind: 'events_received', value: 1, times: 1 }, ambiguous: true },
  // Meta names whole minutes.
  {
    name: 'throttles for a minute',
    fault: { kind: 'throttle', code: 80004, regainMinutes: 1, times: 1 },
    isOutage: true,
    long: true,
  },
  { name: 'says for a minute that the token has expired', fault: { kind: 'token_expired', seconds: 60 }, long: true },
  { name: 'says for 3 s that the token has expired', fault: { kind: 'token_expired', seconds: 3 }, isOutage: true },
  { name: 'answers with the HTML of a gateway', fault: { kind: 'html_502', times: 3 }, isOutage: true },
  { name: 'packs its answers, which nobody has asked for', fault: { kind: 'packed', encoding: 'br', times: 5 } },
  {
    name: 'is hidden by a log-in page',
    fault: { kind: 'status', status: 200, body: '<html>Log in</html>', times: 3 },
    isOutage: true,
  },
  {
    name: 'is hidden by a page with 400',
    fault: { kind: 'status', status: 400, body: '<html>No</html>', times: 3 },
    isOutage: true,
  },
  { name: 'is hidden by a redirect', fault: { kind: 'redirect', times: 3 }, isOutage: true },
  { name: 'answers 500', fault: { kind: 'error_500', times: 3 }, isOutage: true },
  { name: 'answers in another language', fault: { kind: 'localized', locale: 'da', times: 5 } },
];

/** Half of the records flow, the trouble begins with the second request, the other half comes. */
async function happen(scene: Scene, { fault, down }: Trouble): Promise<void> {
  if (fault !== undefined) await scene.fault({ ...fault, after: 1 });
  const half = scene.produce(scene.count / 2);
  if (down !== undefined) await scene.down(down);
  await half;
  await scene.meanwhile();
  await scene.produce(scene.count / 2);
}

function rowOf(trouble: Trouble, more: Partial<Row> = {}): Row {
  return {
    name: `Meta ${trouble.name}`,
    ...(trouble.isOutage && { isOutage: trouble.isOutage }),
    allowed: { repetitions: trouble.ambiguous ? 'ambiguous' : 'never' },
    async play(scene) {
      await scene.start();
      await happen(scene, trouble);
    },
    ...more,
  };
}

/** Over before a request that hangs is applied. */
const haste = { META_REQUEST_TIMEOUT_MS: '3000', META_REQUEST_ALIVE_MS: '6000' };

export const sandboxRows: readonly Row[] = troubles.map((trouble) =>
  rowOf(trouble, trouble.hasty === true ? { scene: { environment: haste } } : {}),
);

/** Commits come much faster than answers. */
export const slowRow: Row = {
  name: 'Meta takes a second for every answer',
  scene: { environment: { COMMIT_INTERVAL_MS: '100' } },
  async play(scene) {
    await scene.start();
    await scene.fault({ kind: 'latency', millis: 1000 });
    await scene.produce(scene.count);
  },
};

/** With one request at a time, the events of a user stay in order, whatever happens. */
export const orderedRow: Row = rowOf(
  {
    name: 'resets after accepting, one request at a time',
    ambiguous: true,
    fault: { kind: 'reset_after', probability: 0.2, times: 6 },
  },
  { scene: { environment: { REQUESTS_PER_LANE: '1' } }, allowed: { repetitions: 'ambiguous', inOrder: true } },
);

/** All short ones, one after another on one connector: for where it takes long to join a group. */
export const sandboxShortRow: Row = {
  name: 'Meta is down, slow, hangs, resets, talks nonsense',
  scene: { environment: haste },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    await scene.start();
    for (const trouble of troubles.filter(({ long }) => long !== true)) {
      await happen(scene, trouble);
      await scene.settled();
      await scene.fault();
    }
  },
};
