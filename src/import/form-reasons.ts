import type { Reason } from './reasons.ts';

/** The reasons of what is filled in by hand, and of rows of a warehouse. */
export const formReasons = {
  quotes: { text: 'Typographic quotes are straight here.' },
  defaultTrigger: { text: 'The default trigger of the action, which is the same.' },
  noTrigger: { text: 'The action has no default trigger: the subscription is left out until you write one.' },
  unknownAction: { text: 'There is no action of this name: the subscription is left out.' },
  placeholders: { text: 'A text with placeholders: write it as `@template` or `@liquid`.' },
  noField: { text: 'No field of the action is called that: put it into `custom_data`, or leave it out.' },
  noColumn: { text: 'It names no column, and no fixed value.' },
  rows: {
    text: 'Rows come from a topic: one called like the model, with RECORDS=debezium or rows, or one event each (new, updated, deleted).',
    example: { type: 'track', event: 'new', properties: { email: 'ada@example.com' } },
  },
  noTopic: {
    text: 'The model is not called like a topic: write `topics`, and switch the subscription on.',
  },
  schedule: { text: 'Rows are sent as they come: there is no schedule.' },
  paused: { text: 'The sync is paused there, and the subscription is off here.' },
  rowEvents: {
    text: 'A row that is new is an event; one that is changed or deleted is none.',
    example: { type: 'track', event: 'updated', properties: {} },
  },
  mode: { text: 'What becomes of rows that come and go: `sync_mode` mirror, upsert or delete.' },
  hashed: { text: 'What is a hash already is passed on, and all else is hashed: no switch is needed.' },
  unknownSync: { text: 'The sync is neither of events nor of an audience: it has no event name and no audience.' },
} as const satisfies Readonly<Record<string, Reason>>;
