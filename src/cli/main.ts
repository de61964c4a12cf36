import { Command, CommanderError } from 'commander';
import { packageVersion } from '../config/build-info.ts';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { commandDescriptions } from './command-descriptions.ts';
import { commands } from './commands.ts';
import { exitWith } from './command/exit.ts';
import { exitCode } from './command/exit-code.ts';
import { failureLine } from './command/failure-line.ts';
import { printAside } from './command/print.ts';

const program = new Command('meta-actions')
  .description('Streams product analytics events from Kafka to Meta: Conversions API and Custom Audiences.')
  .version(packageVersion(), '-V, --version', 'print the version')
  .showHelpAfterError('(--help shows the commands and options)')
  .exitOverride();

/** The command that the arguments name; for the help what each says of itself, since loading all of them takes its time. */
async function addCommands([first, second]: readonly string[]): Promise<void> {
  const name = (first === 'help' ? second : first) ?? '';
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) {
    program.addCommand((await load()).exitOverride());
    return;
  }
  for (const [each, description] of Object.entries(commandDescriptions)) {
    program.command(each).description(description).exitOverride();
  }
}

/** The codes of errors in the usage or the configuration. */
const configurationCodes = /^(ACTIONS?_|SETTING_|MAPPINGS_|MAPPING_|PARKING_|TRIGGER_|CONFIG_|SECRET_|IMPORT_|USAGE)/;

function printFailure(text: string, code?: string): void {
  const place = { command: process.argv[2], isTerminal: process.stderr.isTTY };
  printAside(failureLine({ text, ...(code !== undefined && { code }) }, place));
}

async function main(): Promise<void> {
  try {
    await addCommands(process.argv.slice(2));
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.usage;
    } else if (error instanceof ConnectorError) {
      printFailure(`error: ${error.message} [${error.code}]`, error.code);
      // At once: a Kafka client whose broker doesn't answer would keep the process for as long as it goes on trying.
      process.exit(configurationCodes.test(error.code) ? exitCode.usage : exitCode.failed);
    } else {
      printFailure(error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
      exitWith(exitCode.failed);
    }
  }
}

await main();
