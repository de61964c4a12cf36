/**
 * Does only what can't be avoided: reads with kafkajs (or a file, by lines), parses, hashes the identifiers, builds the
 * body and sends it. It checks nothing, normalizes nothing, keeps nothing for a dead letter, commits nothing, retries
 * nothing, and loses what is in flight when it dies. The product is measured beside it.
 *
 *     FLOOR_SOURCE=kafka|file FLOOR_KIND=orders|members|taps SINK_URL=… node bench/floor.ts
 */
import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readTopic } from './harness/read-topic.ts';
import { createRequests } from './harness/requests.ts';

const setting = (name: string) => process.env[name] ?? '';
const kind = setting('FLOOR_KIND');

const sha256 = (text: string) => hash('sha256', text, 'hex');

/** As the events of the measurements are. */
interface Traits {
  readonly email: string;
  readonly phone: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly birthday: string;
  readonly address: {
    readonly city: string;
    readonly state: string;
    readonly postalCode: string;
    readonly country: string;
  };
}

interface Order {
  readonly type: string;
  readonly event: string;
  readonly messageId: string;
  readonly userId: string;
  readonly timestamp: string;
  readonly context: {
    readonly ip: string;
    readonly userAgent: string;
    readonly page: { readonly url: string; readonly referrer: string };
    readonly traits: Traits;
  };
  readonly properties: {
    readonly order_id: string;
    readonly total: number;
    readonly currency: string;
    readonly products: readonly { readonly product_id: string; readonly quantity: number; readonly price: number }[];
  };
}

interface Tap {
  readonly event: string;
  readonly userId: string;
  readonly messageId: string;
  readonly timestamp: number;
}

interface Member {
  readonly userId: string;
  readonly traits: Traits;
}

/** What Meta gets for an order. */
export function conversionOf(event: Order): object {
  const { context, properties } = event;
  const { traits } = context;
  const { address } = traits;
  const contents = properties.products.map(({ product_id: id, quantity, price }) => ({
    id,
    quantity,
    item_price: price,
  }));
  return {
    event_name: 'Purchase',
    event_time: Math.floor(Date.parse(event.timestamp) / 1000),
    event_id: event.messageId,
    action_source: 'website',
    event_source_url: context.page.url,
    referrer_url: context.page.referrer,
    user_data: {
      em: [sha256(traits.email)],
      ph: [sha256(traits.phone)],
      fn: [sha256(traits.firstName)],
      ln: [sha256(traits.lastName)],
      db: [sha256(traits.birthday)],
      ct: [sha256(address.city)],
      st: [sha256(address.state)],
      zp: [sha256(address.postalCode)],
      country: [sha256(address.country)],
      external_id: [sha256(event.userId)],
      client_ip_address: context.ip,
      client_user_agent: context.userAgent,
    },
    custom_data: {
      contents,
      content_ids: contents.map(({ id }) => id),
      content_type: 'product',
      num_items: contents.reduce((sum, { quantity }) => sum + quantity, 0),
      value: properties.total,
      currency: properties.currency,
      order_id: properties.order_id,
    },
  };
}

export function tapOf({ event, userId, messageId, timestamp }: Tap): object {
  return {
    event_name: event,
    event_time: timestamp,
    event_id: messageId,
    action_source: 'other',
    user_data: { external_id: [sha256(userId)] },
  };
}

export const memberColumns = [
  'EXTERN_ID',
  'EMAIL',
  'PHONE',
  'LN',
  'FN',
  'DOBY',
  'DOBM',
  'DOBD',
  'CT',
  'ST',
  'ZIP',
  'COUNTRY',
] as const;

/** A row of an audience. */
export function rowOf({ userId, traits }: Member): readonly string[] {
  const { address, birthday } = traits;
  return [
    userId,
    sha256(traits.email),
    sha256(traits.phone),
    sha256(traits.lastName),
    sha256(traits.firstName),
    sha256(birthday.slice(0, 4)),
    sha256(birthday.slice(5, 7)),
    sha256(birthday.slice(8)),
    sha256(address.city),
    sha256(address.state),
    sha256(address.postalCode),
    sha256(address.country),
  ];
}

async function main(): Promise<void> {
  const { add, room } = createRequests<unknown>({
    url: setting('SINK_URL'),
    path: kind === 'members' ? '/v26.0/120211/users' : '/v26.0/1234567890/events',
    perRequest: kind === 'members' ? 10_000 : 1_000,
    atOnce: kind === 'members' ? 1 : 4,
    bodyOf: (data) =>
      kind === 'members' ? `{"payload":{"schema":${schema},"data":${JSON.stringify(data)}}}` : JSON.stringify({ data }),
  });

  function take(value: Buffer | null): void {
    if (value === null) return;
    const event: unknown = JSON.parse(value.toString());
    if (kind === 'members') add(rowOf(event as Member));
    else add(kind === 'taps' ? tapOf(event as Tap) : conversionOf(event as Order));
  }

  if (setting('FLOOR_SOURCE') === 'file') await readFile(take, room);
  else await readTopic(take, room);
}

const schema = JSON.stringify(memberColumns);

async function readFile(take: (value: Buffer) => void, room: () => Promise<void>): Promise<void> {
  console.error('ready');
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(setting('FLOOR_FILE'), { highWaterMark: 256 * 1024 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      take(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    await room();
  }
}

if (import.meta.main) {
  process.once('SIGTERM', () => process.exit(0));
  await main();
}
