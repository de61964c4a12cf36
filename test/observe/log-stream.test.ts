import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createLogStream } from '../../src/observe/log-stream.ts';

/** Keeps what is written as unread for as long as nobody reads. */
function pipe() {
  const written: string[] = [];
  const events = new EventEmitter();
  const outlet = {
    writableLength: 0,
    write(text: string) {
      written.push(text);
      outlet.writableLength += text.length;
    },
    on: (event: 'error', listener: () => void) => events.on(event, listener),
  };
  return { outlet, written, events };
}

test('lines that nobody reads are left out when a megabyte waits, and counted when somebody reads again', () => {
  const { outlet, written } = pipe();
  const stream = createLogStream(outlet, (lines) => `${lines} left out`);
  const line = 'x'.repeat(100_000);
  for (let count = 0; count < 20; count++) stream.write(line);
  expect(written).toHaveLength(11);
  outlet.writableLength = 0;
  stream.write('now');
  stream.write('then');
  expect(written.slice(11)).toEqual(['9 left out', 'now', 'then']);
});

test('a reader that has gone throws nothing', () => {
  const { outlet, events } = pipe();
  for (let connectors = 0; connectors < 3; connectors += 1) createLogStream(outlet, String);
  expect(events.listenerCount('error')).toBe(1);
  expect(() => events.emit('error', new Error('EPIPE'))).not.toThrow();
});
