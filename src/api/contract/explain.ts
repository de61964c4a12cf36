import { failureShape } from './failures.ts';
import {
  anything,
  choice,
  count,
  flag,
  list,
  named,
  object,
  record,
  reference,
  type Shape,
  text,
  time,
} from './shape.ts';

/** A trigger that was asked of an event, node by node. */
export interface TriggerTree {
  readonly kind: string;
  readonly text: string;
  readonly matched: boolean;
  readonly value: unknown;
  readonly saw?: readonly unknown[];
  readonly operator?: string;
  readonly parts?: readonly TriggerTree[];
}

const treeShape: Shape<TriggerTree> = named(
  'TriggerTree',
  object(
    {
      kind: choice(['literal', 'path', 'and', 'or', 'not', 'list', 'call', 'compare'], 'Of the node.'),
      text: text('As it is written; of and, or, not that word.'),
      matched: flag('The node, taken as a condition, is met.'),
      value: anything('What the node gave; null: the path is not there.'),
    },
    {
      saw: list(anything('A value.'), 'What a comparison (left, right) or a call saw.'),
      operator: text('Of a comparison.'),
      parts: list(reference<TriggerTree>('TriggerTree'), 'The nodes under this one.'),
    },
  ),
);

const warningShape = object(
  { code: text('Stable.'), message: text('In words.') },
  { field: text('The field concerned.') },
);

const fieldsShape = record(
  object(
    { from: choice(['default', 'mapping', 'both'], 'Whose mapping gave it.') },
    { value: anything('Absent: nothing that can be used; identifiers are "[hidden]" unless they were asked for.') },
  ),
  'The fields as the action gets them.',
);

const names = { destination: text('Its name.'), subscription: text('Its id.') };

export const explanationShape = named(
  'Explanation',
  object(
    {
      event: object(
        { index: count('From 0.') },
        {
          position: count('Which event of its record.'),
          type: anything('track, page, …'),
          event: anything('Its name.'),
          messageId: anything('Its id.'),
        },
      ),
      deliveries: list(
        object(
          {
            ...names,
            action: text('The key of the action.'),
            status: choice(['ready', 'rejected'], 'What would become of it.'),
            warnings: list(warningShape),
          },
          {
            trigger: treeShape,
            fields: fieldsShape,
            identifiers: record(
              list(text('A value.')),
              'The normalized values of which hashes are sent; "[hidden]" unless they were asked for.',
            ),
            request: object({
              method: text('POST or DELETE.'),
              path: text('Of the Graph API.'),
              body: anything('Byte for byte as JSON; what is not hashed and identifies a person is "[hidden]".'),
            }),
            error: failureShape,
          },
        ),
      ),
      skipped: list(object({ ...names, reason: text('trigger, consent, integrations, …') }, { trigger: treeShape })),
    },
    { error: failureShape },
  ),
);

export const problemShape = named(
  'Problem',
  object(
    {
      severity: choice(['error', 'warning'], 'An error keeps the file from being used.'),
      code: text('Stable.'),
      message: text('In words.'),
      line: count('From 1.'),
      column: count('From 1.'),
    },
    { fix: text('What to do.') },
  ),
);

export const explainRequestShape = named(
  'ExplainRequest',
  object(
    {},
    {
      event: anything('The event, or a list of events. One of event, text, letter and sample is needed.'),
      text: text('The event as text: JSON.'),
      letter: text('The id of a dead letter: its event.'),
      sample: text('The id of a decision that was told of in the live stream: its event.'),
      destination: text('Only this one.'),
      subscription: text('Only the one with this id.'),
      file: text('The text of a destination file to try instead of the active one.'),
    },
  ),
);

export const explainAnswerShape = named(
  'ExplainAnswer',
  object({
    explanations: list(explanationShape, 'One for each event, at most 100; none where the file has errors.'),
    problems: list(problemShape, 'What is wrong with `file`.'),
    identifiers: choice(['hidden', 'shown'], 'Whether identifiers of people are in this answer.'),
  }),
);

export const decisionEventShape = object(
  { identifiers: choice(['hidden', 'shown'], 'Whether identifiers of people are in this answer.') },
  {
    event: anything('The event as JSON; identifiers of people are "[hidden]" unless they were asked for.'),
    raw: text('The beginning of a value that is no JSON; only where identifiers were asked for.'),
  },
);

export const decisionShape = named(
  'Decision',
  object(
    {
      at: time('When it was decided.'),
      topic: text("The record's topic."),
      partition: count("The record's partition."),
      offset: count("The record's offset."),
      outcome: choice(['sent', 'rejected', 'skipped', 'no_match', 'undecodable'], 'sent: on its way to Meta.'),
      text: text('The decision in words.'),
    },
    {
      sample: text('For `explain`: its event, one of the last hundred; absent: it is too large.'),
      type: text('Of the event.'),
      event: text('The name of the event.'),
      messageId: text('Of the event.'),
      destination: text('Its name.'),
      subscription: text('Its id.'),
      action: text('The key of the action.'),
      code: text('Of a rejection, or the reason of a skip.'),
    },
  ),
);
