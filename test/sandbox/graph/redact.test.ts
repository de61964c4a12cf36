import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactBody, redactHeaders, redactQuery, redactText } from '../../../src/sandbox/graph/redact.ts';

const secret = fc.stringMatching(/^[A-Za-z0-9|_-]{8,40}$/).map((text) => `s3cret${text}`);

describe('a token is never kept', () => {
  it('in text of any form', () => {
    const forms = [
      (token: string) => `{"access_token":"${token}", oops`,
      (token: string) => `{"a":1,"access_token" : "${token}"`,
      (token: string) => `data=[]&access_token=${token}&x=1`,
      (token: string) => `/v26.0/1/access_token=${token}`,
      (token: string) => `EAA${token.replaceAll(/[^A-Za-z0-9]/g, '0')}`,
    ];
    fc.assert(
      fc.property(secret, fc.constantFrom(...forms), (token, form) => {
        expect(redactText(form(token))).not.toContain(token);
      }),
    );
  });

  it('in queries and headers', () => {
    expect(redactQuery(new URLSearchParams('access_token=abc&appsecret_proof=def&fields=id'))).toEqual({
      access_token: '***',
      appsecret_proof: '***',
      fields: 'id',
    });
    expect(redactHeaders({ authorization: 'Bearer abc', cookie: 'abc', host: 'h' })).toEqual({
      authorization: 'Bearer ***',
      host: 'h',
    });
    expect(redactHeaders({ authorization: 'abcdefgh' })).toEqual({ authorization: '***' });
  });

  it('in bodies, which otherwise stay byte for byte', () => {
    const clean = Buffer.from('{ "data": [ ] }');
    expect(redactBody(clean, { kind: 'parameters', parameters: { data: [] } }, true).bytes).toBe(clean);
    const parameters = { data: [], access_token: 'abc' };
    const kept = redactBody(Buffer.from(JSON.stringify(parameters)), { kind: 'parameters', parameters }, true);
    expect(kept.bytes.toString()).toBe('{"data":[],"access_token":"***"}');
  });
});
