import { failureShape } from './failures.ts';
import { count, flag, list, named, number, object, text, time } from './shape.ts';
import { stateShape } from './status.ts';

export const audienceShape = named(
  'Audience',
  object(
    {
      id: text("Meta's; empty while it is looked up."),
      destination: text('Whose token is used.'),
      state: stateShape,
      sentence: text('How it is, for people.'),
      joins: count('Additions that Meta accepted since the start.'),
      leaves: count('Removals that Meta accepted since the start.'),
      rejected: count('Changes that were rejected since the start.'),
      waiting: count('Changes that are not final.'),
    },
    {
      name: text('As Meta, or the mapping, names it.'),
      sizeAtLeast: count('As Meta says; rounded, hidden below 1,000.'),
      sizeAtMost: count('As Meta says.'),
      sizeAt: time('When Meta was asked.'),
      operation: text("Meta's words for what it does with the audience."),
      lastFlushAt: time('When changes were sent last.'),
      failure: failureShape,
      url: text('In the Ads Manager.'),
    },
  ),
);

export const audiencesShape = named(
  'Audiences',
  object(
    { audiences: list(audienceShape), complete: flag('False: there are more than are shown (500).') },
    { failure: failureShape },
  ),
);

export const audienceHistoryShape = named(
  'AudienceHistory',
  object({
    stepSeconds: count('Seconds between two points: 1 or 60.'),
    from: time('Time of the first point.'),
    joins: list(count('Additions that Meta accepted.')),
    leaves: list(count('Removals that Meta accepted.')),
  }),
);

export const coverageShape = named(
  'Coverage',
  object({
    subscriptions: list(
      object({
        destination: text('Its name.'),
        subscription: text('Its id.'),
        events: count('Events, or people of lists, whose identifiers were read since the start.'),
        keys: list(
          object({
            field: text('As Meta spells it.'),
            label: text('For people.'),
            share: number('Of the events, 0 to 1, that carry it.'),
            sent: count('Events.'),
            missing: count('Events without it.'),
            malformed: count("Events whose value can't be used."),
            advice: list(text('What adding or mending it would take.')),
          }),
        ),
      }),
    ),
  }),
);
