import type { EncodedBody } from '../core/encoded-body.ts';
import { ConnectorError } from '../core/errors.ts';
import type { DestinationSettings } from '../core/settings.ts';
import { requestBody } from './request-body.ts';

/** Events in one request (Meta: Using the Conversions API). */
export const maxEventsPerRequest = 1_000;

export interface ConversionsRequest {
  readonly method: 'POST';
  readonly path: string;
  readonly body: Buffer;
}

/**
 * The request that carries these events, without the token.
 *
 * @param events JSON text of each event, sent as it is.
 * @param options Of these events; where absent, the destination's apply.
 */
export function conversionsRequest(
  settings: Pick<DestinationSettings, 'pixelId' | 'apiVersion' | 'testEventCode' | 'partnerAgent' | 'uploadTag'>,
  events: readonly EncodedBody[],
  options: { readonly testEventCode?: string | undefined; readonly uploadTag?: string | undefined } = {},
): ConversionsRequest {
  if (settings.pixelId === undefined) {
    throw new ConnectorError('PIXEL_ID_MISSING', 'Conversions need `settings.pixel_id` in the destination file.');
  }
  const members = [
    ...member('test_event_code', options.testEventCode ?? settings.testEventCode),
    ...member('partner_agent', settings.partnerAgent),
    ...member('upload_tag', options.uploadTag ?? settings.uploadTag),
  ];
  return {
    method: 'POST',
    path: `/${settings.apiVersion}/${encodeURIComponent(settings.pixelId)}/events`,
    body: requestBody('{"data":[', events, `]${members.join('')}}`),
  };
}

function member(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`,"${name}":${JSON.stringify(value)}`];
}
