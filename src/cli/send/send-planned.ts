import { own } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import { sendConversion, type SentRequest } from '../../connector/test-event.ts';
import { sendTestUser, type TestUserOptions } from '../../connector/test-user.ts';
import { withoutKept } from '../../explain/explain-privacy.ts';
import type { PlannedSubscription } from './planned.ts';
import type { SentFor, ShownError, ShownRequest } from './send-text.ts';

interface Choices {
  readonly testEventCode?: string;
  readonly showIdentifiers?: boolean;
}

/** Sends what one subscription makes of the event. */
export async function sendPlanned(
  call: TestUserOptions,
  { destination, subscription, decision }: PlannedSubscription,
  kept: ReadonlySet<unknown>,
  { testEventCode, showIdentifiers }: Choices,
): Promise<SentFor> {
  const of = { destination: destination.name, subscription: subscription.id, action: subscription.action.key };
  const shown = (sent: SentRequest) => shownRequest(sent, showIdentifiers === true ? undefined : kept);
  if (decision === undefined) return { ...of, status: 'not_sent', requests: [], reason: 'trigger' };
  if (decision.kind === 'skip') return { ...of, status: 'not_sent', requests: [], reason: decision.reason };
  if (decision.kind === 'reject') return { ...of, status: 'refused', requests: [], error: errorOf(decision.failure) };
  if (decision.kind === 'deliver') {
    const { settings } = destination;
    const sent = await sendConversion(call.client, settings, decision.ready, testEventCode);
    const code = own(JSON.parse(sent.request.body.toString('utf8')), 'test_event_code');
    const status = sent.failure === undefined ? 'accepted' : 'refused';
    return { ...of, status, requests: [shown(sent)], where: datasetText(settings.pixelId ?? '', code) };
  }
  const requests: ShownRequest[] = [];
  for (const update of decision.updates) {
    const result = await sendTestUser(call, destination, update);
    requests.push(...result.requests.map(shown));
    if (result.failure !== undefined) return { ...of, status: 'refused', requests, error: errorOf(result.failure) };
  }
  if (requests.length === 0) return { ...of, status: 'not_sent', requests, reason: 'nobody joins or leaves' };
  const accepted = requests.every(({ error }) => error === undefined);
  const where = 'Ads Manager > Audiences: nobody real was added or taken out, so its size stays as it was';
  return { ...of, status: accepted ? 'accepted' : 'refused', requests, where };
}

function datasetText(pixel: string, code: unknown): string {
  const place = `Events Manager > dataset ${pixel} >`;
  return typeof code === 'string'
    ? `${place} Test events, code ${code}`
    : `${place} Overview; it counts like any other event`;
}

function shownRequest({ request, answer, failure }: SentRequest, kept: ReadonlySet<unknown> | undefined): ShownRequest {
  const shown = (value: unknown) => (kept === undefined ? value : withoutKept(value, kept));
  return {
    method: request.method,
    path: request.path,
    body: shown(JSON.parse(request.body.toString('utf8'))),
    ...(answer !== undefined && {
      answer: { ...answer, ...(answer.body !== undefined && { body: shown(answer.body) }) },
    }),
    ...(failure !== undefined && { error: errorOf(failure) }),
  };
}

function errorOf({ code, message, fix }: Failure): ShownError {
  return { code, message, ...(fix !== undefined && { fix }) };
}
