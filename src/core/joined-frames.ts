/** The content of a batch from that of its compressed frames. Nearly always there is one, which isn't copied. */
export function joinedFrames(frames: readonly Buffer[]): Buffer {
  const [first, ...more] = frames;
  return first !== undefined && more.length === 0 ? first : Buffer.concat(frames);
}
