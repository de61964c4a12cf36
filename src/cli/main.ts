import { exitCode } from './command/exit-code.ts';
import { printBug, runProgram } from './program.ts';

const parameters = process.argv.slice(2);

// Node would print the message, too, which quotes what the program failed on.
process.on('uncaughtException', (error) => {
  printBug(parameters[0], error);
  process.exit(exitCode.failed);
});

await runProgram(parameters);
