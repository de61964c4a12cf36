import { connect, createServer, type Socket } from 'node:net';

/** A broker's numbers for requests and answers (the protocol guide). */
const ofRequest = { produce: 0, listOffsets: 2, metadata: 3, offsetFetch: 9, findCoordinator: 10 };
const lengthBytes = 4;

export interface SettlingBroker {
  readonly brokers: readonly string[];
  /** The next answers of this kind carry this error, one after the other. */
  refuse(kind: Refusable, errors: readonly number[]): void;
  /** Answers of this kind so far. */
  answers(kind: Refusable): number;
  stop(): Promise<void>;
}

type Refusable = 'produce' | 'listOffsets' | 'offsetFetch';

/**
 * A way to the one broker at `address`, which changes what that answers: as if a partition or a group had no leader yet.
 * Of an answer to a produce request only the first partition is refused.
 */
export async function settlingBroker(address: string): Promise<SettlingBroker> {
  const [host = '', brokerPort = ''] = address.split(':');
  const errors = new Map<number, number[]>();
  const answered = new Map<number, number>();
  const sockets = new Set<Socket>();
  let ownPort = 0;

  function changed(frame: Buffer, kind: number | undefined): void {
    if (kind === ofRequest.metadata || kind === ofRequest.findCoordinator) {
      // Or the client would go to the broker itself from then on.
      replacePort(frame, Number(brokerPort), ownPort);
      return;
    }
    if (kind === undefined) return;
    answered.set(kind, (answered.get(kind) ?? 0) + 1);
    const error = errors.get(kind)?.shift();
    if (error === undefined) return;
    if (kind === ofRequest.produce) refuseFirstPartition(frame, error);
    else if (kind === ofRequest.offsetFetch) frame.writeInt16BE(error, frame.length - 2);
    else refusePartitions(frame, error);
  }

  const server = createServer((client) => {
    const broker = connect(Number(brokerPort), host);
    const kinds = new Map<number, number>();
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
    client.on(
      'data',
      frames((frame) => {
        kinds.set(frame.readInt32BE(lengthBytes + 4), frame.readInt16BE(lengthBytes));
        broker.write(frame);
      }),
    );
    broker.on(
      'data',
      frames((frame) => {
        changed(frame, kinds.get(frame.readInt32BE(lengthBytes)));
        client.write(frame);
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  ownPort = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  return {
    brokers: [`127.0.0.1:${ownPort}`],
    refuse: (kind, list) => void errors.set(ofRequest[kind], [...list]),
    answers: (kind) => answered.get(ofRequest[kind]) ?? 0,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whole messages out of what comes in pieces. */
function frames(take: (frame: Buffer) => void): (data: Buffer) => void {
  let waiting: Buffer = Buffer.alloc(0);
  return (data) => {
    waiting = Buffer.concat([waiting, data]);
    while (waiting.length >= lengthBytes) {
      const end = lengthBytes + waiting.readInt32BE(0);
      if (waiting.length < end) return;
      take(Buffer.from(waiting.subarray(0, end)));
      waiting = waiting.subarray(end);
    }
  };
}

function replacePort(frame: Buffer, from: number, to: number): void {
  const wanted = Buffer.alloc(4);
  wanted.writeInt32BE(from);
  for (let at = frame.indexOf(wanted); at !== -1; at = frame.indexOf(wanted, at + 4)) frame.writeInt32BE(to, at);
}

/** Produce: topics of a name and partitions of number and error, among others. */
function refuseFirstPartition(frame: Buffer, error: number): void {
  const name = lengthBytes + 4 + 4;
  frame.writeInt16BE(error, name + 2 + frame.readInt16BE(name) + 4 + 4);
}

/** ListOffsets from version 2 on: throttle time, topics of a name and partitions of number, error, time and offset. */
function refusePartitions(frame: Buffer, error: number): void {
  const partitionBytes = 22;
  let at = lengthBytes + 4 + 4;
  const topics = frame.readInt32BE(at);
  at += 4;
  for (let topic = 0; topic < topics; topic++) {
    at += 2 + frame.readInt16BE(at);
    const partitions = frame.readInt32BE(at);
    at += 4;
    for (let partition = 0; partition < partitions; partition++)
      frame.writeInt16BE(error, at + partition * partitionBytes + 4);
    at += partitions * partitionBytes;
  }
}
