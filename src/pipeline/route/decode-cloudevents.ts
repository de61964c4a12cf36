import { type AnalyticsEvent, eventTypes } from '../../core/event.ts';
import { isObject, type JsonObject, own } from '../../core/json.ts';
import type { RecordHeaders } from '../../core/record.ts';
import { type Decoded, undecodable } from './decoded.ts';
import { jsonInText } from './json-in-text.ts';

/** What a CloudEvent says of itself, and what it holds. */
interface CloudEvent {
  attribute(name: string): string | undefined;
  readonly data: unknown;
}

/**
 * The event in a CloudEvent (CloudEvents 1.0: Kafka protocol binding): its data where that is a call of the Segment spec,
 * else a track call that is named by its type and has its data as properties. The call's id and time are those of the
 * CloudEvent unless it has its own; `context.cloudevent` has where it came from.
 */
export function cloudEventOf(message: unknown, headers: RecordHeaders | undefined): Decoded {
  const found = structured(message) ?? binary(message, headers);
  const type = found?.attribute('type');
  if (found === undefined || type === undefined) {
    return undecodable(
      'NOT_A_CLOUD_EVENT',
      'the record is no CloudEvent: neither it nor its headers say specversion and type',
    );
  }
  const { data } = found;
  const known = eventTypes.find((name) => name === own(data, 'type'));
  const call: JsonObject =
    known !== undefined && isObject(data) ? data : { event: type, properties: propertiesOf(data) };
  const context = own(call, 'context');
  const messageId = own(call, 'messageId') ?? found.attribute('id');
  const timestamp = own(call, 'timestamp') ?? found.attribute('time');
  const event: AnalyticsEvent = {
    ...call,
    type: known ?? 'track',
    ...(messageId !== undefined && { messageId }),
    ...(timestamp !== undefined && { timestamp }),
    context: { ...(isObject(context) && context), cloudevent: originOf(found, type) },
  };
  return { kind: 'event', event };
}

/** All of it is one JSON object. */
function structured(message: unknown): CloudEvent | undefined {
  if (!isObject(message) || typeof own(message, 'specversion') !== 'string') return undefined;
  return {
    attribute(name) {
      const value = own(message, name);
      return typeof value === 'string' ? value : undefined;
    },
    data: own(message, 'data') ?? encodedData(own(message, 'data_base64')),
  };
}

/** Data that its writer took for bytes (CloudEvents: JSON event format); of what is no JSON the text that was given. */
function encodedData(base64: unknown): unknown {
  if (typeof base64 !== 'string') return undefined;
  return jsonInText(Buffer.from(base64, 'base64'), JSON.parse) ?? base64;
}

/** A record of these headers is one event, whatever its value is: a list, or nothing where the event has no data. */
export function isInHeaders(headers: RecordHeaders | undefined): headers is RecordHeaders {
  return headers !== undefined && Object.hasOwn(headers, 'ce_specversion');
}

/** The value is the data, and headers hold the rest. */
function binary(data: unknown, headers: RecordHeaders | undefined): CloudEvent | undefined {
  if (!isInHeaders(headers)) return undefined;
  return {
    attribute(name) {
      const value = Object.hasOwn(headers, `ce_${name}`) ? headers[`ce_${name}`] : undefined;
      return Buffer.isBuffer(value) || typeof value === 'string' ? value.toString() : undefined;
    },
    data,
  };
}

function propertiesOf(data: unknown): JsonObject {
  if (isObject(data)) return data;
  return data === undefined || data === null ? {} : { data };
}

function originOf({ attribute }: CloudEvent, type: string): JsonObject {
  const [source, subject] = [attribute('source'), attribute('subject')];
  return { type, ...(source !== undefined && { source }), ...(subject !== undefined && { subject }) };
}
