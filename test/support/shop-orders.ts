import avro from 'avsc';
import protobuf from 'protobufjs';

/** An order of the shop, written in three ways by writers of two versions. */
export interface ShopOrder {
  readonly json: Buffer;
  readonly avro: Buffer;
  readonly protobuf: Buffer;
}

const item = { product_id: 'string', quantity: 'int', price: 'double' };
const fieldsOf = (types: Readonly<Record<string, unknown>>) =>
  Object.entries(types).map(([name, type]) => ({ name, type }));
const recordOf = (name: string, types: Readonly<Record<string, unknown>>) => ({
  type: 'record',
  name,
  fields: fieldsOf(types),
});

function avroSchema(more: Readonly<Record<string, unknown>>): object {
  const page = recordOf('Page', { url: 'string', title: 'string' });
  const traits = recordOf('Traits', { email: ['null', 'string'], phone: ['null', 'string'] });
  const context = recordOf('Context', { ip: 'string', userAgent: 'string', page, traits });
  const products = { type: 'array', items: recordOf('Product', item) };
  return recordOf('Order', {
    type: 'string',
    event: 'string',
    messageId: 'string',
    userId: 'string',
    timestamp: { type: 'long', logicalType: 'timestamp-millis' },
    context,
    properties: recordOf('Properties', { order_id: 'string', total: 'double', currency: 'string', products, ...more }),
  });
}

function protoText(more: string): string {
  return `syntax = "proto3";
package shop.v1;
import "google/protobuf/timestamp.proto";
message Page { string url = 1; string title = 2; }
message Traits { optional string email = 1; optional string phone = 2; }
message Context { string ip = 1; string userAgent = 2; Page page = 3; Traits traits = 4; }
message Product { string product_id = 1; int32 quantity = 2; double price = 3; }
message Properties { string order_id = 1; double total = 2; string currency = 3; repeated Product products = 4;${more} }
message Order {
  string type = 1;
  string event = 2;
  string message_id = 3 [json_name = "messageId"];
  string user_id = 4 [json_name = "userId"];
  google.protobuf.Timestamp timestamp = 5;
  Context context = 6;
  Properties properties = 7;
}
`;
}

/** The schemas of the two versions: the second has a member more, which no mapping reads. */
export const avroSchemas = [JSON.stringify(avroSchema({})), JSON.stringify(avroSchema({ gift: 'boolean' }))] as const;
export const protoFiles = [protoText(''), protoText(' bool gift = 5;')] as const;

const avroTypes = avroSchemas.map((text) => avro.Type.forSchema(JSON.parse(text) as avro.Schema, { logicalTypes: {} }));
const protoTypes = protoFiles.map((text) => {
  const root = new protobuf.Root();
  protobuf.parse(text, root, { keepCase: true });
  root.addJSON((protobuf.common.get('google/protobuf/timestamp.proto') as { nested: never }).nested);
  return root.lookupType('shop.v1.Order');
});

/** Where Order stands in the file, as the wire format of Confluent counts it: `[5]`. */
const messageIndex = Buffer.from([2, 10]);

export interface SchemaIds {
  /** Of the two versions. */
  readonly avro: readonly number[];
  readonly protobuf: readonly number[];
}

/** @param at Unix milliseconds. */
export function shopOrder(id: string, index: number, at: number, ids: SchemaIds): ShopOrder {
  const version = index % 2;
  const person = index % 977;
  const total = 10 + (index % 90) + 0.99;
  const traits = { email: `user-${person}@example.com`, phone: index % 3 === 0 ? null : '+1 650 555 1212' };
  const page = { url: 'https://shop.example.com/thanks', title: 'Thank you'.repeat(1 + (index % 5)) };
  const context = { ip: '198.51.100.7', userAgent: 'Mozilla/5.0 (X11; Linux x86_64)', page, traits };
  const products = [{ product_id: `p-${index % 7}`, quantity: 1 + (index % 3), price: total }];
  const gift = version === 1 ? { gift: true } : {};
  const properties = { order_id: `order-${index}`, total, currency: 'USD', products, ...gift };
  const call = { type: 'track', event: 'Order Completed', messageId: id, userId: `user-${person}` };
  const order = { ...call, timestamp: new Date(at).toISOString(), context, properties };
  const avroBytes = avroTypes[version]?.toBuffer({ ...order, timestamp: at, context }) ?? Buffer.alloc(0);
  const { phone, ...others } = traits;
  const message = {
    ...{ type: call.type, event: call.event, message_id: id, user_id: call.userId, properties },
    timestamp: { seconds: Math.floor(at / 1000), nanos: (at % 1000) * 1_000_000 },
    context: { ...context, traits: phone === null ? others : traits },
  };
  const type = protoTypes[version];
  const protoBytes = type === undefined ? Buffer.alloc(0) : Buffer.from(type.encode(type.fromObject(message)).finish());
  return {
    json: Buffer.from(JSON.stringify(order)),
    avro: framed(ids.avro[version] ?? 0, avroBytes),
    protobuf: framed(ids.protobuf[version] ?? 0, Buffer.concat([messageIndex, protoBytes])),
  };
}

function framed(id: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, payload]);
}
