import type { Reason } from './reasons.ts';

/** The reasons that only exports of RudderStack have. */
export const rudderReasons = {
  source: { text: 'Sources are topics here: KAFKA_TOPICS, or `topics` of a destination.' },
  sourceOff: { text: 'The source is off there: see that its topic is not among those that are read.' },
  again: { text: 'The same destination, connected to another source: it is one file.' },
  eventNames: {
    text: 'One subscription for each event of Meta, with the events of the Segment spec that become it there by themselves.',
  },
  denied: {
    text: 'Nothing is needed: what may identify a person is taken out of everything that is not hashed. Nor is a hash of it sent under its name.',
    example: { properties: { email: 'ada@example.com' } },
  },
  allowed: {
    text: 'Sent as it is under custom_data (`in_the_clear`), which `validate` names.',
    example: { properties: { city: 'London' } },
  },
  limited: {
    text: 'There limited data use is what an event asks for; here it is so for every event that does not say otherwise.',
    example: { context: { dataProcessingOptions: [['LDU'], 1, 1000] } },
  },
  filter: { text: 'The list of names is in the triggers.' },
  consent: {
    text: 'Whoever has denied a consent is left out, whatever the source of the event is, except where they leave an audience.',
    example: { context: { consentManagement: { deniedConsentIds: ['marketing'] } } },
  },
  connection: { text: 'Everything goes from your topics to Meta: there are no modes of connection.' },
  device: {
    text: 'Events went from the browser itself. The pixel may go on with that: give both the same event_id, so that Meta counts an event once.',
  },
  valueField: {
    text: 'The value of a product is read from this property, where a product is viewed or put into the cart.',
  },
  placeholder: { text: 'No id that can be used stands here:' },
  hashing: {
    text: 'What is a hash already is never hashed again here; where hashing is off, a value that is no hash is refused. External ids are hashed as they were there.',
  },
  userCount: { text: 'A list of people is cut into requests of 10,000 rows.' },
  noAudience: {
    text: 'The audience is what RudderStack put into the calls of its reverse ETL (`context.externalId`).',
  },
  dataSource: { text: 'What kind of a source it is, as Meta calls it (`data_source`).' },
} as const satisfies Readonly<Record<string, Reason>>;
