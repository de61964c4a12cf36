import type { Gate } from './gate.ts';

/** How many single records in a row are refused with the same unknown code before the lane is taken to be at fault. */
const recordsInARow = 20;

/**
 * Decides whose fault an unknown code is: the record's, unless record after record is refused with it and the lane
 * delivers nothing.
 */
export interface UnknownCodes {
  /** The lane, not the record, is at fault for this code. */
  blamesLane(code: string): boolean;
  /** A record was refused for a known reason: the row is broken. */
  interrupt(): void;
  /** Follows the records of one call, whose rejection can still be taken back. */
  startCall(): SuspectRecords;
}

export interface SuspectRecords {
  /** A single record was refused with the code. */
  add(place: number, code: string): void;
  /** The call's records in the present row, in order. They are no longer suspects. */
  acquit(): readonly number[];
}

export function createUnknownCodes(gate: Pick<Gate, 'successes'>): UnknownCodes {
  let row: { readonly code: string; readonly successes: number; records: number } | undefined;

  function running(code: string) {
    return row?.code === code && row.successes === gate.successes() ? row : undefined;
  }

  return {
    blamesLane: (code) => (running(code)?.records ?? 0) >= recordsInARow,
    interrupt: () => {
      row = undefined;
    },
    startCall: () => {
      let heldIn: typeof row;
      let held: number[] = [];
      return {
        add: (place, code) => {
          row = running(code) ?? { code, successes: gate.successes(), records: 0 };
          row.records += 1;
          held = heldIn === row ? [...held, place] : [place];
          heldIn = row;
        },
        acquit: () => {
          const taken = heldIn === row ? held : [];
          held = [];
          return taken;
        },
      };
    },
  };
}
