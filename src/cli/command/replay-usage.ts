import { existsSync } from 'node:fs';
import { codeWords } from '../../api/dead-letters/code-words.ts';
import { ConnectorError } from '../../core/errors.ts';
import { suggest } from '../../core/suggest.ts';
import { fileOf } from './run-summary.ts';

/** Codes that are made of numbers or words of Meta, a proxy or the network. */
const derived = /^(META_\d+(_\d+)?|HTTP_\d{3}|NETWORK_[A-Z]+)$/;

/**
 * Warnings about codes that the product doesn't write: a team's own action may.
 *
 * @throws ConnectorError `USAGE` for what is no code, or a misspelt one: a replay of nothing would look like success.
 */
export function checkCodes(codes: readonly string[]): readonly string[] {
  return codes.flatMap((code) => {
    if (codeWords.has(code) || derived.test(code)) return [];
    const meant = suggest(code, codeWords.keys());
    if (meant !== undefined) throw new ConnectorError('USAGE', `--code ${code}: did you mean ${meant}?`);
    if (!/^[A-Z][A-Z0-9_]*$/.test(code))
      throw new ConnectorError('USAGE', `--code ${code}: a code is in capitals, as docs/reference/codes.md has them`);
    return [`--code ${code}: docs/reference/codes.md has no such code; dead letters of an action of your own may`];
  });
}

/** @throws ConnectorError `USAGE` for a `file:PATH` that isn't there. */
export function checkFiles(option: string, places: readonly string[]): void {
  for (const place of places) {
    const path = fileOf(place);
    if (path !== undefined && !existsSync(path))
      throw new ConnectorError('USAGE', `${option} ${place}: there is no such file; check the path`);
  }
}
