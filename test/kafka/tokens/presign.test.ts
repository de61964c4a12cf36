import { expect, test } from 'vitest';
import { presignedUrl } from '../../../src/kafka/tokens/presign.ts';

test('signs as the published example of AWS does (Authenticating requests: using query parameters)', () => {
  const url = presignedUrl({
    host: 'examplebucket.s3.amazonaws.com',
    path: '/test.txt',
    query: {},
    region: 'us-east-1',
    service: 's3',
    credentials: {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    },
    at: Date.parse('2013-05-24T00:00:00Z'),
    expiresSeconds: 86_400,
    payloadHash: 'UNSIGNED-PAYLOAD',
  });
  expect(new URL(url).searchParams.get('X-Amz-Signature')).toBe(
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  );
  expect(url).toContain('&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&');
});
