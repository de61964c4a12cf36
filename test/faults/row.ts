import { type Allowed, check, type Findings } from './checker.ts';
import type { FaultBroker } from './fault-broker.ts';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

/** One line of the fault matrix: what happens, and what may come of it. */
export interface Row {
  readonly name: string;
  /** How many it needs. Default: one. */
  readonly brokers?: number;
  readonly allowed?: Partial<Allowed>;
  readonly scene?: Omit<SceneOptions, 'broker' | 'count' | 'program' | 'strikeMillis'>;
  /** It calls `scene.meanwhile` while something is away. */
  readonly isOutage?: true;
  /** Starts connectors, produces `scene.count` records, and makes the trouble. */
  play(scene: Scene): Promise<void>;
}

export interface RowResult extends Findings {
  readonly name: string;
  readonly requests: number;
  readonly seconds: number;
  /** Figures of a row of its own kind. */
  readonly notes?: readonly string[];
}

export interface RunOptions {
  readonly broker: FaultBroker;
  readonly count: number;
  readonly program?: string;
  /** How long all may take to settle once the trouble is over. */
  readonly settleMillis?: number;
  /** How long to wait for what a bug does. */
  readonly strikeMillis?: number;
}

const strict: Allowed = { repetitions: 'never', inOrder: false };

const meanwhiles = {
  restart: 'restarted meanwhile',
  join: 'joined by another one meanwhile',
} as const;

/** The row, and if something is away in it, the same with what people and orchestrators do then. */
export function variantsOf(row: Row): readonly Row[] {
  if (row.isOutage !== true) return [row];
  const others = (['restart', 'join'] as const).map(
    (meanwhile): Row => ({
      ...row,
      name: `${row.name}; ${meanwhiles[meanwhile]}`,
      // What was on its way is sent again by who has the partition next.
      allowed: { ...row.allowed, repetitions: 'ambiguous' },
      scene: { ...row.scene, meanwhile },
    }),
  );
  return [row, ...others];
}

/** Plays the row and holds what happened against the promise. */
export async function runRow(row: Row, options: RunOptions): Promise<RowResult> {
  const { settleMillis, ...given } = options;
  const startedAt = Date.now();
  const scene = await openScene({ ...row.scene, ...given });
  const problems: string[] = [];
  try {
    try {
      await row.play(scene);
      await scene.settled(settleMillis);
      const exits = await scene.stop();
      if (exits.some((code) => code !== 0 && code !== null)) problems.push(`connectors ended with ${exits.join(', ')}`);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
    const evidence = await scene.evidence();
    const findings = check(evidence, { ...strict, ...row.allowed });
    return {
      ...findings,
      name: row.name,
      requests: scene.requests(),
      seconds: (Date.now() - startedAt) / 1000,
      problems: [...problems, ...findings.problems],
    };
  } finally {
    await scene.close();
  }
}
