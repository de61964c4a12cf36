import { createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createTopicByUse } from '../../../src/kafka/client/create-by-use.ts';
import { createPartitionProducer } from '../../../src/kafka/client/partition-producer.ts';

const topic = 'shop.parked.crm';
const key = { produce: 0, metadata: 3, apiVersions: 18 };
/** Errors of the protocol guide: the partition has another leader; a message, or a batch, is too large. */
const notLeader = 6;
const messageTooLarge = 10;
const recordListTooLarge = 18;

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const int = (bytes: 1 | 2 | 4 | 8, value: number) => {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 8) buffer.writeBigInt64BE(BigInt(value));
  else buffer.writeIntBE(value, 0, bytes);
  return buffer;
};
const text = (value: string) => Buffer.concat([int(2, value.length), Buffer.from(value)]);

/** A broker of one topic with one partition, which says of each write what it is told to. */
async function brokerOfOnePartition(answerToWrite: () => number) {
  const seen = { writes: 0, asksToCreate: new Set<boolean>() };
  let port = 0;
  const versions = [key.produce, 3, key.metadata, 4, key.apiVersions, 2];

  function answer(kind: number, frame: Buffer): Buffer {
    if (kind === key.apiVersions) {
      const known = [0, 2, 4].map((at) =>
        Buffer.concat([int(2, versions[at] ?? 0), int(2, 0), int(2, versions[at + 1] ?? 0)]),
      );
      return Buffer.concat([int(2, 0), int(4, known.length), ...known, int(4, 0)]);
    }
    if (kind === key.metadata) {
      seen.asksToCreate.add(frame.at(-1) === 1);
      const broker = [int(4, 1), int(4, 1), text('127.0.0.1'), int(4, port), int(2, -1)];
      const partition = [int(2, 0), int(4, 0), int(4, 1), int(4, 1), int(4, 1), int(4, 1), int(4, 1)];
      const described = [int(4, 1), int(2, 0), text(topic), int(1, 0), int(4, 1), ...partition];
      return Buffer.concat([int(4, 0), ...broker, int(2, -1), int(4, 1), ...described]);
    }
    seen.writes += 1;
    const taken = [int(4, 0), int(2, answerToWrite()), int(8, 41), int(8, -1)];
    return Buffer.concat([int(4, 1), text(topic), int(4, 1), ...taken, int(4, 0)]);
  }

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let waiting: Buffer = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      waiting = Buffer.concat([waiting, data]);
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE(0)) {
        const frame = waiting.subarray(4, 4 + waiting.readInt32BE(0));
        waiting = waiting.subarray(4 + frame.length);
        const body = answer(frame.readInt16BE(0), frame);
        socket.write(Buffer.concat([int(4, 4 + body.length), frame.subarray(4, 8), body]));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  open.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { connection: { brokers: [`127.0.0.1:${port}`], clientId: 'tests' }, seen };
}

const silent = () => undefined;
const messages = [{ key: null, value: Buffer.from('{}') }];

it('never asks for a topic that is gone to be made anew: that is for whoever prepares it', async () => {
  const { connection, seen } = await brokerOfOnePartition(() => 0);
  const producer = createPartitionProducer(connection, silent);
  await producer.connect();
  expect(await producer.send(topic, 0, messages)).toBe(42);
  await producer.disconnect();
  expect([...seen.asksToCreate]).toEqual([false]);
  await createTopicByUse(connection, topic, silent);
  expect([...seen.asksToCreate]).toEqual([false, true]);
});

it('what was refused is not sent again once nobody wants it', async () => {
  let isWanted = true;
  const { connection, seen } = await brokerOfOnePartition(() => {
    isWanted = false;
    return notLeader;
  });
  const producer = createPartitionProducer(connection, silent);
  await producer.connect();
  await expect(producer.send(topic, 0, messages, () => isWanted)).rejects.toThrow('not wanted any more');
  await producer.disconnect();
  expect(seen.writes).toBe(1);
});

it('of messages that are too large together the first are sent, and the others after them', async () => {
  const answers = [messageTooLarge, recordListTooLarge, 0];
  const { connection, seen } = await brokerOfOnePartition(() => answers.shift() ?? 0);
  const producer = createPartitionProducer(connection, silent);
  await producer.connect();
  const five = Array.from({ length: 5 }, () => messages).flat();
  expect(await producer.sendFirst(topic, 0, five, () => true)).toEqual({ count: 2, end: 43 });
  expect(seen.writes).toBe(3);
  // Of five, then three; the two others go by themselves.
  answers.push(messageTooLarge);
  await producer.sendAll(topic, 0, five);
  expect(seen.writes).toBe(6);
  answers.push(messageTooLarge);
  await expect(producer.sendFirst(topic, 0, messages, () => true)).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' });
  await producer.disconnect();
});
