import type { Api } from '../../core/api-versions.ts';
import { isObject, own } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import type { DestinationSettings } from '../../core/settings.ts';
import { classify } from '../../meta/classify.ts';
import { graphErrorOf } from '../../meta/graph-error.ts';
import type { GraphRequest } from '../../meta/graph-client.ts';
import type { GraphReply } from '../../meta/graph-reply.ts';
import { debugTokenRequest, tokenEndOf } from '../../meta/token-end.ts';
import { failed, type Finding, ok, skipped, warned } from './finding.ts';

export interface TokenQuestion {
  /** Of the destination. */
  readonly name: string;
  readonly settings: DestinationSettings;
  readonly token: string;
  readonly apis: readonly Api[];
  /** Unix milliseconds. */
  readonly now: number;
  ask(request: GraphRequest): Promise<GraphReply>;
}

const docs = 'docs/doctor.md#token';

/** Kind, scopes, end and app of the token, as far as Meta tells the token about itself (Meta: debug_token). */
export async function tokenFindings({
  name,
  settings,
  token,
  apis,
  now,
  ask,
}: TokenQuestion): Promise<readonly Finding[]> {
  const check = `${name}: token`;
  const reply = await ask(debugTokenRequest(token, settings.apiVersion));
  const outcome = classify(reply, { useCase: 'ads_management' });
  if (outcome.kind !== 'delivered') {
    const error = reply.kind === 'answered' ? graphErrorOf(reply.json) : undefined;
    if (error?.code !== 100 && error?.code !== 200 && error?.code !== 10) return [failed(check, outcome.failure, docs)];
    return [
      skipped(check, 'Meta does not tell this token about itself, as it does not tell those of the Events Manager'),
    ];
  }
  const data = reply.kind === 'answered' ? own(reply.json, 'data') : undefined;
  if (!isObject(data)) return [skipped(check, 'Meta has answered without saying anything of the token')];
  const problems = [
    ...validityOf(check, data, now),
    ...kindOf(check, own(data, 'type')),
    ...scopesOf(check, textsOf(own(data, 'scopes')), apis),
  ];
  return problems.length > 0 ? problems : [ok(check, described(data))];
}

function described(data: object): string {
  const end = numberOf(own(data, 'expires_at'));
  const ends = end === undefined || end === 0 ? 'never expires' : `expires on ${dayOf(end)}`;
  const scopes = textsOf(own(data, 'scopes')).join(', ') || 'none';
  return `${String(own(data, 'type'))} of the app ${String(own(data, 'app_id'))}, ${ends}; scopes: ${scopes}`;
}

const daysWarned = 14;

function validityOf(check: string, data: object, now: number): readonly Finding[] {
  if (own(data, 'is_valid') === false) {
    const code = String(own(own(data, 'error'), 'code') ?? 'unknown');
    return [
      failed(
        check,
        { code: 'TOKEN_INVALID', message: `Meta calls the token invalid (code ${code})`, fix: newToken },
        docs,
      ),
    ];
  }
  const end = tokenEndOf(data);
  if (end === undefined) return [];
  const days = Math.floor((end * 1000 - now) / 86_400_000);
  if (days >= daysWarned) return [];
  const failure: Failure = {
    code: 'TOKEN_EXPIRES',
    message: `the token, or what it may see, ends on ${dayOf(end)}`,
    fix: newToken,
  };
  return [days < 0 ? failed(check, failure, docs) : warned(check, failure, docs)];
}

const newToken = 'make one of a system user, which never expires, and put it where access_token points to';

function kindOf(check: string, type: unknown): readonly Finding[] {
  if (type === 'SYSTEM_USER') return [];
  const code = 'TOKEN_KIND';
  if (type === 'USER') {
    const message = "the token is a person's: it ends when they leave, or change their password";
    return [warned(check, { code, message, fix: newToken }, docs)];
  }
  return [failed(check, { code, message: `a token of the kind ${String(type)} sends no events`, fix: newToken }, docs)];
}

function scopesOf(check: string, scopes: readonly string[], apis: readonly Api[]): readonly Finding[] {
  if (!apis.includes('marketing') || scopes.includes('ads_management')) return [];
  const message = 'the token lacks the scope ads_management, without which it changes no audience';
  return [failed(check, { code: 'TOKEN_SCOPE', message, fix: 'make the token anew with ads_management' }, docs)];
}

/** Whether what Meta knows of the quality of the events may be read (Meta: Dataset Quality API). Sending needs none of it. */
export async function qualityFinding({ name, settings, ask }: TokenQuestion): Promise<Finding> {
  const check = `${name}: dataset quality`;
  const query = new URLSearchParams({ dataset_id: settings.pixelId ?? '', fields: 'web{event_name}' });
  const reply = await ask({ method: 'GET', path: `/${settings.apiVersion}/dataset_quality?${query}` });
  const outcome = classify(reply, { useCase: 'ads_management' });
  if (outcome.kind === 'delivered') return ok(check, 'may be read');
  return warned(
    check,
    {
      code: 'DATASET_QUALITY_UNREADABLE',
      message: `match quality and coverage may not be read with this token (${outcome.failure.code}); events are sent all the same`,
      fix: 'give the token ads_read and business_management, or make one in the Events Manager',
    },
    'docs/doctor.md#dataset-quality',
  );
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
