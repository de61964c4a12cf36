import type { FastifyReply } from 'fastify';

/** Somebody who reads a stream of Server-Sent Events. */
export interface StreamReader {
  /** False: the reader has gone, or doesn't read and was dropped. */
  send(event: string, data: unknown): boolean;
}

/** Takes a reader on; the returned function is called once when it has gone. */
export type Subscribe = (reader: StreamReader) => () => void;

/** What may wait to be read before a reader is dropped. */
const mostWaitingBytes = 256 * 1024;
const aliveMillis = 15_000;

/** Answers with a stream that lasts until one of both sides ends it. */
export function openStream(reply: FastifyReply, subscribe: Subscribe): void {
  const { raw } = reply;
  reply.hijack();
  // Gone before it could be taken on: nothing would tell that it has.
  if (raw.destroyed) return;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Readonly<Record<string, string>>),
    'content-type': 'text/event-stream; charset=utf-8',
    // A proxy must not wait for more.
    'x-accel-buffering': 'no',
  });
  raw.write(': open\n\n');

  function write(text: string): boolean {
    if (raw.destroyed || raw.writableEnded) return false;
    if (raw.writableLength > mostWaitingBytes) {
      raw.destroy();
      return false;
    }
    raw.write(text);
    return true;
  }

  const left = subscribe({ send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`) });
  const timer = setInterval(() => write(': alive\n\n'), aliveMillis);
  timer.unref();
  raw.once('close', () => {
    clearInterval(timer);
    left();
  });
}
