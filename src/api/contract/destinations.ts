import { failureShape } from './failures.ts';
import { anything, choice, count, flag, list, named, number, object, record, text, time } from './shape.ts';
import { eventCountsShape, stateShape } from './status.ts';

/** Events per second. */
const ratesShape = named(
  'Rates',
  object({
    matched: number('A second.'),
    sent: number('A second.'),
    delivered: number('A second.'),
    skipped: number('A second.'),
    setAside: number('A second.'),
  }),
);

/** Present where the state isn't `well`. */
const troubleShape = object(
  { failure: failureShape },
  { since: time('Since when.'), until: time('When it tries again by itself.') },
);

export const laneShape = named(
  'Lane',
  object(
    {
      name: text("The destination's name for its pixel, `audience ID` for an audience; as in log lines and metrics."),
      kind: choice(
        ['conversions', 'audience', 'search', 'subscription'],
        'search: an audience that is not found yet; subscription: one that is held, because too much of it is rejected.',
      ),
      destination: text('Whose settings it has.'),
      state: stateShape,
      doing: choice(['running', 'throttled', 'retrying', 'blocked', 'paused'], 'Exactly.'),
      sentence: text('How it is, for people.'),
      waiting: count('Deliveries or changes of audiences that are not final.'),
    },
    {
      trouble: troubleShape,
      usagePercent: number('The highest rate-limit usage that Meta reported last.'),
      retries: count('Requests repeated since the start.'),
      throttles: count('Pauses because of rate limits since the start.'),
    },
  ),
);

/** What became of events: of a subscription, and of a destination. */
const activityMembers = {
  sinceStart: eventCountsShape,
  lastDay: eventCountsShape,
  rates: ratesShape,
  spark: list(count('Delivered.'), 'Deliveries a minute in the last 30 minutes, the oldest first.'),
  skipped: record(count('Events.'), 'Since the start, by reason.'),
  setAside: record(count('Dead letters.'), 'Since the start, by code.'),
};

export const subscriptionShape = named(
  'Subscription',
  object(
    {
      destination: text("The destination's name."),
      id: text('Stable; dead letters and replay refer to it.'),
      name: text('As the file names it.'),
      action: text('The key of the action.'),
      actionTitle: text('Its name for people.'),
      kind: choice(['conversions', 'audience'], 'What it feeds.'),
      trigger: text('As it is written.'),
      testMode: flag('Its events are marked as tests.'),
      state: stateShape,
      sentence: text('How it is, for people.'),
      ...activityMembers,
    },
    { trouble: troubleShape, lastDeliveredAt: time('When Meta last accepted something.') },
  ),
);

export const subscriptionDetailShape = named(
  'SubscriptionDetail',
  object({
    subscription: subscriptionShape,
    mapping: anything('As it is written, over the defaults of the action.'),
    fields: list(
      object(
        {
          key: text('As Meta spells it.'),
          label: text('For people.'),
          type: text('string, number, integer, boolean, object or datetime.'),
          required: flag('An event without it is rejected.'),
          identifier: flag('It identifies a person.'),
          mapped: flag('The file maps it.'),
        },
        { description: text('What it is.') },
      ),
      'The fields of its action.',
    ),
  }),
);

export const destinationShape = named(
  'Destination',
  object(
    {
      name: text('Unique.'),
      file: text('The name of its file.'),
      apiVersion: text('Of the Graph API.'),
      state: stateShape,
      sentence: text('How it is, for people.'),
      hold: choice(['none', 'draining', 'paused'], 'What a person asked for.'),
      testMode: flag('All of its events, or some, are marked as tests.'),
      subscriptions: list(text('Ids.')),
      lanes: list(text('Names.')),
      ...activityMembers,
      failures: record(count('Requests.'), 'Requests that failed since the start, by code.'),
      waiting: count('Deliveries that are not final.'),
      parked: count('Deliveries in its parking topic.'),
    },
    {
      pixelId: text('Its dataset.'),
      adAccountId: text('With act_.'),
      versionDaysLeft: number('Until Meta refuses the API version.'),
      trouble: troubleShape,
      lastDeliveredAt: time('When Meta last accepted something.'),
    },
  ),
);

export const destinationsShape = object({ destinations: list(destinationShape) });
export const lanesShape = object({ lanes: list(laneShape) });
export const subscriptionsShape = object({ subscriptions: list(subscriptionShape) });

export const fileShape = named(
  'DestinationFile',
  object({
    name: text('The name of the file.'),
    text: text('As the connector runs by it, which may differ from the disk; secrets only by reference.'),
  }),
);

const partitionShape = named(
  'Partition',
  object(
    {
      topic: text('The topic, or file:NAME.'),
      partition: count('From 0.'),
      state: choice(
        ['reading', 'paused', 'waiting'],
        'paused: as much is in flight as may be; waiting: for a decision, a schema or an earlier owner.',
      ),
      position: count('Everything below was read.'),
      committed: count('Everything below is settled and committed.'),
      inFlight: count('Records read and not settled.'),
    },
    {
      reason: text('Why it is not read, in words.'),
      worker: count('Which worker of the run reads it (--workers).'),
      end: count('Where the partition ended when last heard of.'),
      lag: count('Records behind the end that are not settled.'),
      oldestAt: time('Time stamp of the oldest record that is not settled.'),
      oldestAgeSeconds: number('Its age.'),
    },
  ),
);

export const partitionsShape = object({ partitions: list(partitionShape) });

export const historyShape = named(
  'History',
  object({
    stepSeconds: count('Seconds between two points: 1 or 60.'),
    from: time('Time of the first point.'),
    read: list(count('Records.'), 'Only of the whole process; zeros otherwise.'),
    matched: list(count('Events.')),
    sent: list(count('Events and changes of audiences.')),
    delivered: list(count('Deliveries.')),
    skipped: list(count('Events.')),
    setAside: list(count('Dead letters.')),
    delayP50: list(
      number('Milliseconds.'),
      'From the time stamp of the record until Meta accepted it; 0: nothing was delivered. Only of the whole process.',
    ),
    delayP99: list(number('Milliseconds.')),
  }),
);
