import { choice, count, flag, list, named, number, object, text, time } from './shape.ts';

/** The states of everything that has one, in the order in which they matter. */
export const states = ['blocked', 'paused', 'slowed', 'well'] as const;

export const stateShape = choice(
  states,
  'blocked: waits for a person; paused: a person stopped it; slowed: Meta limits the rate, or requests are repeated; well.',
);

/** Events since the process started, or in a span of time. */
export const eventCountsShape = named(
  'EventCounts',
  object({
    matched: count('Events that a trigger selected.'),
    sent: count('Events, or changes of audiences, that were in a request; each once, however often it was repeated.'),
    delivered: count('Deliveries that Meta accepted.'),
    skipped: count('Events not sent by a rule.'),
    setAside: count('Dead letters.'),
  }),
);

const processCountsShape = named(
  'ProcessCounts',
  object({
    since: time('When the count begins.'),
    read: count('Records read.'),
    settled: count('Records whose every delivery is final.'),
    matched: count('Events that a trigger selected, once for each subscription.'),
    sent: count('Events, or changes of audiences, that were in a request; each once, however often it was repeated.'),
    delivered: count('Deliveries that Meta accepted.'),
    skipped: count('Events not sent by a rule.'),
    setAside: count('Dead letters.'),
  }),
);

/** Something that only a person can put right. */
export const needShape = named(
  'Need',
  object(
    {
      id: text('The same for as long as the need is the same.'),
      state: choice(['blocked', 'paused', 'warning'], 'warning: nothing stands still, but somebody should look.'),
      title: text('What is wrong, in a sentence.'),
      code: text('The stable code behind it.'),
      cause: text('Why.'),
      actions: list(choice(['resume', 'reload', 'replay'], 'What a button may do.')),
    },
    {
      fix: text('What to do.'),
      since: time('Since when.'),
      destination: text('The destination concerned.'),
      subscription: text('The subscription concerned.'),
      lane: text('The lane concerned.'),
      waiting: count('Deliveries that wait for it.'),
    },
  ),
);

const memberShape = named(
  'Member',
  object(
    {
      id: text('The process.'),
      host: text('The machine that it runs on.'),
      name: text('For people.'),
      startedAt: time('When it started.'),
      version: text('Of the program.'),
      seenAt: time('When it was last heard of.'),
      destinations: list(text('Their names.')),
      partitions: list(text('TOPIC/PARTITION.'), 'Of a member with many, the first.'),
      state: stateShape,
      self: flag('It is the process that answers.'),
    },
    { url: text('Where its console is, if it tells (OPS_URL).') },
  ),
);

/** A worker of a run with `--workers`. */
const workerShape = object({
  worker: count('Its number, from 1.'),
  state: choice(
    ['starting', 'running', 'restarting', 'silent'],
    'restarting: it has ended and is started again; silent: it does not answer, and is replaced when that lasts. Of one that does not run, what it reads and what waits in it is not in the answers.',
  ),
  partitions: count('Partitions that it reads.'),
});

export const statusShape = named(
  'Status',
  object(
    {
      now: time("The server's clock."),
      build: object({ version: text('Of the program.'), node: text('Of Node.js.') }),
      startedAt: time('When the process started.'),
      uptimeSeconds: number('Since the start.'),
      target: object({
        kind: choice(['meta', 'sandbox', 'other'], 'Where requests go.'),
        url: text('The address of the Graph API.'),
      }),
      source: text('kafka, file:PATH or -.'),
      deadLetters: text('topic:NAME or file:PATH.'),
      phase: choice(['starting', 'running', 'stopping', 'failed'], 'Of the process.'),
      state: stateShape,
      sentence: text('How it is, for people. Plain text.'),
      needs: list(needShape, 'What needs a person, the worst first.'),
      testMode: list(
        object({ destination: text('Its name.'), subscription: text('Its id.') }),
        'Subscriptions whose events are marked as tests.',
      ),
      inFlight: object({
        records: count('Records read and not settled.'),
        bytes: count('Bytes held for them.'),
        maxBytes: count('Reading pauses above it.'),
      }),
      sinceStart: processCountsShape,
      lastDay: processCountsShape,
      member: memberShape,
      session: object({
        changes: flag('This caller may change things.'),
        showIdentifiers: flag('identifiers=true is allowed (OPS_SHOW_IDENTIFIERS).'),
        who: text('The caller, as the audit lines name them.'),
      }),
    },
    {
      lastDeliveredAt: time('When Meta last accepted something.'),
      group: text('The consumer group.'),
      workers: list(workerShape, 'Of a run with several (--workers).'),
    },
  ),
);

export const sessionShape = named(
  'Session',
  object(
    {
      who: text('The caller, as the audit lines name them.'),
      changes: flag('This caller may change things.'),
      showIdentifiers: flag('identifiers=true is allowed (OPS_SHOW_IDENTIFIERS).'),
    },
    { token: text('To be sent as the header x-meta-actions-token with every request that changes something.') },
  ),
);

export const membersShape = named(
  'Members',
  object({
    announced: flag('Members tell of themselves (KAFKA_MEMBERS); otherwise only this process is known.'),
    members: list(memberShape, 'This process first, then by name.'),
  }),
);
