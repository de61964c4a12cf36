import { count, named, object, text } from './shape.ts';

/** Why something was refused, and what to do about it. */
export const failureShape = named(
  'Failure',
  object(
    {
      code: text('Stable, in capitals; docs/reference/codes.md has all of ours.'),
      message: text('The reason in words.'),
    },
    {
      fix: text('What to do about it.'),
      field: text('The field at fault.'),
      reason: text("Meta's words for it, where they hold no data."),
      rejected: count("Of a list of users: how many can't be used."),
      entries: text('Of an event with lists of users: the entries that failed.'),
      meta: object(
        { status: count('The HTTP status.') },
        { code: count("Meta's code."), subcode: count("Meta's subcode."), fbtraceId: text("For Meta's support.") },
      ),
    },
  ),
);

/** Every answer that is no success. */
export const refusalShape = named(
  'Refusal',
  object(
    { error: text('The reason in words.') },
    { code: text('Stable, in capitals.'), fix: text('What to do about it.') },
  ),
);
