import { type JsonObject, own } from '../../core/json.ts';
import { formParameters, type GraphBody } from './graph-body.ts';

/** One request to the Graph API, read but not judged. */
export interface GraphCall {
  /** A POST may name another method in its parameter `method` (Meta: Custom audience users, DELETE). */
  readonly method: string;
  /** Name and port of the server, as the client called it. */
  readonly host: string;
  /** Decoded parts between slashes, the version first if it is there. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Of the body and, where the body has none of that name, of the query. */
  readonly parameters: JsonObject;
  /** Why the body could not be read. */
  readonly unreadable?: string;
  readonly token: string | undefined;
  readonly tokenInUrl: boolean;
}

export interface RawCall {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly authorization: string | undefined;
  readonly body: GraphBody;
}

/** Finds the token, in the order header, body, query, and splits the address. */
export function graphCall(raw: RawCall): GraphCall {
  const mark = raw.url.indexOf('?');
  const pathname = mark === -1 ? raw.url : raw.url.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? '' : raw.url.slice(mark + 1));
  const inBody = raw.body.kind === 'parameters' ? raw.body.parameters : {};
  const inUrl = textOf(query.get('access_token'));
  const parameters = query.size === 0 ? inBody : { ...formParameters(query), ...inBody };
  return {
    method: methodOf(raw.method, own(parameters, 'method')),
    host: raw.host,
    path: pathname.split('/').filter(Boolean).map(decoded),
    query,
    parameters,
    ...(raw.body.kind === 'unreadable' ? { unreadable: raw.body.reason } : {}),
    token: headerToken(raw.authorization) ?? textOf(own(inBody, 'access_token')) ?? inUrl,
    tokenInUrl: inUrl !== undefined,
  };
}

/** A parameter; null counts as absent, because Meta's SDK sends nulls. */
export function parameter(call: GraphCall, name: string): unknown {
  return own(call.parameters, name) ?? undefined;
}

function methodOf(method: string, named: unknown): string {
  const other = typeof named === 'string' ? named.toUpperCase() : '';
  return method === 'POST' && (other === 'DELETE' || other === 'GET') ? other : method;
}

function headerToken(header: string | undefined): string | undefined {
  const match = /^(?:Bearer|OAuth) +(.*)$/i.exec(header ?? '');
  return textOf(match?.[1]?.trim());
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
