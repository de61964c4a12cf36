import type { Command } from 'commander';

/**
 * Loaded when they are asked for, and most of what they act with only when they act. docs/reference/commands.md and
 * command-descriptions.ts are made from them.
 */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./init/init.ts')).initCommand(),
  run: async () => (await import('./run.ts')).runCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  validate: async () => (await import('./validate.ts')).validateCommand(),
  explain: async () => (await import('./explain/explain-command.ts')).explainCommand(),
  send: async () => (await import('./send/send.ts')).sendCommand(),
  diff: async () => (await import('./diff/diff.ts')).diffCommand(),
  doctor: async () => (await import('./doctor/doctor.ts')).doctorCommand(),
  test: async () => (await import('./test/test.ts')).testCommand(),
  import: async () => (await import('./import/import.ts')).importCommand(),
  tail: async () => (await import('./tail.ts')).tailCommand(),
  top: async () => (await import('./top.ts')).topCommand(),
  sandbox: async () => (await import('./sandbox.ts')).sandboxCommand(),
  demo: async () => (await import('./demo/demo.ts')).demoCommand(),
  actions: async () => (await import('./actions.ts')).actionsCommand(),
  audiences: async () => (await import('./audiences/audiences.ts')).audiencesCommand(),
  erase: async () => (await import('./erase.ts')).eraseCommand(),
  completion: async () => (await import('./completion/completion.ts')).completionCommand(allCommands),
  fingerprint: async () => (await import('./fingerprint.ts')).fingerprintCommand(),
};

export function allCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(commands).map((load) => load()));
}
