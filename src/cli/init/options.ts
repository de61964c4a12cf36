/** What the command line says. */
export interface InitOptions {
  readonly name?: string;
  readonly pixel?: string;
  readonly adAccount?: string;
  readonly events?: string;
  readonly topic?: string;
  readonly from?: string;
  readonly limit: number;
  readonly preset?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}
