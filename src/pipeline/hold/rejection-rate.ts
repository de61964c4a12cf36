import type { RejectionRateSettings } from '../../core/settings.ts';

/** So many outcomes in a row are judged together. */
export const rememberedOutcomes = 1_000;

/** Where the destination doesn't set `fuse`. */
export const defaultRejectionRate: RejectionRateSettings = { share: 0.5, minimum: 200 };

/**
 * Notices when a subscription is rejected so often that the fault is hardly the records'. Then they should wait for a
 * person instead of ending as dead letters overnight.
 *
 * Outcomes stand in the order in which they were decided on. What is to be sent counts as good, in its position, until Meta
 * refuses it: otherwise rejections, which are known sooner, would outrun the good ones that they stand among.
 */
export interface RejectionRate {
  /** One more outcome. True: this one exceeded the limit. */
  observe(rejected: boolean): boolean;
  /** The position of the outcome that was observed last. */
  latest(): number;
  /** The one at this position counted as good, and was refused after all. True: this one exceeded the limit. */
  refuse(position: number): boolean;
  /** The limit was exceeded since the last reset. */
  isExceeded(): boolean;
  /** Of those in a row that exceeded the limit, else of the latest. */
  counts(): { readonly outcomes: number; readonly rejected: number };
  /** Forgets everything. */
  reset(): void;
}

const blockSize = 20;
const blocksInRow = rememberedOutcomes / blockSize;
/** Room for more than can be on its way at once, of small events. */
const keptBlocks = 2 ** 15;
/** Of the first 20,000 outcomes: there may be hundreds of subscriptions, of which most have few. */
const firstBlocks = 2 ** 10;

export function createRejectionRate({ share, minimum }: RejectionRateSettings): RejectionRate {
  /** Rejections, by block of outcomes. */
  let blocks = new Uint8Array(firstBlocks);
  let outcomes = 0;
  let exceeded: number | undefined;

  const newestBlock = () => Math.floor((outcomes - 1) / blockSize);
  const rejectedIn = (block: number) => blocks[block % keptBlocks] ?? 0;

  function beginBlock(): void {
    const block = newestBlock();
    if (block >= blocks.length && blocks.length < keptBlocks) {
      const larger = new Uint8Array(blocks.length * 2);
      larger.set(blocks);
      blocks = larger;
    }
    blocks[block % keptBlocks] = 0;
  }

  function rejectedFrom(block: number): number {
    let sum = 0;
    for (let each = block; each < block + blocksInRow && each <= newestBlock(); each++) sum += rejectedIn(each);
    return sum;
  }

  const latestRow = () => Math.max(0, newestBlock() - blocksInRow + 1);

  /** Judges each row of outcomes in which the block stands. */
  function exceeds(block: number): boolean {
    if (exceeded !== undefined) return false;
    const limit = Math.max(minimum, share * Math.min(outcomes, rememberedOutcomes));
    const first = Math.max(0, block - blocksInRow + 1, newestBlock() - keptBlocks + 1);
    let rejected = rejectedFrom(first);
    for (let row = first; row <= block && row <= latestRow(); row++) {
      if (rejected >= limit) {
        exceeded = rejected;
        return true;
      }
      const next = row + blocksInRow;
      rejected += (next <= newestBlock() ? rejectedIn(next) : 0) - rejectedIn(row);
    }
    return false;
  }

  function reject(position: number): boolean {
    const block = Math.floor(position / blockSize);
    const count = rejectedIn(block);
    if (block <= newestBlock() - keptBlocks || count === blockSize) return false;
    blocks[block % keptBlocks] = count + 1;
    return exceeds(block);
  }

  return {
    observe(rejected) {
      outcomes += 1;
      if ((outcomes - 1) % blockSize === 0) beginBlock();
      return rejected && reject(outcomes - 1);
    },
    latest: () => outcomes - 1,
    refuse: reject,
    isExceeded: () => exceeded !== undefined,
    counts: () => ({
      outcomes: Math.min(outcomes, rememberedOutcomes),
      rejected: exceeded ?? rejectedFrom(latestRow()),
    }),
    reset() {
      outcomes = 0;
      exceeded = undefined;
    },
  };
}
