/** What `bench/loop-meter.js` has seen. */
export interface LoopFigures {
  readonly gcMillis: number;
  readonly longestGcMillis: number;
  readonly longestPauseMillis: number;
  /** The main thread's processor time in the turns that took most of it: other programs don't add to it, as they do to the clock's. */
  readonly longestTurnCpuMillis: number;
  readonly pausesOver50Millis: number;
}
