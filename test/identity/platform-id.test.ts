import { testRules } from './rule-cases.ts';

testRules('lead_id', 'page_scoped_user_id', 'fb_login_id', 'client_user_agent', 'ctwa_clid');
