const second = 1_000;
const hour = 3_600 * second;

/** The upper bounds of the classes that delays are counted in; one more class holds what is above them. */
export const delayClassesMillis: readonly number[] = [
  second / 2,
  second,
  2 * second,
  5 * second,
  10 * second,
  30 * second,
  60 * second,
  300 * second,
  900 * second,
  hour,
  6 * hour,
  24 * hour,
  7 * 24 * hour,
];
