import type { Diagnostic } from '../core/diagnostic.ts';

/** Takes a diagnostic; `base` leads from the root of the file to the piece that its path or offset is in. */
export type Report = (diagnostic: Diagnostic, base?: readonly (string | number)[]) => void;
