import { surroundings } from './surroundings.ts';

/** SIGHUPs, which by default end a process. */
export interface HangUps {
  /** From now on each calls it; at once, if one has come before. */
  take(hear: () => Promise<unknown>): void;
}

/** From the call on none of them ends the process. */
export function hearHangUps(): HangUps {
  let missed = false;
  let hear: () => unknown = () => {
    missed = true;
  };
  if (surroundings().isOwnProcess) process.on('SIGHUP', () => void hear());
  return {
    take(given) {
      hear = given;
      if (missed) void given();
    },
  };
}
