import type { Clock } from '../../core/ports.ts';
import type { Fetch } from './ask.ts';
import { type AwsIdentity, createAwsCredentials } from './aws-credentials.ts';
import { presignedUrl } from './presign.ts';

export interface MskOptions {
  readonly region: string;
  readonly identity: AwsIdentity;
  readonly fetch?: Fetch;
}

/** How long the broker accepts a token before it asks for another. */
const lifeSeconds = 900;

/**
 * Tokens for the OAUTHBEARER mechanism of Amazon MSK's IAM access control: the base64url text of a presigned URL that
 * would connect to the cluster. Made anew each time: it costs no request.
 */
export function createMskToken(
  { region, identity, fetch }: MskOptions,
  clock: Pick<Clock, 'now' | 'monotonic'>,
): () => Promise<string> {
  const credentials = createAwsCredentials(identity, clock, fetch);
  return async () => {
    const url = presignedUrl({
      host: `kafka.${region}.amazonaws.com`,
      path: '/',
      query: { Action: 'kafka-cluster:Connect' },
      region,
      service: 'kafka-cluster',
      credentials: await credentials(),
      at: clock.now(),
      expiresSeconds: lifeSeconds,
    });
    // Not part of the signature: it is for the brokers' log.
    return Buffer.from(`${url}&User-Agent=meta-actions`).toString('base64url');
  };
}
