import type { ConfiguredDestination } from '../../config/destination.ts';
import { type Api, apisOf, endingText, lifeOf, warningOf } from '../../core/api-versions.ts';
import { isObject, own } from '../../core/json.ts';
import { isPrivateUrl } from '../../core/loopback.ts';
import type { Failure } from '../../core/outcome.ts';
import { classify } from '../../meta/classify.ts';
import { conversionsRequest } from '../../meta/conversions-request.ts';
import { readCredentials } from '../../meta/credentials.ts';
import { graphErrorOf } from '../../meta/graph-error.ts';
import type { GraphClient, GraphRequest } from '../../meta/graph-client.ts';
import { type GraphReply, headerOf } from '../../meta/graph-reply.ts';
import type { UseCase } from '../../meta/throttle-scope-names.ts';
import { usageOf } from '../../meta/usage.ts';
import { failed, type Finding, ok, skipped, warned } from './finding.ts';
import { qualityFinding, tokenFindings } from './token-findings.ts';

/** The paragraphs that say more. */
const docs = {
  token: 'docs/doctor.md#token',
  dataset: 'docs/doctor.md#dataset',
  account: 'docs/doctor.md#ad-account',
  audience: 'docs/doctor.md#audiences',
  version: 'docs/doctor.md#api-version',
  clock: 'docs/doctor.md#clock',
  limits: 'docs/doctor.md#rate-limits',
};

export interface MetaLooks {
  readonly graphUrl: string;
  readonly client: GraphClient;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Everything of a destination that can be asked of Meta without writing anything. */
export async function metaFindings(destination: ConfiguredDestination, looks: MetaLooks): Promise<readonly Finding[]> {
  const { name, settings, subscriptions } = destination;
  const secret = readCredentials(settings);
  if ('failure' in secret) return [failed(`${name}: token`, secret.failure, docs.token)];
  const replies: GraphReply[] = [];
  const ask = async (request: GraphRequest): Promise<GraphReply> => {
    const signal = new AbortController().signal;
    const reply = await looks.client.request({ ...request, ...secret, signal });
    replies.push(reply);
    return reply;
  };
  const apis = apisOf(subscriptions);
  const token = { name, settings, token: secret.token, apis, now: looks.now(), ask };
  const found: Finding[] = [...versionFindings(destination, looks.now())];
  if (apis.includes('graph')) found.push(await datasetFinding(destination, ask));
  if (replies.length > 0 && replies.every(({ kind }) => kind === 'failed')) {
    return [...found, skipped(`${name}: token`, 'Meta is not reached')];
  }
  if (isPrivateUrl(looks.graphUrl)) found.push(...(await tokenFindings(token)));
  else found.push(skipped(`${name}: token`, 'it would be seen on the way to META_GRAPH_URL, which has no TLS'));
  if (apis.includes('graph')) found.push(await qualityFinding(token));
  if (apis.includes('marketing')) found.push(...(await accountFindings(destination, ask)));
  found.push(...clockFindings(name, replies, looks.now()), ...usageFindings(destination, replies));
  return found;
}

function versionFindings({ name, settings, subscriptions }: ConfiguredDestination, now: number): readonly Finding[] {
  const check = `${name}: API version`;
  const lives = apisOf(subscriptions).flatMap((api) => lifeOf(settings.apiVersion, api, now) ?? []);
  const near = lives.filter((life) => warningOf(life) !== undefined);
  if (near.length === 0) return [ok(check, settings.apiVersion)];
  return near.map((life) => {
    const failure: Failure = { code: 'API_VERSION_ENDS', ...endingText(settings.apiVersion, life) };
    return life.daysLeft <= 0 ? failed(check, failure, docs.version) : warned(check, failure, docs.version);
  });
}

type Ask = (request: GraphRequest) => Promise<GraphReply>;

/**
 * A request without events writes nothing. With a token that may send, Meta misses the events; with another it says
 * what is wrong of the token or the dataset (seen in use; Meta's pages don't promise it).
 */
async function datasetFinding({ name, settings }: ConfiguredDestination, ask: Ask): Promise<Finding> {
  const check = `${name}: dataset`;
  const reply = await ask(conversionsRequest(settings, []));
  const error = reply.kind === 'answered' ? graphErrorOf(reply.json) : undefined;
  if (error?.code === 100 && error.subcode === undefined && /parameter data is required/i.test(error.message ?? '')) {
    const test =
      settings.testEventCode === undefined ? '' : '; test_event_code is set: Meta measures by test events too';
    return ok(check, `the token may send to dataset ${settings.pixelId}${test}`);
  }
  const failure = failureOf(reply, 'ads_management');
  if (failure !== undefined) return failed(check, failure, docs.dataset);
  return warned(
    check,
    { code: 'PROBE_UNCLEAR', message: 'Meta took a request without events, which it usually refuses', fix: testEvent },
    docs.dataset,
  );
}

const testEvent = 'send an event with a test_event_code and look for it in the Events Manager';

async function accountFindings(destination: ConfiguredDestination, ask: Ask): Promise<readonly Finding[]> {
  const { name, settings, subscriptions } = destination;
  const found: Finding[] = [];
  const { adAccountId } = settings;
  if (adAccountId !== undefined) {
    const path = `/${settings.apiVersion}/${encodeURIComponent(adAccountId)}?fields=name,account_status,business,tos_accepted`;
    found.push(...accountFinding(`${name}: ad account`, adAccountId, await ask({ method: 'GET', path })));
  }
  const ids = subscriptions.flatMap(({ mapping }) => {
    const id = own(mapping, 'audience_id');
    return typeof id === 'string' && /^\d+$/.test(id) ? [id] : [];
  });
  for (const id of new Set(ids)) {
    const path = `/${settings.apiVersion}/${id}?fields=id,subtype,operation_status,permission_for_actions`;
    found.push(audienceFinding(`${name}: audience ${id}`, await ask({ method: 'GET', path })));
  }
  if (found.length === 0)
    found.push(skipped(`${name}: audiences`, 'their ids come from the events, and no ad_account_id is set'));
  return found;
}

function accountFinding(check: string, id: string, reply: GraphReply): readonly Finding[] {
  const failure = failureOf(reply, 'custom_audience');
  if (failure !== undefined || reply.kind === 'failed')
    return failure === undefined ? [] : [failed(check, failure, docs.account)];
  const problems: Finding[] = [];
  const account = id.replace(/^act_/, '');
  if (own(own(reply.json, 'tos_accepted'), 'custom_audience_tos') !== 1) {
    problems.push(
      failed(
        check,
        {
          code: 'META_200_1870090',
          message: 'the terms of Custom Audiences are not accepted for this ad account',
          fix: `a person accepts them at https://business.facebook.com/ads/manage/customaudiences/tos/?act=${account}`,
        },
        docs.account,
      ),
    );
  }
  if (!isObject(own(reply.json, 'business'))) {
    problems.push(
      failed(
        check,
        {
          code: 'AD_ACCOUNT_WITHOUT_BUSINESS',
          message: 'the ad account is in no business portfolio, without which it takes no people',
          fix: 'add it to one in the Business settings',
        },
        docs.account,
      ),
    );
  }
  const status = own(reply.json, 'account_status');
  if (status !== 1 && status !== undefined) {
    problems.push(
      warned(
        check,
        {
          code: 'AD_ACCOUNT_INACTIVE',
          message: `the ad account's status is ${String(status)}, not 1 (active)`,
          fix: 'look at the account in the Ads Manager',
        },
        docs.account,
      ),
    );
  }
  return problems.length > 0 ? problems : [ok(check, `${id}: terms accepted, in a business portfolio`)];
}

function audienceFinding(check: string, reply: GraphReply): Finding {
  const failure = failureOf(reply, 'custom_audience');
  if (failure !== undefined) return failed(check, failure, docs.audience);
  const json = reply.kind === 'answered' ? reply.json : undefined;
  const subtype = own(json, 'subtype');
  if (subtype !== undefined && subtype !== 'CUSTOM') {
    const message = `its subtype is ${String(subtype)}: only customer lists (CUSTOM) take people`;
    return failed(check, { code: 'AUDIENCE_NOT_A_LIST', message, fix: 'name a customer list' }, docs.audience);
  }
  if (own(own(json, 'permission_for_actions'), 'can_edit') === false) {
    const message = 'this token may look at it, and not change who is in it';
    const fix = 'have its owner share it with the right to edit, or use a token of the owner';
    return failed(check, { code: 'AUDIENCE_NOT_EDITABLE', message, fix }, docs.audience);
  }
  const code = own(own(json, 'operation_status'), 'code');
  if (code === undefined || code === 200) return ok(check, 'there, and ready');
  const message = `its operation_status is ${String(code)}`;
  return warned(
    check,
    { code: 'AUDIENCE_NOT_READY', message, fix: 'look at the audience in the Ads Manager' },
    docs.audience,
  );
}

/** What is wrong; undefined: Meta did what was asked. */
function failureOf(reply: GraphReply, useCase: UseCase): Failure | undefined {
  const outcome = classify(reply, { useCase });
  return outcome.kind === 'delivered' ? undefined : outcome.failure;
}

/** Events count by their time: Meta refuses those of the future, and a slow clock makes them late. */
const clockWarningMillis = 30_000;

function clockFindings(name: string, replies: readonly GraphReply[], now: number): readonly Finding[] {
  const dates = replies.flatMap((reply) => (reply.kind === 'answered' ? [headerOf(reply.headers, 'date') ?? ''] : []));
  const theirs = Date.parse(dates.at(-1) ?? '');
  if (Number.isNaN(theirs)) return [];
  const apart = Math.round((now - theirs) / 1000);
  const check = `${name}: clock`;
  if (Math.abs(apart) * 1000 <= clockWarningMillis) return [ok(check, 'within 30 s of Meta’s')];
  const message = `this machine's clock is ${Math.abs(apart)} s ${apart > 0 ? 'ahead of' : 'behind'} Meta's`;
  return [warned(check, { code: 'CLOCK_APART', message, fix: 'have it set by NTP' }, docs.clock)];
}

const usageWarningPercent = 80;

/** What Meta counts the calls of each API as. */
const useCases: Readonly<Record<Api, UseCase>> = { graph: 'ads_management', marketing: 'custom_audience' };

function usageFindings(
  { name, settings: { adAccountId }, subscriptions }: ConfiguredDestination,
  replies: readonly GraphReply[],
): readonly Finding[] {
  const callers = apisOf(subscriptions).map((api) => ({ useCase: useCases[api], adAccountId }));
  const percents = replies.flatMap((reply) =>
    reply.kind === 'answered' ? callers.flatMap((caller) => usageOf(reply.headers, caller)?.percent ?? []) : [],
  );
  const most = Math.max(...percents, Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(most)) return [];
  const check = `${name}: rate limits`;
  if (most < usageWarningPercent) return [ok(check, `${most} % used`)];
  const message = `${most} % of a rate limit is used`;
  return [
    warned(
      check,
      { code: 'RATE_LIMIT_NEAR', message, fix: 'see what else calls Meta with this app or account' },
      docs.limits,
    ),
  ];
}
