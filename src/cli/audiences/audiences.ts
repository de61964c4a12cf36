import { Command, InvalidArgumentError, Option } from 'commander';
import { describeSettings } from '../../config/environment.ts';
import { allAudiences, audienceDetails } from '../../meta/audiences/audience-details.ts';
import { audienceDirectory } from '../../meta/audiences/directory.ts';
import { listAudiences } from '../../meta/audiences/list-audiences.ts';
import { uploadSessions } from '../../meta/audiences/sessions.ts';
import { type AccessOptions, type AudienceAccess, destinationOption, openAudiences } from './audiences-access.ts';
import { replaceCommand } from './audiences-replace.ts';
import { detailsText, listText, sessionsText, statusLines, statusOf } from './audiences-text.ts';
import { actionsOption, mappingsOption } from '../command/mappings-option.ts';
import { print } from '../command/print.ts';

interface OneAudience extends AccessOptions {
  readonly audience: string;
}

export function audiencesCommand(): Command {
  const command = new Command('audiences').description('Looks at Custom Audiences, and replaces one by a file.');

  withAccess(command.command('list'))
    .description('Lists the audiences of the ad account.')
    .action((options: AccessOptions) =>
      printed(options, async ({ ask, call, destination, adAccount }) => {
        const { audiences } = await ask((signal) => allAudiences(call, destination, adAccount(), signal));
        return { json: audiences, text: listText(audiences) };
      }),
    );

  withAudience(command.command('show'))
    .description('Shows what Meta tells of an audience.')
    .action((options: OneAudience) =>
      printed(options, async (access) => {
        const details = await detailsOf(access, options.audience);
        return { json: details, text: detailsText(details) };
      }),
    );

  withAudience(command.command('status'))
    .description('Says whether an audience takes uploads and can be used for ads, and what to do if not.')
    .action((options: OneAudience) =>
      printed(options, async (access) => {
        const details = await detailsOf(access, options.audience);
        const status = statusOf(details);
        return { json: { id: details.id, name: details.name, status }, text: statusLines(details, status) };
      }),
    );

  withAudience(command.command('sessions'))
    .description('Lists the uploads to an audience that Meta remembers, newest first.')
    .action((options: OneAudience) =>
      printed(options, async ({ ask, call, destination, idOf }) => {
        const audienceId = await idOf(options.audience);
        const { sessions } = await ask((signal) => uploadSessions(call, destination, { audienceId }, signal));
        return { json: sessions, text: sessionsText(sessions) };
      }),
    );

  withAccess(command.command('create'))
    .description('Creates a customer list, unless the ad account has one of the name.')
    .requiredOption('--name <name>', 'its name', audienceName)
    .option('--description <text>', 'its description')
    .addOption(
      new Option('--customer-file-source <source>', 'where the identifiers come from')
        .choices(['USER_PROVIDED_ONLY', 'PARTNER_PROVIDED_ONLY', 'BOTH_USER_AND_PARTNER_PROVIDED'])
        .default('USER_PROVIDED_ONLY'),
    )
    .option('--retention-days <days>', 'how long it keeps a person, 1 to 180 (default: for ever)', retentionDays)
    .option('--value-based', 'it holds a value of each person')
    .action((options: CreateOptions) => printed(options, (access) => create(access, options)));

  command.addCommand(withAudience(replaceCommand()));
  return command;
}

function withAccess(command: Command): Command {
  return command
    .addOption(mappingsOption())
    .addOption(actionsOption())
    .addOption(destinationOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `\nEnvironment variables:\n${describeSettings(['META_GRAPH_URL', 'META_REQUEST_TIMEOUT_MS'])}`,
    );
}

function withAudience(command: Command): Command {
  return withAccess(command).requiredOption('--audience <id-or-name>', 'the audience: digits are its id');
}

interface Printed {
  readonly json: unknown;
  readonly text: string;
}

async function printed(options: AccessOptions, read: (access: AudienceAccess) => Promise<Printed>): Promise<void> {
  const access = await openAudiences(options);
  try {
    const { json, text } = await read(access);
    print(options.json === true ? JSON.stringify(json) : text);
  } finally {
    await access.close();
  }
}

async function detailsOf({ ask, call, destination, idOf }: AudienceAccess, audience: string) {
  const id = await idOf(audience);
  const { details } = await ask((signal) => audienceDetails(call, destination, id, signal));
  return details;
}

interface CreateOptions extends AccessOptions {
  readonly name: string;
  readonly description?: string;
  readonly customerFileSource: string;
  readonly retentionDays?: number;
  readonly valueBased?: boolean;
}

async function create(
  { ask, call, destination, adAccount }: AudienceAccess,
  { name, description, customerFileSource, retentionDays: days, valueBased = false }: CreateOptions,
): Promise<Printed> {
  const named = { name, adAccountId: adAccount() };
  const before = await ask((signal) => listAudiences(call, destination, named, signal));
  const creation = {
    customerFileSource,
    valueBased,
    ...(description !== undefined && { description }),
    ...(days !== undefined && { retentionDays: days }),
  };
  // The one that remembers what it has asked for, so that a lost answer makes no second audience.
  const directory = audienceDirectory(call);
  const { id } = await ask((signal) =>
    directory.find(destination, { kind: 'name', ...named, create: creation }, signal),
  );
  const created = before.length === 0;
  const text = created ? `created ${id} ${name}` : `the ad account has it already: ${id} ${name}; nothing was changed`;
  return { json: { id, name, created }, text };
}

function audienceName(text: string): string {
  const name = text.trim();
  if (name !== '' && name.length <= 255) return name;
  throw new InvalidArgumentError('must have 1 to 255 characters');
}

function retentionDays(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= 180) return days;
  throw new InvalidArgumentError('must be a whole number from 1 to 180');
}
