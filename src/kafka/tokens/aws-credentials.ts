import { readFileSync } from 'node:fs';
import { messageOf } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { ask, askJson, type Fetch, noToken } from './ask.ts';
import type { AwsCredentials } from './presign.ts';
import { type Obtained, refreshing } from './refreshing.ts';

/** Where AWS credentials may come from; the first of these that is present is used. */
export interface AwsIdentity {
  /** Given as they are. */
  readonly fixed?: AwsCredentials;
  /** A role that is taken with a token in a file (EKS: IAM roles for service accounts). */
  readonly webIdentity?: { readonly stsUrl: string; readonly roleArn: string; readonly tokenFile: string };
  /** ECS tasks, EKS Pod Identity. */
  readonly container?: { readonly url: string; authorization(): string | undefined };
  /** The role of an EC2 instance (IMDSv2). */
  readonly instance: { readonly url: string };
}

/** Credentials are renewed this long before they expire. */
const marginMillis = 5 * 60_000;

/**
 * The credentials of this process, renewed before they expire.
 *
 * @param fetch For what is on the internet. The container's and the instance's own service is on this machine's link, and
 * no proxy could reach it.
 */
export function createAwsCredentials(
  identity: AwsIdentity,
  clock: Pick<Clock, 'now' | 'monotonic'>,
  fetch?: Fetch,
): () => Promise<AwsCredentials> {
  const { fixed, webIdentity, container, instance } = identity;
  if (fixed !== undefined) return async () => fixed;
  return refreshing(() => {
    if (webIdentity !== undefined) return ofWebIdentity(webIdentity, clock, fetch);
    if (container !== undefined) return ofContainer(container, clock);
    return ofInstance(instance.url, clock);
  }, clock);
}

async function ofWebIdentity(
  from: NonNullable<AwsIdentity['webIdentity']>,
  clock: WallClock,
  fetch: Fetch | undefined,
): Promise<Obtained<AwsCredentials>> {
  const what = 'AWS STS (AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE)';
  let token: string;
  try {
    token = readFileSync(from.tokenFile, 'utf8').trim();
  } catch (error) {
    throw noToken(`the file of AWS_WEB_IDENTITY_TOKEN_FILE can't be read (${messageOf(error)})`);
  }
  const answer = await ask({
    what,
    url: `${from.stsUrl}/`,
    ...(fetch !== undefined && { fetch }),
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(
      new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: from.roleArn,
        RoleSessionName: 'meta-actions',
        WebIdentityToken: token,
      }),
    ),
  });
  // XML without attributes or entities in these four.
  const element = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer)?.[1];
  return obtained(what, clock, {
    AccessKeyId: element('AccessKeyId'),
    SecretAccessKey: element('SecretAccessKey'),
    Token: element('SessionToken'),
    Expiration: element('Expiration'),
  });
}

async function ofContainer({ url, authorization }: NonNullable<AwsIdentity['container']>, clock: WallClock) {
  const what = 'the credentials endpoint of the container (AWS_CONTAINER_CREDENTIALS_…)';
  const token = authorization();
  return obtained(
    what,
    clock,
    await askJson({ what, url, headers: token === undefined ? {} : { authorization: token } }),
  );
}

async function ofInstance(base: string, clock: WallClock): Promise<Obtained<AwsCredentials>> {
  const what = 'the metadata service of the instance, since neither AWS_ACCESS_KEY_ID nor a role is set,';
  const lifeHeader = 'x-aws-ec2-metadata-token-ttl-seconds';
  const token = await ask({ what, url: `${base}/latest/api/token`, method: 'PUT', headers: { [lifeHeader]: '60' } });
  const headers = { 'x-aws-ec2-metadata-token': token };
  const roles = `${base}/latest/meta-data/iam/security-credentials/`;
  const [role = ''] = (await ask({ what, url: roles, headers })).trim().split('\n');
  return obtained(what, clock, await askJson({ what, url: `${roles}${encodeURIComponent(role)}`, headers }));
}

/** Amazon names the end of credentials as a moment. */
type WallClock = Pick<Clock, 'now'>;

function obtained(what: string, clock: WallClock, answer: Readonly<Record<string, unknown>>): Obtained<AwsCredentials> {
  const { AccessKeyId: id, SecretAccessKey: secret, Token: token, Expiration: end } = answer;
  if (typeof id !== 'string' || typeof secret !== 'string') throw noToken(`${what} answered without credentials`);
  const value = { accessKeyId: id, secretAccessKey: secret, ...(typeof token === 'string' && { sessionToken: token }) };
  return { value, forMillis: Date.parse(String(end)) - marginMillis - clock.now() };
}
