/** Bytes that a line of text stands for, if it is base64; whatever doesn't look like it is what it is, such as JSON. */
export function valueOfLine(line: Buffer): Buffer {
  const text = line.toString('latin1').trim();
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : line;
}
