import { testRules } from './rule-cases.ts';

testRules('fbc', 'fbp');
