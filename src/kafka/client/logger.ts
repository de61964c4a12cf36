import kafkajs, { type logCreator } from 'kafkajs';

export type KafkaLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Takes what kafkajs has to say. `fields` holds names, numbers and the broker's error texts; never a record. */
export type KafkaLog = (level: KafkaLogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;

const { logLevel } = kafkajs;

/** Left out: stacks say nothing about our code, and the offsets of a failed commit can be long. */
const LEFT_OUT = new Set(['timestamp', 'logger', 'message', 'stack', 'helpUrl', 'offsets', 'topicPartitions']);

/**
 * Routes kafkajs's log into a callback. Its levels are lowered by one: it calls every answer that it retries an error,
 * also `The group is rebalancing`. What really ends the consumer is told by its CRASH event, not by the log.
 */
export function kafkaLogCreator(log: KafkaLog): logCreator {
  return () => (entry) => {
    const fields = Object.fromEntries(Object.entries(entry.log).filter(([key]) => !LEFT_OUT.has(key)));
    log(levelOf(entry.level), `[${entry.namespace}] ${entry.log.message}`, fields);
  };
}

function levelOf(level: number): KafkaLogLevel {
  return level === logLevel.ERROR ? 'warn' : level === logLevel.WARN ? 'info' : 'debug';
}
