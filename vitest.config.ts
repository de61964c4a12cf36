import { defineConfig } from 'vitest/config';
import { plainCount } from './test/support/plain-count.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', plainCount],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    coverage: { provider: 'v8', include: ['src/**', 'actions/**'] },
  },
});
