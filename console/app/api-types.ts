/** What the API answers, by the very shapes that it is described and checked with. */
import type {
  audienceHistoryShape,
  audienceShape,
  audiencesShape,
  coverageShape,
} from '../../src/api/contract/audiences.ts';
import type {
  deadLetterDetailShape,
  deadLetterFilterShape,
  deadLetterGroupsShape,
  deadLetterShape,
  deadLettersShape,
  replayJobShape,
  replayPreviewShape,
  replayRequestShape,
} from '../../src/api/contract/dead-letters.ts';
import type {
  destinationShape,
  destinationsShape,
  fileShape,
  historyShape,
  laneShape,
  lanesShape,
  partitionsShape,
  subscriptionDetailShape,
  subscriptionShape,
  subscriptionsShape,
} from '../../src/api/contract/destinations.ts';
import type {
  decisionEventShape,
  decisionShape,
  explainAnswerShape,
  explainRequestShape,
  explanationShape,
  problemShape,
} from '../../src/api/contract/explain.ts';
import type { routes } from '../../src/api/contract/routes.ts';
import type { Of } from '../../src/api/contract/shape.ts';
import type { membersShape, needShape, sessionShape, statusShape } from '../../src/api/contract/status.ts';

export type Status = Of<typeof statusShape>;
export type Need = Of<typeof needShape>;
export type Session = Of<typeof sessionShape>;
export type Members = Of<typeof membersShape>;
export type Destination = Of<typeof destinationShape>;
export type Destinations = Of<typeof destinationsShape>;
export type DestinationFile = Of<typeof fileShape>;
export type Lane = Of<typeof laneShape>;
export type Lanes = Of<typeof lanesShape>;
export type Subscription = Of<typeof subscriptionShape>;
export type Subscriptions = Of<typeof subscriptionsShape>;
export type SubscriptionDetail = Of<typeof subscriptionDetailShape>;
export type Partitions = Of<typeof partitionsShape>;
export type History = Of<typeof historyShape>;
export type DeadLetter = Of<typeof deadLetterShape>;
export type DeadLetters = Of<typeof deadLettersShape>;
export type DeadLetterGroups = Of<typeof deadLetterGroupsShape>;
export type DeadLetterDetail = Of<typeof deadLetterDetailShape>;
export type DeadLetterFilter = Of<typeof deadLetterFilterShape>;
export type ReplayRequest = Of<typeof replayRequestShape>;
export type ReplayPreview = Of<typeof replayPreviewShape>;
export type ReplayJob = Of<typeof replayJobShape>;
export type Audience = Of<typeof audienceShape>;
export type Audiences = Of<typeof audiencesShape>;
export type AudienceHistory = Of<typeof audienceHistoryShape>;
export type Coverage = Of<typeof coverageShape>;
export type Explanation = Of<typeof explanationShape>;
export type ExplainRequest = Of<typeof explainRequestShape>;
export type ExplainAnswer = Of<typeof explainAnswerShape>;
export type Problem = Of<typeof problemShape>;
export type DecisionEvent = Of<typeof decisionEventShape>;
export type Decision = Of<typeof decisionShape>;
export type Reload = Of<(typeof routes)['reload']['answer']>;
export type TestSent = Of<(typeof routes)['sendTest']['answer']>;
export type ExplainedDelivery = Explanation['deliveries'][number];
export type TriggerTree = NonNullable<ExplainedDelivery['trigger']>;
