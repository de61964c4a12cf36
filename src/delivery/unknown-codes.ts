import type { Gate } from './gate.ts';

/** Single records in a row that met the same unknown code, until the lane is held to be at fault. */
const recordsInARow = 20;

/** Whose fault an unknown code is: the record's, unless record after record meets it and the lane delivers nothing. */
export interface UnknownCodes {
  /** The lane, not the record, is at fault for this code. */
  blamesLane(code: string): boolean;
  /** A record was refused for a reason that is known: the row is broken. */
  interrupt(): void;
  /** The records of one call, which can still be taken back. */
  startCall(): SuspectRecords;
}

export interface SuspectRecords {
  /** A single record met the code. */
  add(place: number, code: string): void;
  /** The records of the row that is going on, in order; they are no longer suspects. */
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
