import { testRules } from './rule-cases.ts';

testRules('external_id');
