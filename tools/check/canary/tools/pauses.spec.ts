// caught by: no-restricted-imports
import { setTimeout as pause } from 'node:timers/promises';

it('pauses as long as the machine needs', () => pause(10));
