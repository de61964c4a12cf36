import type { Directive } from './values/directive.ts';
import { arrayPathDirective } from './directives/array-path.ts';
import { caseDirective } from './directives/case.ts';
import { excludeWhenNullDirective } from './directives/exclude-when-null.ts';
import { firstDirective } from './directives/first.ts';
import { flattenDirective } from './directives/flatten.ts';
import { ifDirective } from './directives/if.ts';
import { jsonDirective } from './directives/json.ts';
import { liquidDirective } from './directives/liquid.ts';
import { literalDirective } from './directives/literal.ts';
import { mapDirective } from './directives/map.ts';
import { mergeDirective } from './directives/merge.ts';
import { pathDirective } from './directives/path.ts';
import { replaceDirective } from './directives/replace.ts';
import { templateDirective } from './directives/template.ts';
import { transformDirective } from './directives/transform.ts';

/** The whole language: what a mapping is compiled by, and what editors and reference pages are made from. */
export const directives: readonly Directive[] = [
  pathDirective,
  templateDirective,
  firstDirective,
  ifDirective,
  mapDirective,
  arrayPathDirective,
  caseDirective,
  replaceDirective,
  mergeDirective,
  flattenDirective,
  jsonDirective,
  transformDirective,
  excludeWhenNullDirective,
  literalDirective,
  liquidDirective,
];
