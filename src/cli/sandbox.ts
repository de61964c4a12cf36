import { Command, InvalidArgumentError } from 'commander';
import type { GivenAudience, SandboxOptions } from '../sandbox/graph/options.ts';
import { createSandbox } from '../sandbox/server.ts';
import { stopSignal } from './command/stop-signal.ts';
import { print } from './command/print.ts';

/** What the command line says about how the sandbox behaves. */
interface BehaviourOptions {
  readonly token?: readonly string[];
  readonly dataset?: readonly string[];
  readonly adAccount?: readonly string[];
  readonly audience?: readonly GivenAudience[];
  readonly appSecret?: string;
  readonly strictIdentifiers?: boolean;
}

interface CommandOptions extends BehaviourOptions {
  readonly host: string;
  readonly port: number;
}

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('Runs a Graph API that behaves like Meta, for trying things: GET /_sandbox/requests shows what came.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port; 0 for any free one', portNumber, 9465)
    .option('--token <token>', 'the only valid access token, without: any; may be repeated', gathered)
    .option('--dataset <id>', 'the only dataset (pixel), without: any; may be repeated', gathered)
    .option('--ad-account <id>', 'the only ad account, without: any; may be repeated', gathered)
    .option('--audience <account:id>', 'a Custom Audience that exists; may be repeated', gatheredAudiences)
    .option('--app-secret <secret>', 'every request must carry the appsecret_proof made with it')
    .option('--strict-identifiers', 'refuse events with identifiers that should be hashed and are not')
    .action(async ({ host, port, ...behaviour }: CommandOptions) => {
      const sandbox = createSandbox(sandboxOptions(behaviour));
      const url = await sandbox.listen({ host, port });
      print(`sandbox: ${url} (META_GRAPH_URL=${url})`);
      print(`received requests: ${url}/_sandbox/requests`);
      await stopSignal();
      await sandbox.close();
    });
}

/** The options of `createSandbox` for those of the command line. */
function sandboxOptions(behaviour: BehaviourOptions): SandboxOptions {
  const { token, dataset, adAccount, audience, appSecret, strictIdentifiers } = behaviour;
  return {
    ...(token === undefined ? {} : { tokens: token }),
    ...(dataset === undefined ? {} : { datasets: dataset }),
    ...(adAccount === undefined ? {} : { adAccounts: adAccount.map(withoutPrefix) }),
    ...(audience === undefined ? {} : { audiences: audience }),
    ...(appSecret === undefined ? {} : { appSecret }),
    ...(strictIdentifiers === undefined ? {} : { strictIdentifiers }),
  };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('must be a port number, 0 to 65535');
}

function gathered(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function gatheredAudiences(value: string, before: readonly GivenAudience[] = []): readonly GivenAudience[] {
  const [, accountId, id] = /^(?:act_)?(\d+):(\d+)$/.exec(value) ?? [];
  if (accountId !== undefined && id !== undefined) return [...before, { id, accountId }];
  throw new InvalidArgumentError('must be an ad account and an audience, like 77:120200000000000001');
}

function withoutPrefix(account: string): string {
  return account.replace(/^act_/, '');
}
