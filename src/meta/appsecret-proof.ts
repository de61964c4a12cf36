import { createHmac } from 'node:crypto';
import { ConnectorError } from '../core/errors.ts';

/** Proves to Meta that the caller holds the app's secret (Meta: Secure Graph API calls). Hex HMAC-SHA256. */
export function appsecretProof(token: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(token).digest('hex');
}

const openBrace = '{'.charCodeAt(0);
const emptyObject = /^\{\s*\}$/;

/**
 * The body with the proof as its first member, so that the proof is not in the URL, where logs would keep it.
 * `body` is the UTF-8 text of a JSON object without leading white space; anything else is a bug of the caller.
 */
export function withProof(body: Buffer, proof: string): Buffer {
  if (body[0] !== openBrace) {
    throw new ConnectorError('GRAPH_REQUEST', 'A request body that takes an appsecret_proof must be a JSON object.');
  }
  const empty = body.length < 8 && emptyObject.test(body.toString());
  const member = `{"appsecret_proof":"${proof}"${empty ? '' : ','}`;
  return Buffer.concat([Buffer.from(member), body.subarray(1)]);
}
