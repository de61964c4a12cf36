/**
 * Writes the dashboard for Grafana into `deploy/grafana/meta-actions.json`.
 *
 *     node scripts/generate-dashboard.ts
 *
 * A test fails when it isn't what this would write.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { dashboard } from './dashboard.ts';

export const dashboardPath = resolve(import.meta.dirname, '../deploy/grafana/meta-actions.json');
export const dashboardText = () => `${JSON.stringify(dashboard(), null, 2)}\n`;

if (import.meta.main) writeFileSync(dashboardPath, dashboardText());
