import type { ErrorText } from './graph/error-texts.ts';

/** What Meta tells people about errors of custom audiences, in English. */
export const audienceErrorTexts: Readonly<Record<number, ErrorText>> = {
  1487301: { title: 'Custom Audience Unavailable', message: 'The audience is not shared with this ad account.' },
  1487366: { title: 'Custom Audience Unavailable', message: 'The audience has been deleted.' },
  1713092: { title: 'No Write Permission', message: 'You have no permission to change this audience.' },
  1713230: {
    title: 'Audience Upload Blocked',
    message: 'Resolve the integrity restrictions on this audience before you change its members.',
  },
  1870050: { title: 'Ad Account Without Business', message: 'Add the ad account to a business first.' },
  1870090: {
    title: 'Custom Audience Terms Not Accepted',
    message:
      'Accept the terms of custom audiences at https://business.facebook.com/ads/manage/customaudiences/tos/ first.',
  },
  1870092: {
    title: 'Business Tools Terms Not Accepted',
    message: 'Accept the terms of Meta Business Tools first.',
  },
  1870144: { title: 'Audience Too Large', message: 'Audiences of 100 million people or more cannot be replaced.' },
  1870145: { title: 'Audience Update In Progress', message: 'Wait until the audience has been replaced.' },
  1870147: { title: 'First Batch Missing', message: 'A session begins with the batch whose batch_seq is 1.' },
  1870148: { title: 'Something Went Wrong', message: 'Replace the users again if the size of the audience is off.' },
  1870158: { title: 'Session Timed Out', message: 'The session took more than 90 minutes. Add what is missing.' },
  1870159: { title: 'Session Finished', message: 'The last batch of this session has arrived before.' },
};
