import { access } from './access.ts';
import { audiences } from './audiences.ts';
import type { Scene } from './scene.ts';
import { settings } from './settings.ts';
import { thresholds } from './thresholds.ts';

/** By what they show. */
export const scenes: Readonly<Record<string, Scene>> = { ...access, ...audiences, ...settings, ...thresholds };
