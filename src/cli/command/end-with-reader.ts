import { exitAtOnce } from './exit.ts';
import { exitCode } from './exit-code.ts';
import { surroundings } from './surroundings.ts';

/** Whoever reads the output may have seen enough: `explain … | head`. */
export function endWithReader(): void {
  surroundings().stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    exitAtOnce(exitCode.done);
  });
}
