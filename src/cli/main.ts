import { Command, CommanderError } from 'commander';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { ended } from './command/exit.ts';
import { exitCode } from './command/exit-code.ts';

const program = new Command('meta-actions')
  .description('Streams product analytics events from Kafka to Meta: Conversions API and Custom Audiences.')
  .showHelpAfterError('(--help shows what there is)')
  .exitOverride();

/** Loaded when they are asked for: most need little of the product. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).runCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  validate: async () => (await import('./validate.ts')).validateCommand(),
  explain: async () => (await import('./explain/explain.ts')).explainCommand(),
  sandbox: async () => (await import('./sandbox.ts')).sandboxCommand(),
  demo: async () => (await import('./demo/demo.ts')).demoCommand(),
  actions: async () => (await import('./actions.ts')).actionsCommand(),
  audiences: async () => (await import('./audiences/audiences.ts')).audiencesCommand(),
};

/** The command that the arguments name, or all of them for the help. */
async function addCommands(name: string | undefined): Promise<void> {
  const named = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  for (const load of named === undefined ? Object.values(commands) : [named]) {
    program.addCommand((await load()).exitOverride());
  }
}

/** Errors that mean that the command was used or configured wrongly. */
const configurationCodes = /^(SETTING_|MAPPINGS_|MAPPING_|PARKING_|TRIGGER_|CONFIG_|SECRET_|USAGE)/;

async function main(): Promise<void> {
  try {
    await addCommands(process.argv[2]);
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.usage;
    } else if (error instanceof ConnectorError) {
      console.error(`error: ${error.message} [${error.code}]`);
      // At once: the client of a broker that doesn't answer would keep the process for as long as it goes on trying.
      process.exit(configurationCodes.test(error.code) ? exitCode.usage : exitCode.failed);
    } else {
      console.error(error instanceof Error ? error.stack : messageOf(error));
      ended(exitCode.failed);
    }
  }
}

await main();
