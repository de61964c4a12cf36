import { Command, CommanderError } from 'commander';
import { packageVersion } from '../config/build-info.ts';
import { stackOf } from '../core/bug.ts';
import { ConnectorError } from '../core/errors.ts';
import { commandDescriptions } from './command-descriptions.ts';
import { commands } from './commands.ts';
import { exitAtOnce, exitWhenDone, exitWith } from './command/exit.ts';
import { exitCode } from './command/exit-code.ts';
import { failureLine } from './command/failure-line.ts';
import { printAside } from './command/print.ts';
import { surroundings } from './command/surroundings.ts';

/** Does what the arguments say, in the surroundings that it is called in, and leaves them with an exit code. */
export async function runProgram(parameters: readonly string[]): Promise<void> {
  try {
    const program = await programOf(parameters);
    await program.parseAsync(parameters, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      exitWhenDone(error.exitCode === 0 ? exitCode.done : exitCode.usage);
    } else if (error instanceof ConnectorError) {
      printFailure(parameters[0], `error: ${error.message} [${error.code}]`, error.code);
      exitAtOnce(configurationCodes.test(error.code) ? exitCode.usage : exitCode.failed);
    } else {
      printBug(parameters[0], error);
      exitWith(exitCode.failed);
    }
  }
}

/** Tells of an exception that nobody expected. */
export function printBug(command: string | undefined, error: unknown): void {
  printFailure(command, stackOf(error));
}

/** The command that is named; for the help what each says of itself, since loading all of them takes its time. */
async function programOf([first, second]: readonly string[]): Promise<Command> {
  const program = new Command('meta-actions')
    .description('Streams product analytics events from Kafka to Meta: Conversions API and Custom Audiences.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .showHelpAfterError('(--help shows the commands and options)');
  const name = (first === 'help' ? second : first) ?? '';
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    for (const [each, description] of Object.entries(commandDescriptions)) {
      program.command(each).description(description);
    }
  } else program.addCommand(await load());
  stayHere(program);
  return program;
}

/** Commander would end the process and write to its streams, and asks each command for itself. */
function stayHere(command: Command): void {
  const { stdout, stderr } = surroundings();
  command.exitOverride().configureOutput({
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
  });
  for (const each of command.commands) stayHere(each);
}

/** The codes of errors in the usage or the configuration. */
const configurationCodes = /^(ACTIONS?_|SETTING_|MAPPINGS_|MAPPING_|PARKING_|TRIGGER_|CONFIG_|SECRET_|IMPORT_|USAGE)/;

function printFailure(command: string | undefined, text: string, code?: string): void {
  const isTerminal = surroundings().stderr.isTTY === true;
  printAside(failureLine({ text, ...(code !== undefined && { code }) }, { command, isTerminal }));
}
