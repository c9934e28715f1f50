import { attendedCommand, runToItsEnd } from './attended.ts';
import { startSystem } from './running-system.ts';

runToItsEnd(
  attendedCommand({
    name: 'npm start',
    about: 'the whole trading core and the xAPI simulator on this machine',
    folder: '.data',
    start: startSystem,
  }),
);
