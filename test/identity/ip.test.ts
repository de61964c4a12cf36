import { testRules } from './rule-cases.ts';

testRules('client_ip_address');
