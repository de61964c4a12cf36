import type { Environment } from '../../config/environment.ts';

export interface DemoPlaces {
  readonly brokers: string;
  readonly topic: string;
  readonly graph: string;
}

/**
 * The settings of the demo's connector: those of the surroundings, but for what says where a run reads, writes and tells.
 * With a run's settings in the shell the invented shop must not get into its dead letters, whose replay would send
 * them to Meta, nor wake anybody; and its events are calls, whatever is on the topics of the run.
 */
export function demoEnvironment(given: Environment, { brokers, topic, graph }: DemoPlaces): Environment {
  return {
    LOG_LEVEL: 'warn',
    OPS_PORT: '0',
    // Nobody in this shop is a real person.
    OPS_SHOW_IDENTIFIERS: 'true',
    ...given,
    RECORDS: undefined,
    ENVELOPE: undefined,
    SOURCES: undefined,
    NOTIFY_URL: undefined,
    NOTIFY_URL_FILE: undefined,
    KAFKA_BROKERS: brokers,
    KAFKA_TOPICS: topic,
    KAFKA_DEAD_LETTER_TOPIC: `${topic}.dead-letters`,
    KAFKA_GROUP_ID: `${topic}-demo`,
    KAFKA_FROM: 'earliest',
    // A session must outlive a request, because audiences are changed.
    KAFKA_SESSION_TIMEOUT_MS: '6000',
    META_REQUEST_TIMEOUT_MS: '4000',
    META_HAND_OVER_MARGIN_MS: '1000',
    META_GRAPH_URL: graph,
    // Everything is on this machine.
    NO_PROXY: '*',
    no_proxy: '*',
    META_ACCESS_TOKEN: 'demo-access-token',
  };
}
