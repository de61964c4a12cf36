import { describe, test } from 'vitest';
import { checkSent } from '../coverage/outcome.ts';
import { products } from '../coverage/products.ts';
import { runs } from '../coverage/runs.ts';
import { scenes } from '../coverage/scenes/scenes.ts';
import { type Proof, titleOf } from '../coverage/statement.ts';

/** What is needed by several statements happens once. */
const played = new Map<string, Promise<void>>();

function once(name: string, play: () => Promise<void>): Promise<void> {
  const known = played.get(name);
  if (known !== undefined) return known;
  const playing = play();
  played.set(name, playing);
  return playing;
}

async function prove(proof: Proof): Promise<void> {
  if ('not' in proof) return;
  if ('scenes' in proof) {
    for (const name of proof.scenes) await once(`scene ${name}`, named(scenes, name));
    return;
  }
  for (const name of proof.runs) await once(`run ${name}`, () => checkSent(named(runs, name)));
}

function named<T>(things: Readonly<Record<string, T>>, name: string): T {
  const found = things[name];
  if (found === undefined) throw new Error(`there is no "${name}"`);
  return found;
}

const statements = products.flatMap((product) =>
  product.statements.flatMap(([statement, , proof], index) =>
    'not' in proof ? [] : [{ title: titleOf(product, index), statement, proof }],
  ),
);

describe('what users of other products expect, from a record to Meta over HTTP', () => {
  test.each(statements)('$title: $statement', ({ proof }) => prove(proof));
});
