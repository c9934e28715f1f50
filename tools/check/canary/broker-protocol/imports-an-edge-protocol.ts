// caught by: @nx/enforce-module-boundaries
import * as wire from '@core/ws-session/close-code';

export const borrowed = wire;
