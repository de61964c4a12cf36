import { createHmac } from 'node:crypto';
import { type GraphCall, parameter } from './graph-call.ts';
import {
  expiredToken,
  type GraphError,
  missingProof,
  missingToken,
  unreadableToken,
  wrongProof,
} from './graph-errors.ts';
import type { SandboxRules } from './options.ts';

const wellFormed = /^[\x21-\x7e]{8,}$/;

/** Judges token and proof, in this order: none (104), unreadable (190), expired (190/463), proof (100). */
export function authError(call: GraphCall, rules: SandboxRules): GraphError | undefined {
  const { token } = call;
  if (token === undefined) return missingToken();
  if (rules.expiredTokens.has(token) || hasEnded(token, rules)) return expiredToken(rules.now());
  if (!wellFormed.test(token)) return unreadableToken();
  if (rules.tokens !== undefined && !rules.tokens.has(token)) return unreadableToken();
  return rules.appSecret === undefined ? undefined : proofError(call, token, rules.appSecret);
}

function hasEnded(token: string, { now, tokenFacts }: SandboxRules): boolean {
  const { expiresAt } = tokenFacts(token);
  return expiresAt !== 0 && now() >= expiresAt * 1000;
}

/** The proof is over the token alone, or over `token|time` when appsecret_time comes along. */
function proofError(call: GraphCall, token: string, appSecret: string): GraphError | undefined {
  const proof = parameter(call, 'appsecret_proof');
  if (proof === undefined || proof === '') return missingProof();
  const time = parameter(call, 'appsecret_time');
  const signed = time === undefined ? token : `${token}|${String(time)}`;
  const expected = createHmac('sha256', appSecret).update(signed).digest('hex');
  return proof === expected ? undefined : wrongProof();
}
