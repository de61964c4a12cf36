import { createServer } from 'node:http';
import { env } from 'node:process';
import { listening } from './listening.ts';
import { type RegistryServer, registryServer } from './registry-server.ts';
import { avroSchemas, protoFiles, type SchemaIds } from './shop-orders.ts';

/** A registry that holds the schemas of the shop's orders. */
export interface ShopRegistry {
  readonly url: string;
  readonly ids: SchemaIds;
  /** While true, whoever connects is cut off. */
  isAway: boolean;
  close(): Promise<void>;
}

/** The registry of SCHEMA_REGISTRY_URL (scripts/registry.sh), else one of our own; behind a door that can be shut. */
export async function shopRegistry(): Promise<ShopRegistry> {
  const named = env['SCHEMA_REGISTRY_URL'];
  const own = named === undefined || named === '' ? await ownRegistry() : undefined;
  const inner = own?.url ?? named ?? '';
  const ids = own === undefined ? await registered(inner) : { avro: [1, 2], protobuf: [3, 4] };
  const door = createServer(async (request, response) => {
    if (registry.isAway) return request.socket.destroy();
    const answer = await fetch(`${inner}${request.url}`);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    return response.end(Buffer.from(await answer.arrayBuffer()));
  });
  const { port, close } = await listening(door);
  const registry: ShopRegistry = {
    url: `http://127.0.0.1:${port}`,
    ids,
    isAway: false,
    async close() {
      await close();
      await own?.close();
    },
  };
  return registry;
}

function ownRegistry(): Promise<RegistryServer> {
  return registryServer({
    '/schemas/ids/1': { schema: avroSchemas[0] },
    '/schemas/ids/2': { schema: avroSchemas[1] },
    '/schemas/ids/3': { schema: protoFiles[0], schemaType: 'PROTOBUF' },
    '/schemas/ids/4': { schema: protoFiles[1], schemaType: 'PROTOBUF' },
  });
}

async function registered(url: string): Promise<SchemaIds> {
  const register = async (schema: string, schemaType: string): Promise<number> => {
    const answer = await fetch(`${url}/subjects/shop-${schemaType.toLowerCase()}-value/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema, schemaType }),
    });
    if (!answer.ok) throw new Error(`the registry refused a schema: ${await answer.text()}`);
    return ((await answer.json()) as { readonly id: number }).id;
  };
  return {
    avro: [await register(avroSchemas[0], 'AVRO'), await register(avroSchemas[1], 'AVRO')],
    protobuf: [await register(protoFiles[0], 'PROTOBUF'), await register(protoFiles[1], 'PROTOBUF')],
  };
}
