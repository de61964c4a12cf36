import { Argument, Command } from 'commander';
import { fingerprint } from '../core/fingerprint.ts';
import { normalize } from '../identity/identify.ts';
import { print } from './command/print.ts';

/** Fields by which a person is found, as a report of rejections names them. */
const fields = ['em', 'ph', 'external_id'] as const;

export function fingerprintCommand(): Command {
  return new Command('fingerprint')
    .description('Prints the eight characters by which reports of rejections name a value.')
    .addArgument(new Argument('<value>', 'an event id, or an identifier as it stands in your data'))
    .option('--country <code>', 'what a phone number without a prefix is read by')
    .action((value: string, { country }: { readonly country?: string }) => {
      print(fingerprintLines(value, country).join('\n'));
    });
}

/** The value as it is, and as what it would be sent as if it is an identifier. */
export function fingerprintLines(value: string, country: string | undefined): readonly string[] {
  const names = new Map([[fingerprint(value), 'as it is']]);
  for (const field of fields) {
    const text = normalize(field, value, { country, audience: true });
    if (text === undefined) continue;
    const name = fingerprint(text);
    if (!names.has(name)) names.set(name, `as ${field}`);
  }
  return [...names].map(([name, what]) => `${name}  ${what}`);
}
