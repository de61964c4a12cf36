import { audienceHistoryShape, audiencesShape, coverageShape } from './audiences.ts';
import {
  deadLetterDetailShape,
  deadLetterFilterShape,
  deadLetterGroupsShape,
  deadLetterQueryShape,
  deadLettersShape,
  replayJobShape,
  replayJobsShape,
  replayPreviewShape,
  replayRequestShape,
} from './dead-letters.ts';
import {
  destinationShape,
  destinationsShape,
  fileShape,
  historyShape,
  lanesShape,
  partitionsShape,
  subscriptionDetailShape,
  subscriptionsShape,
} from './destinations.ts';
import { decisionEventShape, decisionShape, explainAnswerShape, explainRequestShape, problemShape } from './explain.ts';
import { anything, choice, count, flag, list, object, type Shape, text } from './shape.ts';
import { membersShape, sessionShape, statusShape } from './status.ts';

/** One route, without the `/api/v1` before it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** `{name}` stands for a part that is encoded as in any address: a slash in a name is `%2F`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: Shape<unknown>;
  readonly body?: Shape<unknown>;
  /** The status of success. */
  readonly status: number;
  readonly answer: Shape<unknown>;
  /** `stream`: each message of the answer's event stream is of the shape. */
  readonly stream?: true;
  /** What else it may answer, besides what all may: 400, 401, 403, 500 and 503. */
  readonly refusals?: readonly number[];
}

const identifiers = {
  identifiers: flag('Show identifiers of people; only where OPS_SHOW_IDENTIFIERS allows it. Each showing is logged.'),
};

const decisionQuery = object(
  {},
  {
    destination: text('Only of this destination.'),
    subscription: text('Only of the subscription with this id.'),
    outcome: text('Only these outcomes, separated by commas.'),
    event: text('Only of events whose name holds this text; case is ignored.'),
    perSecond: count('At most so many a second, 1 to 50; 10 by default.'),
  },
);

/** Every route of the API: what is served, described and tested comes from here. */
export const routes = {
  description: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description, as OpenAPI 3.1.',
    status: 200,
    answer: anything('An OpenAPI document.'),
  },
  session: {
    method: 'GET',
    path: '/session',
    summary: "What this caller may do, and the page's own token.",
    status: 200,
    answer: sessionShape,
  },
  status: {
    method: 'GET',
    path: '/status',
    summary: 'How it is: in a sentence, in numbers, and what needs a person.',
    status: 200,
    answer: statusShape,
  },
  members: {
    method: 'GET',
    path: '/members',
    summary: 'The processes of the consumer group.',
    status: 200,
    answer: membersShape,
  },
  destinations: {
    method: 'GET',
    path: '/destinations',
    summary: 'All destinations.',
    status: 200,
    answer: destinationsShape,
  },
  destination: {
    method: 'GET',
    path: '/destinations/{name}',
    summary: 'One destination.',
    status: 200,
    answer: destinationShape,
    refusals: [404],
  },
  destinationFile: {
    method: 'GET',
    path: '/destinations/{name}/file',
    summary: 'The file of a destination, as it is on the disk.',
    status: 200,
    answer: fileShape,
    refusals: [404],
  },
  pauseDestination: {
    method: 'POST',
    path: '/destinations/{name}/pause',
    summary: 'Sends nothing more of the destination until it is resumed; nothing is lost.',
    status: 200,
    answer: destinationShape,
    refusals: [404],
  },
  drainDestination: {
    method: 'POST',
    path: '/destinations/{name}/drain',
    summary: 'Sends what was taken so far, then pauses.',
    status: 200,
    answer: destinationShape,
    refusals: [404],
  },
  resumeDestination: {
    method: 'POST',
    path: '/destinations/{name}/resume',
    summary: 'Goes on; what is blocked tries at once.',
    status: 200,
    answer: destinationShape,
    refusals: [404],
  },
  lanes: { method: 'GET', path: '/lanes', summary: 'All lanes.', status: 200, answer: lanesShape },
  pauseLane: {
    method: 'POST',
    path: '/lanes/{name}/pause',
    summary: 'Sends nothing more of the lane until it is resumed.',
    status: 200,
    answer: lanesShape,
    refusals: [404],
  },
  resumeLane: {
    method: 'POST',
    path: '/lanes/{name}/resume',
    summary:
      'Goes on; a blocked lane tries at once. So does what is held because much is rejected, a lane or a subscription.',
    status: 200,
    answer: lanesShape,
    refusals: [404],
  },
  reload: {
    method: 'POST',
    path: '/reload',
    summary: 'Reads the mappings again, as SIGHUP does. If any is wrong, nothing changes.',
    status: 200,
    answer: object({
      applied: flag('The mappings on the disk are active.'),
      problems: list(problemShape, 'What is wrong with them, or doubtful.'),
      message: text('The outcome in words.'),
    }),
    refusals: [409],
  },
  subscriptions: {
    method: 'GET',
    path: '/subscriptions',
    summary: 'All subscriptions.',
    query: object({}, { destination: text('Only of this destination.') }),
    status: 200,
    answer: subscriptionsShape,
  },
  subscription: {
    method: 'GET',
    path: '/subscriptions/{destination}/{id}',
    summary: 'One subscription, with its mapping and fields.',
    status: 200,
    answer: subscriptionDetailShape,
    refusals: [404],
  },
  history: {
    method: 'GET',
    path: '/history',
    summary: 'Counts over time: of the whole process, or of one destination or subscription.',
    query: object(
      {},
      {
        range: choice(['10m', '24h'], 'Points of a second or of a minute; 10m by default.'),
        destination: text('Of this destination.'),
        subscription: text("Of its subscription with this id; the destination's name is needed, too."),
      },
    ),
    status: 200,
    answer: historyShape,
    refusals: [404],
  },
  partitions: {
    method: 'GET',
    path: '/partitions',
    summary: 'The partitions that this process reads.',
    status: 200,
    answer: partitionsShape,
  },
  deadLetters: {
    method: 'GET',
    path: '/dead-letters',
    summary: 'Dead letters, the newest first, a page at a time.',
    query: deadLetterQueryShape,
    status: 200,
    answer: deadLettersShape,
  },
  deadLetterGroups: {
    method: 'GET',
    path: '/dead-letters/groups',
    summary: 'Dead letters by code, with counts over time.',
    query: deadLetterFilterShape,
    status: 200,
    answer: deadLetterGroupsShape,
  },
  deadLetter: {
    method: 'GET',
    path: '/dead-letters/{id}',
    summary: 'One dead letter: why it is there, what to do, and what would become of it now.',
    query: object({}, identifiers),
    status: 200,
    answer: deadLetterDetailShape,
    refusals: [404],
  },
  previewReplay: {
    method: 'POST',
    path: '/replays/preview',
    summary: 'What a replay would do. Sends and marks nothing.',
    body: replayRequestShape,
    status: 200,
    answer: replayPreviewShape,
    refusals: [409],
  },
  replays: {
    method: 'GET',
    path: '/replays',
    summary: 'Replays since the start.',
    status: 200,
    answer: replayJobsShape,
  },
  replay: {
    method: 'GET',
    path: '/replays/{id}',
    summary: 'One replay.',
    status: 200,
    answer: replayJobShape,
    refusals: [404],
  },
  startReplay: {
    method: 'POST',
    path: '/replays',
    summary: 'Sends dead letters again, each to the one subscription that failed. One replay runs at a time.',
    body: replayRequestShape,
    status: 201,
    answer: replayJobShape,
    refusals: [409],
  },
  stopReplay: {
    method: 'POST',
    path: '/replays/{id}/stop',
    summary: 'Stops a replay; what is done stays done.',
    status: 200,
    answer: replayJobShape,
    refusals: [404],
  },
  audiences: {
    method: 'GET',
    path: '/audiences',
    summary: 'Audiences that were changed since the start, or are named by a mapping.',
    status: 200,
    answer: audiencesShape,
  },
  audienceHistory: {
    method: 'GET',
    path: '/audiences/{destination}/{id}/history',
    summary: 'Who joined and left an audience, over time. Of the 200 audiences that were changed last.',
    query: object({}, { range: choice(['10m', '24h'], 'Points of a second or of a minute; 10m by default.') }),
    status: 200,
    answer: audienceHistoryShape,
    refusals: [404],
  },
  coverage: {
    method: 'GET',
    path: '/coverage',
    summary: 'How many events carry each match key.',
    status: 200,
    answer: coverageShape,
  },
  explain: {
    method: 'POST',
    path: '/explain',
    summary: 'What would be sent for an event, and why the rest is not. Sends nothing.',
    query: object({}, identifiers),
    body: explainRequestShape,
    status: 200,
    answer: explainAnswerShape,
    refusals: [404, 413],
  },
  sendTest: {
    method: 'POST',
    path: '/test-events',
    summary: 'Sends an event to the Test events of the Events Manager, for one subscription that feeds a pixel.',
    body: object({
      destination: text('Its name.'),
      subscription: text('Its id.'),
      event: anything('The event.'),
      testEventCode: text('As the Events Manager shows it.'),
    }),
    status: 200,
    answer: object({
      accepted: flag('Meta took it.'),
      received: count('Events that Meta counted.'),
      message: text('The outcome in words.'),
    }),
    refusals: [404, 409],
  },
  decisions: {
    method: 'GET',
    path: '/decisions',
    summary: 'Decisions as they happen, sampled, as Server-Sent Events `decision`; `: alive` every 15 s.',
    query: decisionQuery,
    status: 200,
    answer: decisionShape,
    stream: true,
  },
  decisionEvent: {
    method: 'GET',
    path: '/decisions/{sample}/event',
    summary: 'The event of a decision that the stream told of: one of the last thousand, or chosen before.',
    query: object({}, identifiers),
    status: 200,
    answer: decisionEventShape,
    refusals: [404],
  },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteName = keyof typeof routes;
