/*
 * Loaded into a connector (`--import`): SIGUSR2 sets its wall clock back by eight minutes, and the next one sets it right.
 */

const stepMillis = 8 * 60_000;
const realNow = Date.now;
const SystemDate = Date;
let setBy = 0;

class SteppedDate extends SystemDate {
  constructor(...given: [] | [string | number | Date]) {
    if (given.length === 0) super(realNow() + setBy);
    else super(...given);
  }
  static override now(): number {
    return realNow() + setBy;
  }
}

globalThis.Date = SteppedDate as DateConstructor;
process.on('SIGUSR2', () => {
  setBy = setBy === 0 ? -stepMillis : 0;
});
