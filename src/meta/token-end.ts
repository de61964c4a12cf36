import { own } from '../core/json.ts';
import type { GraphRequest } from './graph-client.ts';

/** Asks what Meta knows of a token. The token stands in the address, which only encryption keeps from others on the way. */
export function debugTokenRequest(token: string, apiVersion: string): GraphRequest {
  return { method: 'GET', path: `/${apiVersion}/debug_token?input_token=${encodeURIComponent(token)}` };
}

/** When the token, or what it may see, ends, in Unix seconds; undefined: never (Meta: debug_token). */
export function tokenEndOf(data: unknown): number | undefined {
  const ends = ['expires_at', 'data_access_expires_at'].flatMap((member) => {
    const end = own(data, member);
    return typeof end === 'number' && end > 0 ? end : [];
  });
  return ends.length === 0 ? undefined : Math.min(...ends);
}
