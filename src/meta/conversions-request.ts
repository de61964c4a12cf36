import type { Delivery } from '../core/delivery.ts';
import { ConnectorError } from '../core/errors.ts';
import type { DestinationSettings } from '../core/settings.ts';

/** Events in one request (Meta: Using the Conversions API). */
export const maxEventsPerRequest = 1_000;

export interface ConversionsRequest {
  readonly method: 'POST';
  readonly path: string;
  readonly body: Buffer;
}

/** An event as it is sent, and how many bytes that is in UTF-8. */
export type EventText = Pick<Delivery, 'body' | 'bytes'>;

/**
 * The request that carries these events, without the token.
 *
 * @param events JSON text of each event, sent as it is, and its length.
 * @param options.testEventCode Of these events; the destination's applies when absent.
 */
export function conversionsRequest(
  settings: Pick<DestinationSettings, 'pixelId' | 'apiVersion' | 'testEventCode' | 'partnerAgent' | 'uploadTag'>,
  events: readonly EventText[],
  options: { readonly testEventCode?: string | undefined } = {},
): ConversionsRequest {
  if (settings.pixelId === undefined) {
    throw new ConnectorError('PIXEL_ID_MISSING', 'Conversions need `settings.pixel_id` in the destination file.');
  }
  const members = [
    ...member('test_event_code', options.testEventCode ?? settings.testEventCode),
    ...member('partner_agent', settings.partnerAgent),
    ...member('upload_tag', settings.uploadTag),
  ];
  return {
    method: 'POST',
    path: `/${settings.apiVersion}/${encodeURIComponent(settings.pixelId)}/events`,
    body: bodyOf(events, members),
  };
}

function member(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`,"${name}":${JSON.stringify(value)}`];
}

const head = '{"data":[';
const comma = 0x2c;

/** Each text is written once, to its place: joined to one text they would be copied three times on their way. */
function bodyOf(events: readonly EventText[], members: readonly string[]): Buffer {
  const tail = `]${members.join('')}}`;
  const separators = Math.max(0, events.length - 1);
  const bytes = events.reduce((sum, event) => sum + event.bytes, head.length + separators + Buffer.byteLength(tail));
  const body = Buffer.allocUnsafeSlow(bytes);
  let at = body.write(head);
  for (const [place, event] of events.entries()) {
    if (place > 0) body[at++] = comma;
    at += body.write(event.body, at);
  }
  at += body.write(tail, at);
  // Otherwise memory that holds anything would go to Meta.
  if (at !== bytes) throw new Error(`a request of ${at} bytes was measured as ${bytes}`);
  return body;
}
