import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/**
 * A way to the Graph API under a port of its own, so that the API can tell who came (by the Host header), and a test can
 * keep a request or its answer on the way until it says so.
 */
export interface Doorway {
  readonly url: string;
  readonly host: string;
  /** Keeps what comes from now on. */
  hold(which: HoldOptions): Hold;
  /** So many of these have been answered by the API. */
  answered(matches: (passage: Passage) => boolean): number;
  close(): Promise<void>;
}

export interface Passage {
  readonly method: string;
  readonly path: string;
}

export interface HoldOptions {
  /** On the way there, or the answer on the way back. */
  readonly what: 'requests' | 'answers';
  /** Default: all. */
  readonly matches?: (passage: Passage) => boolean;
  /** Those after so many pass. Default: none does. */
  readonly times?: number;
}

export interface Hold {
  /** Kept now. */
  waiting(): number;
  /** Of those, whose sender waits no more. They go on all the same when they are let go. */
  givenUp(): number;
  /** Lets go of all, and keeps no more. Resolves when they have arrived. */
  release(): Promise<void>;
}

interface Kept {
  readonly isGivenUp: () => boolean;
  readonly go: () => void;
  readonly arrived: Promise<unknown>;
}

interface Gate extends Hold {
  takes(what: HoldOptions['what'], passage: Passage): boolean;
  keep(isGivenUp: () => boolean, arrived: Promise<unknown>): Promise<void>;
}

export async function openDoorway(to: string): Promise<Doorway> {
  const { hostname, port } = new URL(to);
  const agent = new Agent();
  const gates = new Set<Gate>();
  const passed: Passage[] = [];

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const passage = { method: incoming.method ?? '', path: (incoming.url ?? '').split('?')[0] ?? '' };
    const arrived = Promise.withResolvers<void>();
    const isGivenUp = () => outgoing.destroyed;
    const keptAt = async (what: HoldOptions['what']) => {
      const gate = [...gates].find((one) => one.takes(what, passage));
      await gate?.keep(isGivenUp, arrived.promise);
      return gate !== undefined;
    };
    try {
      const body = await bodyOf(incoming);
      const wasKept = await keptAt('requests');
      // What was kept arrives though nobody waits for it any more; what hangs at the API ends with its sender.
      const signal = wasKept ? undefined : endOf(outgoing);
      const answer = await forward(incoming, body, signal);
      const text = await bodyOf(answer);
      passed.push(passage);
      arrived.resolve();
      await keptAt('answers');
      if (!isGivenUp()) outgoing.writeHead(answer.statusCode ?? 500, answer.rawHeaders).end(text);
    } catch {
      // As the API does it: without an answer.
      incoming.socket.resetAndDestroy();
    } finally {
      arrived.resolve();
    }
  }

  function forward(incoming: IncomingMessage, body: Buffer, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { method, url, headers } = incoming;
      const options = { agent, hostname, port, method, path: url, headers, ...(signal !== undefined && { signal }) };
      request(options, resolve).on('error', reject).end(body);
    });
  }

  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  // The connector decides how long a connection lives.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url: `http://${host}`,
    host,
    hold(which) {
      const gate = gateOf(which);
      gates.add(gate);
      return gate;
    },
    answered: (matches) => passed.filter(matches).length,
    async close() {
      server.closeAllConnections();
      for (const gate of gates) void gate.release();
      await new Promise((closed) => server.close(closed));
      agent.destroy();
    },
  };
}

function gateOf({ what, matches = () => true, times = Number.POSITIVE_INFINITY }: HoldOptions): Gate {
  const kept = new Set<Kept>();
  let left = times;
  return {
    takes: (at, passage) => at === what && left > 0 && matches(passage),
    keep(isGivenUp, arrived) {
      left -= 1;
      return new Promise((go) => kept.add({ isGivenUp, go, arrived }));
    },
    waiting: () => kept.size,
    givenUp: () => [...kept].filter(({ isGivenUp }) => isGivenUp()).length,
    async release() {
      left = 0;
      const all = [...kept];
      kept.clear();
      for (const { go } of all) go();
      await Promise.all(all.map(({ arrived }) => arrived));
    },
  };
}

function endOf(outgoing: ServerResponse): AbortSignal {
  const ended = new AbortController();
  outgoing.once('close', () => outgoing.writableFinished || ended.abort());
  return ended.signal;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
