import { authError } from './auth.ts';
import { type Edge, refused } from './edge.ts';
import { parameter } from './graph-call.ts';
import { requestError } from './graph-errors.ts';
import type { SandboxRules } from './options.ts';

/** `GET /{version}/debug_token?input_token=…`: what Meta knows of a token. Here every token asks about itself. */
export function debugTokenEdge(rules: SandboxRules): Edge {
  return {
    method: 'GET',
    name: 'debug_token',
    isRoot: true,
    judge(call) {
      const token = parameter(call, 'input_token');
      if (typeof token !== 'string' || token === '')
        return refused(requestError('The parameter input_token is required'));
      const facts = rules.tokenFacts(token);
      if (!facts.tellsOfItself) return refused(requestError(notAllowed));
      const invalid = authError({ ...call, token }, { ...rules, appSecret: undefined });
      const { type, scopes, expiresAt, dataAccessExpiresAt, appId, application } = facts;
      const data = {
        app_id: appId,
        type,
        application,
        data_access_expires_at: dataAccessExpiresAt,
        expires_at: expiresAt,
        is_valid: invalid === undefined,
        scopes,
        user_id: '100000000000002',
        ...(invalid !== undefined && { error: { code: invalid.code, message: invalid.message } }),
      };
      return { kind: 'accepted', apply: () => ({ data }) };
    },
  };
}

const notAllowed =
  'You must provide an app access token, or a user access token that is an owner or developer of the app';
