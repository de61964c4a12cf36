import { errorText, type Locale } from './error-texts.ts';
import type { GraphError } from './graph-errors.ts';

export interface EnvelopeStyle {
  readonly locale: Locale;
  /** Meta sends `error_data` as an object or as a JSON string. */
  readonly errorDataAsString: boolean;
}

/** The JSON text of `{"error": {…}}`, its members in Meta's order. */
export function errorEnvelope(error: GraphError, fbtraceId: string, style: EnvelopeStyle): string {
  return JSON.stringify({
    error: {
      message: error.message,
      type: error.type,
      code: error.code,
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      ...transience(error),
      ...(error.validation === true ? textForPeople(error, style.locale) : {}),
      ...(error.blame === undefined ? {} : { error_data: errorData(error.blame, style) }),
      fbtrace_id: fbtraceId,
    },
  });
}

/** `100/2804050`, or `104` without a subcode: how errors are counted. */
export function errorKey(error: GraphError): string {
  return error.subcode === undefined ? String(error.code) : `${error.code}/${error.subcode}`;
}

function transience(error: GraphError): object {
  if (error.isTransient !== undefined) return { is_transient: error.isTransient };
  return error.validation === true ? { is_transient: false } : {};
}

function textForPeople(error: GraphError, locale: Locale): object {
  const text = errorText(error.subcode, locale);
  return { error_user_title: text.title, error_user_msg: error.detail ?? text.message };
}

function errorData(blame: readonly string[], style: EnvelopeStyle): unknown {
  const data = { blame_field_specs: [blame] };
  return style.errorDataAsString ? JSON.stringify(data) : data;
}
