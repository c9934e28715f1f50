// caught by: @nx/enforce-module-boundaries
import { Health } from '@core/service/health';

export const health = new Health(1);
