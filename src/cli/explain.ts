import { Argument, Command } from 'commander';
import { readSettings } from '../config/environment.ts';
import type { SourceRecord } from '../core/record.ts';
import { type ExplainedDelivery, type Explanation, explainEvent } from './explain-event.ts';
import { mappingsOption, soundDestinations } from './mappings.ts';
import { readEvents } from './read-events.ts';

interface ExplainCommandOptions {
  readonly mappings: string;
  readonly json?: boolean;
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('Shows what would be sent for events, and why the rest is not. Sends nothing.')
    .addArgument(new Argument('[events]', 'file with a JSON value or NDJSON; - for stdin').default('-'))
    .addOption(mappingsOption())
    .option('--json', 'one line of JSON per event')
    .action(async (path: string, options: ExplainCommandOptions) => {
      const destinations = await soundDestinations(options.mappings);
      const settings = readSettings(process.env);
      const decode = { envelope: settings.ENVELOPE, maxRecordBytes: settings.MAX_RECORD_BYTES };
      const now = Date.now();
      for (const [index, value] of readEvents(path).entries()) {
        const explanation = explainEvent(recordOf(value, index, now), index, { destinations, decode, now });
        process.stdout.write(`${options.json === true ? JSON.stringify(explanation) : render(explanation)}\n`);
      }
    });
}

function recordOf(value: Buffer, index: number, now: number): SourceRecord {
  return {
    topic: 'explain',
    partition: 0,
    offset: index,
    next: index + 1,
    timestamp: now,
    key: null,
    value,
    headers: undefined,
  };
}

function render({ event, error, deliveries, skipped }: Explanation): string {
  const name = event.event === undefined ? '' : ` ${JSON.stringify(event.event)}`;
  const lines = [`event ${event.index}: ${event.type ?? 'undecodable'}${name}`];
  if (error !== undefined) lines.push(`  ✗ dead letter: ${error.message} [${error.code}]`);
  for (const delivery of deliveries) lines.push(...renderDelivery(delivery));
  for (const { subscription, reason } of skipped) lines.push(`  – ${subscription || 'record'}: not sent (${reason})`);
  return lines.join('\n');
}

function renderDelivery(delivery: ExplainedDelivery): string[] {
  const head = `${delivery.subscription} (${delivery.action} → ${delivery.destination})`;
  const lines: string[] = [];
  if (delivery.error !== undefined) {
    const { message, code, fix } = delivery.error;
    lines.push(`  ✗ ${head}: dead letter: ${message} [${code}]`);
    if (fix !== undefined) lines.push(`      fix: ${fix}`);
  }
  if (delivery.request !== undefined) {
    const { method, path, body } = delivery.request;
    lines.push(`  ✓ ${head}: ${method} ${path}`);
    lines.push(JSON.stringify(body, null, 2).replace(/^/gm, '      '));
  }
  for (const { code, message } of delivery.warnings) lines.push(`      warning: ${message} [${code}]`);
  return lines;
}
