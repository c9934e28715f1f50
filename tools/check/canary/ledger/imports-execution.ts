// caught by: @nx/enforce-module-boundaries
import * as facts from '@core/execution/reconciliation/reconciliation';

export const borrowed = facts;
