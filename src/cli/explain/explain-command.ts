import { Argument, Command, InvalidArgumentError } from 'commander';
import { actionsOption, mappingsOption } from '../command/mappings-option.ts';
import type { ExplainOptions } from './options.ts';

const exitCodes = `
Exit codes: 0, also where events are rejected or lines are no events (that is what was to be found out); 1 when
something failed; 2 when the command, the mappings, the trigger or the mapping is wrong.

Identifiers of people are shown as [hidden], but in the body as it would be sent, unless --show-identifiers is given.`;

export function explainCommand(): Command {
  return new Command('explain')
    .description('Shows what would be sent for events, and why the rest is not. Sends nothing.')
    .addArgument(new Argument('[events]', 'file with a JSON value, NDJSON or rows of cells; - for stdin').default('-'))
    .addOption(mappingsOption())
    .addOption(actionsOption())
    .option('--destination <name>', 'only what this one makes of them')
    .option('--subscription <id>', 'only what this one makes of them')
    .option('--trigger <expression>', 'try a trigger on the events instead of the mappings')
    .option('--mapping <json>', 'try a mapping on the events instead of the mappings')
    .option('--topic <name>', 'read them as SOURCES says of this topic: JSON, or a value in base64 a line')
    .option('--source <source>', 'kafka: read records of the topic as they are now, and commit nothing')
    .option(
      '--from <place>',
      'with --source kafka: earliest, an ISO 8601 time, or an age such as 1h (default: the newest)',
    )
    .option('--limit <number>', 'with --source kafka: so many records', records, 10)
    .option('--json', 'one line of JSON per event')
    .option('--verbose', 'with --json: also how each trigger came out and where each field comes from')
    .option('--summary', 'per subscription how its events end and which identifiers they lack; --json: a line each')
    .option('--show-identifiers', 'show identifiers of people, and the values before hashing')
    .addHelpText('after', exitCodes)
    .action(async (path: string, options: ExplainOptions) => {
      const { explain } = await import('./explain.ts');
      await explain(path, options);
    });
}

function records(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 10_000) return number;
  throw new InvalidArgumentError('must be a number from 1 to 10000');
}
