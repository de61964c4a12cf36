import { ask, type Asking, RequestError } from '../lib/request.ts';
import type { Answer } from '../lib/use-answer.ts';
import { useAnswer } from '../lib/use-answer.ts';
import type { Session } from './api-types.ts';

const base = '/api/v1';
let session: Promise<Session> | undefined;

/** What this page may do; asked for once, and again when the server has forgotten it. */
async function sessionNow(): Promise<Session> {
  session ??= get<Session>('/session');
  try {
    return await session;
  } catch (error) {
    session = undefined;
    throw error;
  }
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, signal === undefined ? {} : { signal });
}

/** A change carries the page's own token, which no other site can know. After a restart of the server there is another. */
export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  try {
    return await change<T>(path, body);
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 403) throw error;
    session = undefined;
    return change<T>(path, body);
  }
}

async function change<T>(path: string, body: unknown): Promise<T> {
  const { token } = await sessionNow();
  return request<T>(path, {
    method: 'POST',
    body,
    headers: token === undefined ? {} : { 'x-meta-actions-token': token },
  });
}

async function request<T>(path: string, asking: Asking): Promise<T> {
  const answer = await open(path, asking);
  return (await answer.json()) as T;
}

export function open(path: string, asking: Asking = {}): Promise<Response> {
  return ask(`${base}${path}`, asking);
}

/** `/dead-letters?code=A`, without what is undefined or empty. */
export function address(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** `/destinations/{name}` with the parts in their places. */
export function at(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

export function useApi<T>(path: string | undefined, everyMillis?: number): Answer<T> {
  return useAnswer<T>(path, get, everyMillis);
}
