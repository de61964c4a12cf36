import { amplitude } from './amplitude.ts';
import { customerio } from './customerio.ts';
import { integrateio } from './integrateio.ts';
import { rudderstack } from './rudderstack.ts';
import { segment } from './segment.ts';
import type { Product } from './statement.ts';

export const products: readonly Product[] = [amplitude, customerio, integrateio, rudderstack, segment];
