import { Command } from 'commander';
import { readSettings } from '../config/environment.ts';
import { hasErrors, renderProblem } from '../config/problems.ts';
import { exitCode } from './command/exit-code.ts';
import { actionsOption, loadedDestinations, mappingsOption, type MappingsOptions } from './command/mappings-option.ts';
import { print } from './command/print.ts';
import { surroundings } from './command/surroundings.ts';
import { exitWhenDone } from './command/exit.ts';

interface ValidateOptions extends MappingsOptions {
  readonly json?: boolean;
}

export function validateCommand(): Command {
  return new Command('validate')
    .description(
      'Checks destination files, and the file that SOURCES names: every problem with file, line, column and what to do.',
    )
    .addOption(mappingsOption())
    .addOption(actionsOption())
    .option('--json', 'print the problems as JSON')
    .action(async (options: ValidateOptions) => {
      const { loadSources } = await import('../config/sources.ts');
      const loaded = await loadedDestinations(options, Date.now());
      const settings = readSettings(surroundings().environment);
      const problems = [...loaded.problems, ...loadSources(settings).problems];
      const files = settings.SOURCES === undefined ? loaded.files : [...loaded.files, settings.SOURCES];
      const { destinations } = loaded;
      const bad = hasErrors(problems);
      if (options.json === true) print(JSON.stringify({ valid: !bad, files, problems }, null, 2));
      else {
        for (const problem of problems) print(renderProblem(problem));
        const count = destinations.reduce((sum, { subscriptions }) => sum + subscriptions.length, 0);
        const errors = problems.filter(({ severity }) => severity === 'error').length;
        const found = `${errors} errors, ${problems.length - errors} warnings`;
        print(
          bad
            ? `${files.length} files: ${found}`
            : `${files.length} files are valid (${found}): ${destinations.length} destinations, ${count} subscriptions`,
        );
      }
      exitWhenDone(bad ? exitCode.usage : exitCode.done);
    });
}
