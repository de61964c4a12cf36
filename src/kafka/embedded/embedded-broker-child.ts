/**
 * The process that holds the mock cluster: `node embedded-broker-child.ts MODULE BROKERS`. The native client logs the
 * bootstrap servers to stdout at info level. It lives as long as its parent: a closed stdin ends it.
 */
import { argv, exit, stdin } from 'node:process';
import { pathToFileURL } from 'node:url';

interface Client {
  createProducer(configuration: object): unknown;
}

const [, , modulePath = '', brokers = '1'] = argv;
const { KafkaClient } = (await import(pathToFileURL(modulePath).href)) as {
  KafkaClient: new (options: object) => Client;
};
const client = new KafkaClient({
  brokers: '127.0.0.1:1',
  clientId: 'embedded-broker',
  logLevel: 'info',
  configuration: { 'test.mock.num.brokers': brokers },
});
// Held, because the cluster lives as long as the client that created it.
const producer = client.createProducer({});
stdin.on('end', () => exit(0));
stdin.on('error', () => exit(0));
stdin.resume();
setInterval(() => producer, 60_000);
