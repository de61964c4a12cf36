import { Command, InvalidArgumentError } from 'commander';
import { createSandbox } from '../sandbox/server.ts';
import { stopSignal } from './stop-signal.ts';

interface SandboxOptions {
  readonly host: string;
  readonly port: number;
}

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('Runs a Graph API that behaves like Meta, for trying things: GET /_sandbox/requests shows what came.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port; 0 for any free one', portNumber, 9465)
    .action(async (options: SandboxOptions) => {
      const sandbox = createSandbox();
      const url = await sandbox.listen({ host: options.host, port: options.port });
      console.log(`sandbox: ${url} (META_GRAPH_URL=${url})`);
      console.log(`received requests: ${url}/_sandbox/requests`);
      await stopSignal();
      await sandbox.close();
    });
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('must be a port number, 0 to 65535');
}
