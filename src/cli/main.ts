import { Command, CommanderError } from 'commander';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { actionsCommand } from './actions.ts';
import { demoCommand } from './demo.ts';
import { exitCode } from './exit-code.ts';
import { explainCommand } from './explain.ts';
import { replayCommand } from './replay.ts';
import { runCommand } from './run.ts';
import { sandboxCommand } from './sandbox.ts';
import { validateCommand } from './validate.ts';

const program = new Command('meta-actions')
  .description('Streams product analytics events from Kafka to Meta: Conversions API and Custom Audiences.')
  .showHelpAfterError('(--help shows what there is)')
  .exitOverride();

for (const command of [
  runCommand,
  replayCommand,
  validateCommand,
  explainCommand,
  sandboxCommand,
  demoCommand,
  actionsCommand,
]) {
  program.addCommand(command().exitOverride());
}

/** Errors that mean that the command was used or configured wrongly. */
const configurationCodes = /^(SETTING_|MAPPINGS_|MAPPING_|TRIGGER_|CONFIG_|SECRET_|USAGE)/;

async function main(): Promise<void> {
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.usage;
    } else if (error instanceof ConnectorError) {
      console.error(`error: ${error.message} [${error.code}]`);
      process.exitCode = configurationCodes.test(error.code) ? exitCode.usage : exitCode.failed;
    } else {
      console.error(error instanceof Error ? error.stack : messageOf(error));
      process.exitCode = exitCode.failed;
    }
  }
}

await main();
