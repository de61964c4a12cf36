/**
 * The published Segment action as a program: what it makes of the orders of a topic goes to the sink. The action sends each
 * event in a request of its own; with SEGMENT_PER_REQUEST=1000 what it would send is put together into requests as large as
 * the product's. It reads as the floor does, and keeps no promise: no commits, retries or dead letters.
 *
 *     SEGMENT_PER_REQUEST=1|1000 KAFKA_BROKERS=… KAFKA_TOPICS=… KAFKA_GROUP_ID=… SINK_URL=… node bench/peers/segment-program.ts
 */
import { readTopic } from '../harness/read-topic.ts';
import { createRequests } from '../harness/requests.ts';
import { segmentPackages } from '../parity/segment-packages.ts';
import { createSegmentRunner } from './segment-runner.ts';

const setting = (name: string) => process.env[name] ?? '';
const start = '{"data":[';
const end = ']}';

process.once('SIGTERM', () => process.exit(0));
const perRequest = Number(setting('SEGMENT_PER_REQUEST'));
const requests = createRequests<string>({
  url: setting('SINK_URL'),
  path: '/v26.0/1234567890/events',
  perRequest,
  atOnce: perRequest === 1 ? 16 : 4,
  bodyOf: (events) => `${start}${events.join(',')}${end}`,
});
const run = createSegmentRunner(await segmentPackages(), (body) => {
  if (!body.startsWith(start) || !body.endsWith(end)) throw new Error('the action sends something else than events');
  requests.add(body.slice(start.length, -end.length));
});
let underWay: Promise<unknown>[] = [];
await readTopic(
  (value) => {
    if (value !== null) underWay.push(run(JSON.parse(value.toString()) as object));
  },
  async () => {
    const all = underWay;
    underWay = [];
    await Promise.all(all);
    await requests.room();
  },
);
