import { Argument, Command } from 'commander';
import type { Action } from '../core/action.ts';
import { ConnectorError } from '../core/errors.ts';
import type { FieldDefinition } from '../core/field.ts';
import { suggest } from '../core/suggest.ts';
import { actionsOption } from './command/mappings-option.ts';
import { loadAvailableActions } from '../connector/available-actions.ts';
import { print } from './command/print.ts';

interface ActionsOptions {
  readonly actions?: string;
  readonly json?: boolean;
}

export function actionsCommand(): Command {
  return new Command('actions')
    .description('Lists the actions, or the fields of one.')
    .addArgument(new Argument('[action]', 'key of an action, such as purchase'))
    .addOption(actionsOption())
    .option('--json', 'print as JSON')
    .action(async (key: string | undefined, options: ActionsOptions) => {
      const actions = await loadAvailableActions(options.actions);
      if (key === undefined) {
        const all = [...actions.values()];
        print(options.json === true ? JSON.stringify(all.map(outline), null, 2) : all.map(row).join('\n'));
        return;
      }
      const action = actions.get(key);
      if (action === undefined) {
        const meant = suggest(key, actions.keys());
        throw new ConnectorError(
          'USAGE',
          `there is no action "${key}"${meant === undefined ? '' : `: did you mean "${meant}"?`}`,
        );
      }
      print(options.json === true ? JSON.stringify(details(action), null, 2) : page(action));
    });
}

function outline({ key, definition }: Action) {
  return {
    action: key,
    title: definition.title,
    description: definition.description,
    defaultTrigger: definition.defaultTrigger ?? null,
  };
}

function details(action: Action) {
  return { ...outline(action), fields: action.definition.fields };
}

function row({ key, definition }: Action): string {
  return `${key.padEnd(22)} ${definition.title.padEnd(24)} ${definition.defaultTrigger ?? '(no default trigger)'}`;
}

function page(action: Action): string {
  const { definition } = action;
  const fields = Object.entries(definition.fields).map(([name, field]) => fieldLines(name, field));
  return [
    `${definition.title} (${action.key})`,
    definition.description,
    `default trigger: ${definition.defaultTrigger ?? 'none, a subscription must give one'}`,
    '',
    ...fields,
  ].join('\n');
}

function fieldLines(name: string, field: FieldDefinition): string {
  const traits = [field.type, field.multiple === true && 'list', field.required === true && 'required'];
  const choices = field.choices === undefined ? '' : ` One of: ${field.choices.join(', ')}.`;
  const lines = [
    `  ${name}  ${field.label} (${traits.filter(Boolean).join(', ')})`,
    `      ${field.description}${choices}`,
  ];
  if (field.default !== undefined) lines.push(`      default: ${JSON.stringify(field.default)}`);
  return lines.join('\n');
}
