import type { Program } from './program.ts';

/** Longer than a scheduler's turns, and shorter than a machine keeps its speed. */
const turnMillis = 500;

/**
 * Has programs work by turns of half a second, from when all are ready until the first of them is stopped: one works while the others
 * stand still. So all of them meet the same machine, although it changes its speed from one minute to the next
 * (docs/decisions/0631-turns-of-half-a-second.md).
 *
 * @param count So many are to come. Each is given to the returned function when it is started.
 */
export function takeTurns(count: number): (program: Program) => Program {
  const programs: Program[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let turn = 0;

  function next(): void {
    turn = (turn + 1) % programs.length;
    for (const program of programs) if (program !== programs[turn]) program.pause();
    programs[turn]?.goOn();
  }

  function begin(): void {
    if (isOver) return;
    next();
    timer = setInterval(next, turnMillis);
  }

  function end(): void {
    isOver = true;
    clearInterval(timer);
    for (const program of programs) program.goOn();
  }

  return (program) => {
    programs.push(program);
    // What doesn't become ready is told to who measures it.
    if (programs.length === count) Promise.all(programs.map(({ ready }) => ready)).then(begin, () => undefined);
    return {
      ...program,
      stop() {
        end();
        return program.stop();
      },
      kill() {
        end();
        program.kill();
      },
    };
  };
}
