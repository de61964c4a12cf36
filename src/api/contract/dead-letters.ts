import { replayOutcomes } from '../../core/replayed.ts';
import { explanationShape } from './explain.ts';
import { failureShape } from './failures.ts';
import { anything, choice, count, flag, list, named, object, record, text, time } from './shape.ts';

const deadLetterStates = ['open', 'replayed'] as const;

/** What a replay has written down. */
const replayedShape = named(
  'Replayed',
  object(
    {
      at: time('When it was written down.'),
      times: count('How often it was replayed, the times before it was set aside again included.'),
    },
    {
      outcome: choice(
        replayOutcomes,
        'done: sent, or no longer selected by a trigger; refused: set aside again; superseded: newer changes of the audience cover it. Absent: an earlier version of the program has not written it down.',
      ),
    },
  ),
);

export const deadLetterShape = named(
  'DeadLetter',
  object(
    {
      id: text('Where it stands in its topic or file.'),
      at: time('When it was set aside.'),
      code: text('Why, as a stable code.'),
      message: text('Why, in words.'),
      topic: text("The record's topic."),
      partition: count("The record's partition."),
      offset: count("The record's offset."),
      replays: count('How often it was replayed before it was set aside this time.'),
      state: choice(deadLetterStates, 'open: nobody has replayed it since.'),
    },
    {
      destination: text('Absent: the record could not be decoded.'),
      subscription: text('Its id.'),
      action: text('The key of the action.'),
      field: text('The field at fault.'),
      type: text('Of the event: track, page, …'),
      event: text('The name of the event.'),
      messageId: text('Of the event.'),
      position: count('Which of the events of its record, from 0.'),
      replayed: replayedShape,
    },
  ),
);

export const deadLettersShape = named(
  'DeadLetters',
  object(
    {
      letters: list(deadLetterShape, 'The newest first.'),
      looked: count('Dead letters that were looked at for this page.'),
    },
    { next: text('cursor of the next page; absent: there are no more.') },
  ),
);

export const deadLetterGroupsShape = named(
  'DeadLetterGroups',
  object({
    groups: list(
      object(
        {
          code: text('Why.'),
          count: count('Dead letters.'),
          message: text('Of the newest of them.'),
          firstAt: time('Of the oldest.'),
          lastAt: time('Of the newest.'),
          hours: list(count('Dead letters.'), 'In each of the last 24 hours, the oldest first.'),
        },
        { destination: text('Its name.'), subscription: text('Its id.'), fix: text('What to do.') },
      ),
      'The largest first.',
    ),
    looked: count('Dead letters that were looked at.'),
    complete: flag('All of them were.'),
  }),
);

export const deadLetterDetailShape = named(
  'DeadLetterDetail',
  object(
    {
      letter: deadLetterShape,
      why: object(
        { failure: failureShape, title: text('For people.'), todo: text('What to do, for people.') },
        { meaning: text("What Meta's code means."), entries: text('Of lists of users: those that failed.') },
      ),
      record: object(
        {
          timestamp: time('Of the record.'),
          headers: record(text('Text.'), 'Without values that may identify a person.'),
          bytes: count('Of the value.'),
        },
        {
          event: anything('The event as JSON; identifiers of people are "[hidden]" unless they were asked for.'),
          raw: text('The beginning of a value that is no JSON; only where identifiers were asked for.'),
        },
      ),
      replay: object({
        state: choice(
          ['ready', 'rejected', 'not_matched', 'replayed', 'unknown_subscription', 'value_omitted'],
          'What a replay by the active mapping would do; replayed: it was done already.',
        ),
      }),
      attempts: count('Requests that were made with it.'),
      identifiers: choice(['hidden', 'shown'], 'Whether identifiers of people are in this answer.'),
    },
    { explanations: list(explanationShape, 'By the active mapping; of its subscription alone.') },
  ),
);

const filterMembers = {
  code: text('Only these codes, separated by commas.'),
  destination: text('Only of this destination.'),
  subscription: text('Only of the subscription with this id.'),
  since: time('Only set aside then or later.'),
  until: time('Only set aside before.'),
  state: choice(deadLetterStates, 'Only those that were replayed, or only the others.'),
  path: text('A path of the event, such as properties.order_id; alone: it is there.'),
  value: text('The value at the path, or without one anywhere in the event, holds this text; case is ignored.'),
};

export const deadLetterFilterShape = object({}, filterMembers);

export const deadLetterQueryShape = object(
  {},
  {
    ...filterMembers,
    limit: count('Dead letters on a page, 1 to 200; 50 by default.'),
    cursor: text('`next` of a page.'),
  },
);

export const replayRequestShape = named(
  'ReplayRequest',
  object(
    {},
    {
      filter: deadLetterFilterShape,
      ids: list(text('Of dead letters.'), 'Only these, at most 1,000.'),
      limit: count('Dead letters at most.'),
    },
  ),
);

const replayCountsShape = named(
  'ReplayCounts',
  object({
    read: count('Dead letters read.'),
    selected: count('They passed the filter; each once.'),
    replayed: count('Handed over to be sent.'),
    superseded: count('Changes of audiences that newer ones cover: marked as replayed, not sent.'),
    marked: count('Done and remembered.'),
    delivered: count('Accepted by Meta.'),
    setAsideAgain: count('Rejected again.'),
    leftOut: record(count('Dead letters.'), 'By reason, in words of the command `replay`.'),
  }),
);

export const replayPreviewShape = named(
  'ReplayPreview',
  object({
    counts: replayCountsShape,
    items: list(
      object(
        {
          letter: deadLetterShape,
          status: choice(['ready', 'rejected', 'not_matched', 'superseded'], 'What would become of it.'),
        },
        {
          body: anything('What would be sent; identifiers are hashed, others "[hidden]".'),
          changes: count('People in audiences.'),
          failure: failureShape,
        },
      ),
      'The first 100.',
    ),
    complete: flag('All were looked at; false: more than 10,000.'),
    statuses: record(count('Dead letters.'), 'By status.'),
  }),
);

export const replayJobShape = named(
  'ReplayJob',
  object(
    {
      id: text('Of the job.'),
      state: choice(['running', 'stopping', 'done', 'stopped', 'failed'], 'Of the job.'),
      startedAt: time('When it was started.'),
      by: text('Who started it.'),
      sentence: text('How it goes, for people.'),
      request: replayRequestShape,
      counts: replayCountsShape,
    },
    { endedAt: time('When it ended.'), failure: failureShape },
  ),
);

export const replayJobsShape = object({ jobs: list(replayJobShape, 'The newest first; the last 20.') });
