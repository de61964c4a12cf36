import type { Reason } from './reasons.ts';

/** The reasons that only exports of Segment have. */
export const segmentReasons = {
  appOff: { text: 'App data is switched off there, and is not sent here.' },
  appSometimes: {
    text: 'Whether app data is sent depends on the event there: map `app_data`, or leave it out; nothing of it is sent now.',
  },
  limited: {
    text: 'A switch there, the list of Meta here (`["LDU"]`); without a country and a state 0 is sent for both.',
    example: { context: { traits: { state: 'CA' } } },
  },
  scopedId: {
    text: 'Meta wants the app or page that such an id belongs to: map `app_user_id` with `app_ids`, or `page_scoped_user_id` with `page_ids`.',
  },
  hook: { text: 'What the form for reverse ETL made; the id of its audience is `audience_id` here.' },
  noAudience: { text: 'The audience has no id in the export: map `audience_id` or `audience_name`.' },
  externalId: {
    text: "Segment's pages say that it hashes external ids of audiences; the action that it publishes sends them as they are, and so does the file. If the audience was filled with hashes, set `hash_external_id` before the first run: a removal must repeat what was added.",
    example: { userId: 'u-1' },
  },
  actionByName: {
    text: 'The id of the action means something in Segment only; the action was found by the name of the subscription.',
  },
  unknownAction: {
    text: 'No action here has this slug, and the name says no action: the subscription is left out. `--action ID=ACTION` says which it is.',
  },
  unknownDestination: {
    text: 'Which destination it is of is not worked out here: put it into the file of that one, and switch it on if both are on there.',
  },
  schedule: { text: 'A schedule of reverse ETL: rows come from your topic here, when they change.' },
  model: {
    text: 'The rows of a model of reverse ETL: have them in a topic, as events or with RECORDS=debezium or rows.',
  },
  rule: {
    text: 'A rule that leaves events out there, or changes them: where it is of a destination of Meta, write it into triggers and mappings.',
  },
  terraform: { text: 'State of Terraform: it has no meaning here.' },
  wrongSettings: { text: 'The settings are no object that can be read: the subscription is left out.' },
  oauth: { text: 'Segment holds the token itself: the file names an environment variable for yours.' },
} as const satisfies Readonly<Record<string, Reason>>;
