import type { JsonObject } from '../core/json.ts';

/** Why something isn't what it was, or why a person must say what it is to be. */
export interface Reason {
  readonly text: string;
  /** A part of an event that shows the difference. */
  readonly example?: JsonObject;
}

/** The reasons that several kinds of exports have in common. */
export const reasons = {
  unknown: { text: 'Nothing here reads this setting: say what it is to be, or leave it out.' },
  unread: { text: 'This is not worked out here, and not guessed: write the value into the mapping.' },
  clearSecret: {
    text: 'A secret stands here in clear text. It was not copied: put it into the environment variable that the file names now, and consider it known to whoever has the export.',
  },
  secretReference: { text: 'A secret by reference: the environment variable that the file names now.' },
  noPixel: {
    text: 'The export has no usable pixel (dataset) id: the file has 0 until you write yours, and Meta refuses every event till then.',
  },
  noMeaning: { text: 'It describes the other product, and has no meaning here.' },
  wholeObject: {
    text: 'One path to an object there; a path to each of its members here, since each is a field of its own.',
  },
  objectDirective: { text: 'Its members are fields of their own here: map each of them.' },
  emptyField: { text: 'It is off or empty there, so there is nothing of it here.' },
  noField: { text: 'The action has no such field: put it into `custom_data`, or leave it out.' },
  otherProduct: { text: 'It is no destination of Meta: left out.' },
  disabled: { text: 'It is switched off there, and here (`"enabled": false`).' },
  unclearSwitch: { text: 'It does not say true or false: it is off here until you switch it on.' },
  batching: {
    text: 'Requests are always batched here, to what Meta takes; `settings.batch` changes the limits.',
  },
  leftOut: { text: 'The subscription is left out, for the reason given at a part of it.' },
  noPlace: { text: 'There is no account in the export: write `ad_account_id` if audiences are known by their names.' },
  badTrigger: { text: 'The trigger is not valid here, so the subscription is left out:' },
  badMapping: { text: 'This mapping is not valid here, so the field is left out:' },
  missingField: {
    text: 'An event without the field meets this condition here, and not there: add `and … != null` to keep that.',
  },
  mixedOperators: {
    text: 'Here `and` binds tighter than `or`; the matcher that Segment publishes joins all conditions of one level by the last of the two. Write parentheses for what you mean.',
  },
  falsyElse: {
    text: '`else` with 0, false or an empty text counts here; there it was nothing.',
    example: { properties: {} },
  },
  blank: {
    text: '`blank` is about text here: 0, false and an empty list are values like others; there they counted as blank.',
    example: { properties: { total: 0 } },
  },
  replaceNothing: {
    text: '`@replace` of nothing is nothing here; there it was an empty text.',
    example: { traits: {} },
  },
  literalDirective: {
    text: 'A literal is literal here; there a directive in it was resolved.',
    example: { event: 'Order Completed' },
  },
  template: {
    text: 'What a template inserts is data here; there a template in it was expanded again.',
    example: { userId: 'u-1', properties: { query: '{{userId}}' } },
  },
  transformation: {
    text: 'A transformation is a program of yours: say in the mapping what it does, or run it before the topic.',
  },
  testCode: {
    text: 'Every event is marked as a test while the file has this; take it out in production.',
  },
  testCodeOff: { text: 'The test mode is off there, so the code is left out here.' },
} as const satisfies Readonly<Record<string, Reason>>;
